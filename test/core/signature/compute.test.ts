import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defineProvider } from '../../../src/core/providers/define.js';
import type { HashAlgorithm, Scheme, SchemeKind } from '../../../src/core/providers/model.js';
import { anySignatureMatches, computeSignature, signatureLength } from '../../../src/core/signature/compute.js';

const schemeOf = (kind: SchemeKind, algorithm: HashAlgorithm = 'sha256'): Scheme =>
  defineProvider({ name: 'acme', signature: { kind, algorithm, header: 'X-Sig' } }).schemes[0] as Scheme;
const algorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const pieces = ['é.', Buffer.from([0xff, 0x00]), ''];
const whole = Buffer.from([0xc3, 0xa9, 0x2e, 0xff, 0x00]);

describe.each(algorithms)('%s', (algorithm) => {
  it('hashes the pieces as one text, with the key and without', () => {
    expect(computeSignature(schemeOf('hmac', algorithm), pieces, 'kéy')).toEqual(
      createHmac(algorithm, 'kéy').update(whole).digest(),
    );
    expect(computeSignature(schemeOf('hash', algorithm), pieces, 'kéy')).toEqual(createHash(algorithm).update(whole).digest());
  });

  it('is as long as it says', () => {
    const { length } = createHash(algorithm).digest();
    expect([signatureLength(schemeOf('hmac', algorithm)), signatureLength(schemeOf('hash', algorithm))]).toEqual([
      length,
      length,
    ]);
  });
});

it('HMAC-SHA256 is that of RFC 4231, test case 2', () => {
  const mac = computeSignature(schemeOf('hmac'), ['what do ya want ', 'for nothing?'], 'Jefe');
  expect(Buffer.from(mac ?? []).toString('hex')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});

it('an HMAC is the same whatever the lengths of key and content', () => {
  for (const algorithm of algorithms) {
    for (const keyLength of [1, 63, 64, 65, 127, 128, 129, 400]) {
      const key = 'k'.repeat(keyLength);
      for (const length of [0, 1, 200, 16_255, 16_256, 16_257, 16_320, 16_321, 40_000]) {
        const content = Buffer.alloc(length, 'é');
        const expected = createHmac(algorithm, key).update('→').update(content).digest('hex');
        const computed = computeSignature(schemeOf('hmac', algorithm), ['→', content], key);
        expect(Buffer.from(computed ?? []).toString('hex')).toBe(expected);
      }
    }
  }
});

describe('comparing', () => {
  const right = createHmac('sha256', 'k').update('x').digest();
  const matches = (...signatures: Uint8Array[]): boolean => anySignatureMatches(schemeOf('hmac'), ['x'], 'k', signatures);

  it('finds the right one anywhere, and none of another length', () => {
    const wrong = Buffer.alloc(32);
    expect(matches(wrong, right, wrong)).toBe(true);
    expect(matches(wrong)).toBe(false);
    expect(matches()).toBe(false);
    expect(matches(right.subarray(0, 31), Buffer.concat([right, Buffer.alloc(1)]), Buffer.alloc(0))).toBe(false);
  });

  it('takes tokens of any length', () => {
    const token = schemeOf('token');
    for (const [given, same] of [
      ['secret', true],
      ['secre', false],
      ['secret2', false],
      ['', false],
    ] as const) {
      expect(anySignatureMatches(token, [], 'secret', [Buffer.from(given)])).toBe(same);
    }
  });
});

it('kinds whose signatures vary in length say so', () => {
  expect((['ed25519', 'ecdsa', 'rsa', 'token'] as const).map((kind) => signatureLength(schemeOf(kind)))).toEqual([
    64,
    null,
    null,
    null,
  ]);
});
