/** From the text of a secret to the key a scheme uses. */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { WebhookError } from '../errors.js';
import type { KeyForm, Scheme, SchemeKind } from '../providers/model.js';
import { decode, decodeBase64Key } from './encoding.js';

const symmetric = new WeakMap<Scheme, Map<string, readonly Uint8Array[]>>();
/** A listener has a handful of secrets; only who tries out very many must not fill the memory with them. */
const MOST_REMEMBERED = 64;

/**
 * Every reading of the secret that the scheme allows, in the order of its key forms. Empty: it is not a secret of this
 * scheme. A listener asks for the same few with every delivery, so they are remembered.
 */
export function symmetricKeys(scheme: Scheme, secret: string): readonly Uint8Array[] {
  let known = symmetric.get(scheme);
  if (known === undefined || known.size >= MOST_REMEMBERED) {
    known = new Map();
    symmetric.set(scheme, known);
  }
  let keys = known.get(secret);
  if (keys === undefined) {
    keys = scheme.keys
      .map((form) => keyBytes(form, secret))
      .filter((bytes): bytes is Uint8Array<ArrayBuffer> => bytes !== null && bytes.length > 0);
    known.set(secret, keys);
  }
  return keys;
}

function keyBytes(form: KeyForm, secret: string): Uint8Array | null {
  const prefix = form.prefix ?? '';
  const hasPrefix = prefix !== '' && secret.startsWith(prefix);
  if (form.required === true && !hasPrefix) return null;
  if (form.forbidden === true && hasPrefix) return null;
  const text = hasPrefix ? secret.slice(prefix.length) : secret;
  if (form.encoding === 'utf8') return Buffer.from(text, 'utf8');
  return form.encoding === 'base64' ? decodeBase64Key(text) : decode(text, form.encoding);
}

/** A key pair or a half of one. A private key can do both; a public one only verifies. */
export interface AsymmetricKey {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject | null;
}

const KEY_TYPES: Readonly<Partial<Record<SchemeKind, string>>> = { ed25519: 'ed25519', ecdsa: 'ec', rsa: 'rsa' };

/**
 * Reads PEM (a certificate too), a JWK, or what the scheme's key forms say: raw Ed25519 (32 bytes public, 64 bytes seed and public),
 * or DER (SPKI, PKCS#8). Null: none of these, or a key of another algorithm than the scheme's.
 */
export function asymmetricKey(scheme: Pick<Scheme, 'kind' | 'keys'>, secret: string): AsymmetricKey | null {
  const type = KEY_TYPES[scheme.kind];
  const fits = (key: AsymmetricKey | null): boolean => key !== null && key.publicKey.asymmetricKeyType === type;
  if (secret.includes('-----BEGIN') || secret.trimStart().startsWith('{')) {
    const key = keyOrNull(() => (secret.includes('-----BEGIN') ? fromPem(secret) : fromJwk(secret)));
    return fits(key) ? key : null;
  }
  for (const form of scheme.keys) {
    const bytes = keyBytes(form, secret.trim());
    const key = bytes === null ? null : keyOrNull(() => (scheme.kind === 'ed25519' ? fromEd25519(bytes) : fromDer(bytes)));
    if (fits(key)) return key;
  }
  return null;
}

/** node:crypto throws on what is no key. */
function keyOrNull(read: () => AsymmetricKey | null): AsymmetricKey | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function fromPem(text: string): AsymmetricKey {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    const privateKey = createPrivateKey(text);
    return { publicKey: createPublicKey(privateKey), privateKey };
  }
  return { publicKey: createPublicKey(text), privateKey: null };
}

/** A JSON Web Key (RFC 7517); `d` is what only a private one has. */
function fromJwk(text: string): AsymmetricKey {
  const key: JsonWebKey = JSON.parse(text);
  if (key.d === undefined) return { publicKey: createPublicKey({ key, format: 'jwk' }), privateKey: null };
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return { publicKey: createPublicKey(privateKey), privateKey };
}

// RFC 8410: the fixed DER that stands before a raw Ed25519 key.
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function fromEd25519(bytes: Uint8Array): AsymmetricKey | null {
  if (bytes.length === 64) {
    const privateKey = createPrivateKey({
      key: Buffer.concat([ED25519_PKCS8, bytes.subarray(0, 32)]),
      format: 'der',
      type: 'pkcs8',
    });
    return { publicKey: createPublicKey(privateKey), privateKey };
  }
  if (bytes.length === 32) {
    return {
      publicKey: createPublicKey({ key: Buffer.concat([ED25519_SPKI, bytes]), format: 'der', type: 'spki' }),
      privateKey: null,
    };
  }
  return bytes.length > 64 || bytes.length === 44 || bytes.length === 48 ? fromDer(bytes) : null;
}

function fromDer(bytes: Uint8Array): AsymmetricKey | null {
  const key = Buffer.from(bytes);
  try {
    return { publicKey: createPublicKey({ key, format: 'der', type: 'spki' }), privateKey: null };
  } catch {
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    return { publicKey: createPublicKey(privateKey), privateKey };
  }
}

/** True where the secret has a form this scheme can verify with. */
export function fitsScheme(scheme: Scheme, secret: string): boolean {
  switch (scheme.kind) {
    case 'hmac':
      return symmetricKeys(scheme, secret).length > 0;
    case 'token':
      return secret !== '' && scheme.keys.some((form) => keyBytes(form, secret) !== null);
    case 'hash':
      return secret !== '';
    case 'custom':
      return scheme.custom?.secret?.fits(secret) ?? secret !== '';
    default:
      return asymmetricKey(scheme, secret) !== null;
  }
}

/**
 * Says before anything is verified that a secret cannot be one of this provider's.
 *
 * @throws WebhookError `secret_malformed`; the message names the form that was expected and never holds the secret.
 */
export function assertSecretsFit(
  provider: { readonly title: string; readonly schemes: readonly Scheme[] },
  secrets: readonly string[],
): void {
  if (provider.schemes.length === 0) return;
  secrets.forEach((secret, index) => {
    if (provider.schemes.some((scheme) => fitsScheme(scheme, secret))) return;
    const which = secrets.length > 1 ? `Secret ${index + 1} of ${secrets.length}` : 'The secret';
    throw new WebhookError(
      'secret_malformed',
      `${which} is not of the form ${provider.title} uses: ${expectedForms(provider.schemes)}.`,
      {
        hint: 'Copy it again from the provider, whole, with its prefix.',
      },
    );
  });
}

const KEY_NAMES: Readonly<Partial<Record<SchemeKind, string>>> = { ed25519: 'an Ed25519', ecdsa: 'an ECDSA', rsa: 'an RSA' };

function expectedForms(schemes: readonly Scheme[]): string {
  const forms = schemes.flatMap((scheme) => {
    const own = scheme.custom?.secret?.form;
    if (own !== undefined) return [own];
    return scheme.keys.map((form) => {
      const bytes = form.encoding === 'utf8' ? 'text' : form.encoding;
      const name = KEY_NAMES[scheme.kind];
      const what = name === undefined ? bytes : `${name} key in ${bytes} or PEM`;
      return form.prefix === undefined ? what : `${form.prefix} followed by ${what}`;
    });
  });
  return [...new Set(forms)].join(', or ');
}
