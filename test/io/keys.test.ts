import { expect, it } from 'vitest';
import { makeKeyPair } from '../../src/io/keys.js';

it.each([
  ['ed25519', 'ed25519', {}],
  ['ecdsa', 'ec', { namedCurve: 'prime256v1' }],
  ['rsa', 'rsa', { modulusLength: 2048 }],
] as const)(
  'makes an %s pair, each time another',
  async (kind, type, details) => {
    const pair = await makeKeyPair(kind);
    expect([pair.privateKey.type, pair.publicKey.type]).toEqual(['private', 'public']);
    expect(pair.publicKey.asymmetricKeyType).toBe(type);
    expect(pair.publicKey.asymmetricKeyDetails).toMatchObject(details);
    expect((await makeKeyPair(kind)).publicKey.equals(pair.publicKey)).toBe(false);
  },
  30_000,
);
