/** The one place where a signature is computed, and the one where it is compared. */
import { createHash, createHmac, hash as hashAtOnce, sign as signWith, timingSafeEqual, verify as verifyWith } from 'node:crypto';
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
  return DIGEST_BYTES[scheme.algorithm];
}

function hmac(scheme: Scheme, key: Uint8Array, pieces: Pieces): Buffer {
  const short = shortHmac(scheme, key, pieces);
  if (short !== null) return short;
  const mac = createHmac(scheme.algorithm, key);
  for (const piece of pieces) mac.update(piece);
  return mac.digest();
}

/** The two blocks that an HMAC begins its two hashes with; room for the first one's digest follows the second. */
interface Pads {
  readonly inner: Uint8Array;
  readonly outer: Buffer;
}

const pads = new WeakMap<Uint8Array, Pads>();
const BLOCK_BYTES = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 };
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };
const scratch = Buffer.alloc(16_384);

function padsOf({ algorithm }: Scheme, key: Uint8Array): Pads {
  let known = pads.get(key);
  if (known === undefined) {
    const block = BLOCK_BYTES[algorithm];
    const bytes = Buffer.alloc(block);
    bytes.set(key.length > block ? createHash(algorithm).update(key).digest() : key);
    const outer = Buffer.alloc(block + DIGEST_BYTES[algorithm]);
    outer.set(bytes.map((byte) => byte ^ 0x5c));
    known = { inner: bytes.map((byte) => byte ^ 0x36), outer };
    pads.set(key, known);
  }
  return known;
}

/**
 * An HMAC (RFC 2104) as the two hashes that it is, which takes half as long as node's, a stream, where the content is short; null
 * where it is not. A key belongs to one scheme, and so to one algorithm.
 */
function shortHmac(scheme: Scheme, key: Uint8Array, pieces: Pieces): Buffer | null {
  const { inner, outer } = padsOf(scheme, key);
  scratch.set(inner);
  let length = inner.length;
  for (const piece of pieces) {
    const atMost = typeof piece === 'string' ? piece.length * 3 : piece.length;
    if (length + atMost > scratch.length) return null;
    if (typeof piece === 'string') length += scratch.write(piece, length, 'utf8');
    else {
      scratch.set(piece, length);
      length += piece.length;
    }
  }
  outer.write(hashAtOnce(scheme.algorithm, scratch.subarray(0, length), 'binary'), inner.length, 'binary');
  return Buffer.from(hashAtOnce(scheme.algorithm, outer, 'binary'), 'binary');
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
