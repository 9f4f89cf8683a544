/** Keys of the providers that sign with RSA and publish a certificate. */
import { type KeyObject, sign, verify } from 'node:crypto';
import { asymmetricKey } from '../keys.js';
import type { CustomSecret } from './model.js';

const FORM = { kind: 'rsa', keys: [{ encoding: 'base64' }] } as const;

export const rsaSecret: CustomSecret = {
  form: 'an RSA key or certificate in PEM, or a key in base64 DER',
  fits: (secret) => asymmetricKey(FORM, secret) !== null,
  pair: 'rsa',
};

/** The signature; null where the key only verifies. */
export function rsaSign(digest: 'sha1' | 'sha256', content: string, secret: string): Buffer | null {
  const key = asymmetricKey(FORM, secret)?.privateKey ?? null;
  return key === null ? null : sign(digest, Buffer.from(content, 'utf8'), key);
}

export function rsaVerify(digest: 'sha1' | 'sha256', content: string, secret: string, signature: Uint8Array): boolean {
  const key: KeyObject | undefined = asymmetricKey(FORM, secret)?.publicKey;
  return key !== undefined && verify(digest, Buffer.from(content, 'utf8'), key, signature);
}
