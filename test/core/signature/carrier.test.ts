import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/core/http/headers.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import type { Scheme, SchemeDefinition } from '../../../src/core/providers/model.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { carriesSeveral, findSignatures, placeName, readBeside, writeSignatures } from '../../../src/core/signature/carrier.js';

const schemeOf = (signature: SchemeDefinition): Scheme => defineProvider({ name: 'acme', signature }).schemes[0] as Scheme;
const readerOf = (headers: HeaderList, body = '', path = '/'): RequestReader =>
  new RequestReader({ headers, body: Buffer.from(body), path });

const stripe = schemeOf({ header: 'X-Sig', separator: ',', prefix: 'v1=', timestamp: 'item:t=', content: '{timestamp}.{body}' });
const plain = schemeOf({ header: 'X-Sig' });
const spaced = schemeOf({ header: ['webhook-signature', 'svix-signature'], separator: ' ', prefix: 'v1,' });
const numbered = schemeOf({ header: 'X-Sig-{n}' });
const repeated = schemeOf({ header: 'X-Sig', repeated: true, prefix: 'sha256=' });
const inBody = schemeOf({ at: 'body:/a/b' });
const inForm = schemeOf({ at: 'form:sig' });
const inQuery = schemeOf({ at: 'query:sig' });

describe('findSignatures', () => {
  const table: ReadonlyArray<readonly [string, Scheme, RequestReader, readonly string[] | null]> = [
    ['none', plain, readerOf([['X-Other', 'a']]), null],
    ['one, in any case', plain, readerOf([['x-sIG', ' ab ']]), ['ab']],
    [
      'a header twice',
      plain,
      readerOf([
        ['X-Sig', 'a'],
        ['x-sig', 'b'],
      ]),
      ['a', 'b'],
    ],
    ['a list', stripe, readerOf([['X-Sig', 't=5, v1=a,v0=b,v1=c,,v1=']]), ['a', 'c', '']],
    ['a list parted by spaces', spaced, readerOf([['webhook-signature', '  v1,a  v2,b v1,c v1a,d ']]), ['a', 'c']],
    ['under its second name', spaced, readerOf([['Svix-Signature', 'v1,a']]), ['a']],
    [
      'under both names: the first',
      spaced,
      readerOf([
        ['Svix-Signature', 'v1,b'],
        ['Webhook-Signature', 'v1,a'],
      ]),
      ['a'],
    ],
    [
      'numbered, until one lacks',
      numbered,
      readerOf([
        ['X-Sig-2', 'b'],
        ['X-Sig-1', 'a'],
        ['X-Sig-4', 'd'],
      ]),
      ['a', 'b'],
    ],
    [
      'repeated',
      repeated,
      readerOf([
        ['X-Sig', 'sha256=a'],
        ['X-Sig', 'sha256=b'],
      ]),
      ['a', 'b'],
    ],
    ['repeated, joined by a proxy', repeated, readerOf([['X-Sig', 'sha256=a, sha256=b']]), ['a', 'b']],
    ['in the body', inBody, readerOf([], '{"a":{"b":"c"}}'), ['c']],
    ['in the body, of another kind', inBody, readerOf([], '{"a":{"b":{}}}'), null],
    ['in a form', inForm, readerOf([], 'a=1&sig=%61b'), ['ab']],
    ['in the query', inQuery, readerOf([], '', '/x?sig=a%2Bb#c'), ['a+b']],
    ['without the prefix', repeated, readerOf([['X-Sig', 'a']]), []],
  ];
  it.each(table)('%s', (_, scheme, reader, signatures) =>
    expect(findSignatures(scheme, reader)?.signatures ?? null).toEqual(signatures),
  );

  it('stops at a thousand', () => {
    const carried = findSignatures(stripe, readerOf([['X-Sig', 'v1=a,'.repeat(50_000)]]));
    expect(carried?.signatures).toHaveLength(1_000);
  });
});

describe('writeSignatures', () => {
  const write = (scheme: Scheme, signatures: string[], timestamp: string | null = null): HeaderList =>
    writeSignatures(scheme, signatures, timestamp);

  it('writes as the sender does', () => {
    expect(write(plain, ['a', 'b'])).toEqual([['X-Sig', 'a']]);
    expect(write(stripe, ['a', 'b'], '5')).toEqual([['X-Sig', 't=5,v1=a,v1=b']]);
    expect(write(spaced, ['a', 'b'])).toEqual([['webhook-signature', 'v1,a v1,b']]);
    expect(write(numbered, ['a', 'b'])).toEqual([
      ['X-Sig-1', 'a'],
      ['X-Sig-2', 'b'],
    ]);
    expect(write(repeated, ['a', 'b'])).toEqual([
      ['X-Sig', 'sha256=a'],
      ['X-Sig', 'sha256=b'],
    ]);
  });

  it('is found again', () => {
    for (const scheme of [plain, stripe, spaced, numbered, repeated]) {
      const signatures = carriesSeveral(scheme) ? ['a', 'b'] : ['a'];
      const reader = readerOf(write(scheme, signatures, '5'));
      expect(findSignatures(scheme, reader)?.signatures).toEqual(signatures);
    }
  });
});

it('readBeside takes the first that is there and not empty', () => {
  const reader = readerOf([
    ['X-A', ''],
    ['X-B', 'b'],
  ]);
  expect(readBeside(['header:X-A', 'header:X-B'], reader, [])).toBe('b');
  expect(readBeside(['item:t=', 'header:X-B'], reader, ['v1=x', 't=5', 't=6'])).toBe('5');
  expect(readBeside(['item:t='], reader, ['v1=x'])).toBeNull();
});

it('placeName says where in words', () => {
  expect(
    ['header:X-Sig', 'body:/a/b', 'form:f', 'query:q', 'item:t='].map((locator) => placeName(locator as `item:${string}`)),
  ).toEqual(['X-Sig', '/a/b in the body', 'the form field f', 'the query parameter q', "'t=' in the signature"]);
});
