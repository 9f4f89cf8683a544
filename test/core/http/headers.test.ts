import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endToEndHeaders,
  type HeaderList,
  headersFromRaw,
  headerValue,
  headerValues,
  isHeaderName,
  isHeaderValue,
  parseHeaderLine,
  replaceHeaders,
  withoutHeaders,
} from '../../../src/core/http/headers.js';

const LIST: HeaderList = [
  ['Host', 'x'],
  ['X-Sig', 'a'],
  ['x-sig', ''],
  ['Accept', '*/*'],
  ['X-SIG', 'c'],
];

const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
const value = fc.stringMatching(/^[\x20-\x7e\x80-\xff]*$/).map((text) => text.trim());
const headers = fc.array(fc.tuple(name, value));

describe('headerValue and headerValues', () => {
  it('find a header whatever its case, in order', () => {
    expect(headerValue(LIST, 'X-sIg')).toBe('a');
    expect(headerValues(LIST, 'X-sIg')).toEqual(['a', '', 'c']);
    expect(headerValue(LIST, 'x')).toBeNull();
    expect(headerValues(LIST, 'x')).toEqual([]);
    expect(headerValue([['A', '']], 'a')).toBe('');
  });
});

describe('withoutHeaders', () => {
  it('leaves out every one of a name and keeps the others as they stand', () => {
    expect(withoutHeaders(LIST, ['x-Sig', 'absent'])).toEqual([
      ['Host', 'x'],
      ['Accept', '*/*'],
    ]);
  });
});

describe('replaceHeaders', () => {
  it('puts a replacement where the first one stood, however many there were', () => {
    expect(replaceHeaders(LIST, [['x-SIG', 'new']])).toEqual([
      ['Host', 'x'],
      ['x-SIG', 'new'],
      ['Accept', '*/*'],
    ]);
  });

  it('keeps several of one name together, and puts new ones last', () => {
    const replacements: HeaderList = [
      ['B', '1'],
      ['x-sig', '1'],
      ['X-Sig', '2'],
      ['b', '2'],
    ];
    expect(replaceHeaders(LIST, replacements)).toEqual([
      ['Host', 'x'],
      ['x-sig', '1'],
      ['X-Sig', '2'],
      ['Accept', '*/*'],
      ['B', '1'],
      ['b', '2'],
    ]);
  });

  it('drops a header whose replacement is empty', () => {
    expect(replaceHeaders(LIST, [['accept', '']]).map(([key]) => key)).toEqual(['Host', 'X-Sig', 'x-sig', 'X-SIG']);
    expect(replaceHeaders([], [['A', '']])).toEqual([]);
  });

  it('changes nothing for no replacements', () => {
    fc.assert(
      fc.property(headers, (list) => {
        expect(replaceHeaders(list, [])).toEqual(list);
      }),
    );
  });

  it('leaves exactly the replacements of a name, and every other header in its order', () => {
    fc.assert(
      fc.property(headers, headers, (list, replacements) => {
        const result = replaceHeaders(list, replacements);
        const names = replacements.map(([key]) => key);
        expect(withoutHeaders(result, names)).toEqual(withoutHeaders(list, names));
        for (const key of names) {
          expect(headerValues(result, key)).toEqual(headerValues(replacements, key).filter((each) => each !== ''));
        }
      }),
    );
  });
});

describe('headersFromRaw', () => {
  it('pairs the flat form, and forgives a name without a value', () => {
    expect(headersFromRaw(['A', '1', 'a', '2'])).toEqual([
      ['A', '1'],
      ['a', '2'],
    ]);
    expect(headersFromRaw(['A', '1', 'B'])).toEqual([['A', '1']]);
  });

  it('is undone by flattening', () => {
    fc.assert(
      fc.property(headers, (list) => {
        expect(headersFromRaw(list.flat())).toEqual(list);
      }),
    );
  });
});

describe('parseHeaderLine', () => {
  it.each([
    ['X-A: b', ['X-A', 'b']],
    ['x-a:b:c ', ['x-a', 'b:c']],
    ['X-A:', ['X-A', '']],
    ['X-A: caf\xe9', ['X-A', 'caf\xe9']],
    ['X-A: a\tb', ['X-A', 'a\tb']],
  ])('reads %j', (line, pair) => {
    expect(parseHeaderLine(line)).toEqual(pair);
  });

  it.each(['', 'X-A', ': b', 'X A: b', 'X-A : b', 'X-A: a\r\nB: c', 'X-A: a\0b', 'X-A: \u2713', 'X-\u00e9: a', 'X-A: a\x7fb'])(
    'refuses %j',
    (line) => {
      expect(parseHeaderLine(line)).toBeNull();
    },
  );

  it('reads back every name and value that are allowed', () => {
    fc.assert(
      fc.property(name, value, (key, text) => {
        expect(isHeaderName(key) && isHeaderValue(text)).toBe(true);
        expect(parseHeaderLine(`${key}: ${text}`)).toEqual([key, text.trim()]);
      }),
    );
  });
});

describe('endToEndHeaders', () => {
  it('leaves out the headers of one connection and those that Connection names', () => {
    const list: HeaderList = [
      ['CONNECTION', 'close, X-Hop ,x-other'],
      ['Connection', 'Third'],
      ['x-hop', '1'],
      ['X-Other', '1'],
      ['third', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Proxy-Connection', 'close'],
      ['TE', 'trailers'],
      ['Trailer', 'X'],
      ['Transfer-Encoding', 'chunked'],
      ['Upgrade', 'h2c'],
      ['Content-Length', '5'],
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
    ];
    expect(endToEndHeaders(list)).toEqual([
      ['Content-Length', '5'],
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
    ]);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(headers, (list) => {
        const once = endToEndHeaders(list);
        expect(endToEndHeaders(once)).toEqual(once);
      }),
    );
  });
});
