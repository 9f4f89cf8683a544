/** The one place where a signature is computed, and the one where it is compared. */
import { createHash, createHmac, sign as signWith, timingSafeEqual, verify as verifyWith } from 'node:crypto';
import type { Scheme } from '../providers/model.js';
import { asymmetricKey, symmetricKeys } from './keys.js';

type Pieces = ReadonlyArray<Uint8Array | string>;

/** The signature's bytes; null where the secret cannot sign under this scheme (a public key, another form). */
export function computeSignature(scheme: Scheme, pieces: Pieces, secret: string): Uint8Array | null {
  switch (scheme.kind) {
    case 'hmac': {
      const key = symmetricKeys(scheme, secret)[0];
      return key === undefined ? null : hmac(scheme, key, pieces);
    }
    case 'hash':
      return hash(scheme, pieces);
    case 'token':
      return Buffer.from(secret, 'utf8');
    case 'ed25519':
    case 'ecdsa':
    case 'rsa': {
      const key = asymmetricKey(scheme, secret)?.privateKey;
      return key == null ? null : signWith(digestName(scheme), joined(pieces), key);
    }
    case 'custom':
      return null;
  }
}

/** Whether any of the signatures is that of the content under the secret. Takes the same time whichever byte differs. */
export function anySignatureMatches(scheme: Scheme, pieces: Pieces, secret: string, signatures: readonly Uint8Array[]): boolean {
  switch (scheme.kind) {
    case 'hmac':
      return symmetricKeys(scheme, secret).some((key) => anyEqual(hmac(scheme, key, pieces), signatures));
    case 'hash':
      return anyEqual(hash(scheme, pieces), signatures);
    case 'token':
      return signatures.some((signature) => equalTokens(signature, Buffer.from(secret, 'utf8')));
    case 'ed25519':
    case 'ecdsa':
    case 'rsa': {
      const key = asymmetricKey(scheme, secret)?.publicKey;
      if (key === undefined) return false;
      const content = joined(pieces);
      // Checking a public-key signature is slow, so a request does not get to ask for thousands.
      return signatures.slice(0, 20).some((signature) => verifyWith(digestName(scheme), content, key, signature));
    }
    case 'custom':
      return false;
  }
}

/** How many bytes a signature has under this scheme; null where that varies. */
export function signatureLength(scheme: Scheme): number | null {
  if (scheme.kind === 'ed25519') return 64;
  if (scheme.kind !== 'hmac' && scheme.kind !== 'hash') return null;
  return { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[scheme.algorithm];
}

function hmac(scheme: Scheme, key: Uint8Array, pieces: Pieces): Buffer {
  const mac = createHmac(scheme.algorithm, key);
  for (const piece of pieces) mac.update(piece);
  return mac.digest();
}

function hash(scheme: Scheme, pieces: Pieces): Buffer {
  const digest = createHash(scheme.algorithm);
  for (const piece of pieces) digest.update(piece);
  return digest.digest();
}

function digestName(scheme: Scheme): string | null {
  return scheme.kind === 'ed25519' ? null : scheme.algorithm;
}

function joined(pieces: Pieces): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece)));
}

function anyEqual(expected: Uint8Array, signatures: readonly Uint8Array[]): boolean {
  let found = false;
  for (const signature of signatures) {
    if (signature.length === expected.length && timingSafeEqual(signature, expected)) found = true;
  }
  return found;
}

/** Tokens may differ in length, which timingSafeEqual refuses; their digests do not. */
function equalTokens(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
