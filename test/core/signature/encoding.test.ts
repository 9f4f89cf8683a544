import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, decodeBase64Key, encode } from '../../../src/core/signature/encoding.js';

const encodings = ['hex', 'hex-upper', 'base64', 'base64url'] as const;

describe.each(encodings)('%s', (encoding) => {
  it('spells any bytes and reads them back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...(decode(encode(bytes, encoding), encoding) ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  it('has one text for the same bytes, the case of hex and padding of base64url aside', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6 }), (text) => {
        const bytes = decode(text, encoding);
        if (bytes === null) return;
        const plain = {
          hex: text.toLowerCase(),
          'hex-upper': text.toUpperCase(),
          base64: text,
          base64url: text.replace(/=+$/, ''),
        }[encoding];
        expect(encode(bytes, encoding)).toBe(plain);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['é', 'ab\n', ' ab', 'a b=', '\u0000'])('does not read %j', (text) => {
    expect(decode(text, encoding)).toBeNull();
  });
});

it.each([
  ['hex', 'abc'],
  ['hex', 'zz'],
  ['base64', 'YQ'],
  ['base64', 'YR=='],
  ['base64', 'YQ==='],
  ['base64', 'Y==='],
  ['base64', '-_-_'],
  ['base64', '===='],
  ['base64url', '+/+/'],
  ['base64url', 'Y'],
  ['base64url', 'YR'],
  ['base64url', 'YQ='],
] as const)('%s: %j is none', (encoding, text) => {
  expect(decode(text, encoding)).toBeNull();
});

it('reads hex in either case, and base64url with its padding', () => {
  expect(decode('C3b6', 'hex')).toEqual(Buffer.from('ö'));
  expect(decode('YQ==', 'base64url')).toEqual(Buffer.from('a'));
  expect(decode('YQ', 'base64url')).toEqual(Buffer.from('a'));
});

it('reads text of tens of megabytes', () => {
  const long = 'a'.repeat(30_000_000);
  for (const encoding of encodings) expect(decode(`${long}!!!!`, encoding)).toBeNull();
  expect(decode(long, 'hex')).toHaveLength(15_000_000);
});

describe('base64 keys', () => {
  it.each([
    ['YQ==', 'a'],
    ['YQ', 'a'],
    ['YR', 'a'],
    ['YWI=', 'ab'],
    ['', ''],
  ])('%j is %j', (text, key) => expect(decodeBase64Key(text)?.toString()).toBe(Buffer.from(key).toString()));

  it.each(['Y', 'YQ=', 'Y-_Q', 'YQ= =', 'whsec_YQ=='])('%j is none', (text) => expect(decodeBase64Key(text)).toBeNull());
});
