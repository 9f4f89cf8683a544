import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonTokens, latin1Of } from '../../../src/core/events/json-tokens.js';

const isValid = (text: string): boolean => {
  try {
    for (const _ of jsonTokens(latin1Of(Buffer.from(text, 'utf8'))));
    return true;
  } catch {
    return false;
  }
};

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('jsonTokens', () => {
  it('gives every token with its place and its spelling', () => {
    const text = '{ "a": [1e2, -0.50, "x\\/y"],\n"b" : null }';
    const tokens = [...jsonTokens(text)].map(({ kind, start, end }) => [kind, text.slice(start, end)]);
    expect(tokens).toEqual([
      ['{', '{'],
      ['key', '"a"'],
      [':', ':'],
      ['[', '['],
      ['number', '1e2'],
      [',', ','],
      ['number', '-0.50'],
      [',', ','],
      ['string', '"x\\/y"'],
      [']', ']'],
      [',', ','],
      ['key', '"b"'],
      [':', ':'],
      ['literal', 'null'],
      ['}', '}'],
    ]);
  });

  it.each([
    ['', 'line 1, column 1: the document ends where a value should stand'],
    ['{"a":1,}', 'line 1, column 8: a key in double quotes should stand there'],
    ['[1,]', 'line 1, column 4: a value should stand there'],
    ['[1 2]', 'line 1, column 4: a comma or ] should stand there'],
    ['[01]', 'line 1, column 3: a comma or ] should stand there'],
    ['[1.]', 'line 1, column 2: the number is not complete'],
    ['{\n  "é": tru\n}', 'line 2, column 8: a value should stand there'],
    ['[1]\r\n[2]', 'line 2, column 1: the end of the document should stand there'],
    ['// no\n1', 'line 1, column 1: comments are not JSON'],
    ['/* no */1', 'line 1, column 1: comments are not JSON'],
    ['"a\nb"', 'line 1, column 1: the string is not closed'],
    ['"a\tb"', 'line 1, column 1: the string holds a control character that is not escaped'],
    ['"\\x41"', 'line 1, column 1: the string holds an unknown escape'],
    ['"\\u00g0"', 'line 1, column 1: \\u needs four hexadecimal digits'],
    ['[}', 'line 1, column 2: a value or ] should stand there'],
    ["{'a':1}", 'line 1, column 2: a key in double quotes or } should stand there'],
    ['\u00a01', 'line 1, column 1: a value should stand there'],
    ['[-]', 'line 1, column 2: a value or ] should stand there'],
  ])('says where %j stops being JSON', (text, message) => {
    expect(() => [...jsonTokens(latin1Of(Buffer.from(text)))]).toThrow(message);
  });

  it('takes exactly what JSON.parse takes', () => {
    const piece = fc.constantFrom(...'{}[],:"\\ \n\t019.-+eEu"aftn/', 'true', 'null', '"a"', '\\u00e9', 'é', '1.5', '/*', '//');
    const noise = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const broken = fc
      .tuple(fc.json(), fc.nat(), noise)
      .map(([json, at, extra]) => json.slice(0, at % (json.length + 1)) + extra + json.slice((at % (json.length + 1)) + 1));
    fc.assert(
      fc.property(fc.oneof(fc.json(), noise, broken), (text) => {
        expect(isValid(text)).toBe(parses(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads documents as deep as they come', () => {
    expect(isValid('['.repeat(100_000) + ']'.repeat(100_000))).toBe(true);
    expect(isValid('['.repeat(100_000))).toBe(false);
    expect(isValid(`${'{"a":'.repeat(100_000)}1${'}'.repeat(99_999)}`)).toBe(false);
  });

  it('skips megabytes of white space at once', () => {
    expect(isValid(`${' '.repeat(5_000_000)}1${'\n'.repeat(5_000_000)}`)).toBe(true);
  });
});
