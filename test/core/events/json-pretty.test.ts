import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson, prettyJsonLines } from '../../../src/core/events/json-pretty.js';

describe('prettyJson', () => {
  it('keeps every spelling', () => {
    expect(prettyJson(Buffer.from('{"total":499.00,"n":1e2,"s":"\\u00e9\\/é","e":[],"o":{ },"l":[1,{"a":null}]}'))).toEqual([
      '{',
      '  "total": 499.00,',
      '  "n": 1e2,',
      '  "s": "\\u00e9\\/é",',
      '  "e": [],',
      '  "o": {},',
      '  "l": [',
      '    1,',
      '    {',
      '      "a": null',
      '    }',
      '  ]',
      '}',
    ]);
  });

  it('is what JSON.stringify writes, where spellings do not differ', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(2, 4), (value, indent) => {
        const json = JSON.stringify(value);
        expect(prettyJson(Buffer.from(json), indent)?.join('\n')).toBe(JSON.stringify(value, null, indent));
      }),
    );
  });

  it('gives null for what is not JSON', () => {
    expect(prettyJson(Buffer.from('hello'))).toBeNull();
    expect(prettyJson(Buffer.from(''))).toBeNull();
    expect(prettyJson(Buffer.from('{"a":1'))).toBeNull();
  });

  it('reads no further than the lines it is asked for', () => {
    const endless = Buffer.from(`[${'1,'.repeat(1_000)}`);
    expect(prettyJson(endless)).toBeNull();
    expect(prettyJson(endless, 2, 3)).toEqual(['[', '  1,', '  1,']);
    expect(prettyJson(endless, 2, 0)).toEqual([]);
  });

  it('stops moving to the right in a very deep document', () => {
    const lines = prettyJson(Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)));
    expect(lines?.length).toBe(199_999);
    expect(Math.max(...(lines ?? []).slice(0, 1_000).map((line) => line.length))).toBe(101);
  });

  it('shows bytes that are not UTF-8 as U+FFFD', () => {
    expect(prettyJson(Buffer.from('"\xff"', 'latin1'))).toEqual(['"\ufffd"']);
  });
});

describe('prettyJsonLines', () => {
  it('tells what each part is', () => {
    const [, line] = [...prettyJsonLines(Buffer.from('{"a":"b"}'))];
    expect(line).toEqual({
      indent: 2,
      parts: [
        { kind: 'key', text: '"a"' },
        { kind: 'punctuation', text: ': ' },
        { kind: 'string', text: '"b"' },
      ],
    });
  });
});
