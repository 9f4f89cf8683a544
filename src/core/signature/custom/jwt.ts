/**
 * Signatures that are JSON Web Tokens: the token's claims say what the request is, and the token is signed.
 *
 * RFC 7515 (JWS, compact form), RFC 7518 (algorithms), RFC 7519 (claims).
 */
import { sign as signWith, verify as verifyWith } from 'node:crypto';
import { WebhookError } from '../../errors.js';
import { parseJson } from '../../events/json-text.js';
import { decode, encode } from '../encoding.js';
import { asymmetricKey } from '../keys.js';
import { headerText, hmac, sameText } from './common.js';
import type { CustomInput, CustomOutcome, CustomScheme, CustomSecret } from './model.js';

export type JwtAlgorithm = 'HS256' | 'HS384' | 'HS512' | 'ES256' | 'RS256';

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The part that is signed. */
  readonly content: string;
  readonly signature: Uint8Array;
}

/** A token's parts; null where it is none. Nothing is checked yet. */
export function readJwt(token: string): Jwt | null {
  const parts = token.split('.', 4);
  const [header, claims, signature] = parts.map((part) => decode(part, 'base64url'));
  if (parts.length !== 3 || header == null || claims == null || signature == null) return null;
  const values = [parseJson(header), parseJson(claims)];
  if (!values.every(isObject)) return null;
  const [headerValue, claimValues] = values as [Jwt['header'], Jwt['claims']];
  return { header: headerValue, claims: claimValues, content: parts.slice(0, 2).join('.'), signature };
}

/** A signed token; null where the secret cannot sign with the algorithm (a public key, a key of another kind). */
export function writeJwt(
  algorithm: JwtAlgorithm,
  secret: string,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string | null {
  const part = (value: unknown): string => encode(Buffer.from(JSON.stringify(value)), 'base64url');
  const content = `${part({ alg: algorithm, typ: 'JWT', ...header })}.${part(claims)}`;
  const signature = signatureOf(algorithm, secret, content);
  return signature === null ? null : `${content}.${encode(signature, 'base64url')}`;
}

/** Whether the signature of a token is the secret's, and its algorithm one of these. */
export function jwtIsGenuine(jwt: Jwt, secret: string, algorithms: readonly JwtAlgorithm[]): boolean {
  const algorithm = algorithms.find((name) => name === jwt.header.alg);
  if (algorithm === undefined) return false;
  if (isSymmetric(algorithm)) {
    const expected = signatureOf(algorithm, secret, jwt.content);
    return expected !== null && sameText(encode(expected, 'base64url'), encode(jwt.signature, 'base64url'));
  }
  return keysIn(secret, jwt.header.kid).some((one) => {
    const key = asymmetricKey(KEYS[algorithm], one)?.publicKey;
    return key !== undefined && verifyWith('sha256', Buffer.from(jwt.content), { key, dsaEncoding: 'ieee-p1363' }, jwt.signature);
  });
}

/** The keys of a JWK set (RFC 7517, section 5), those called `kid` where there is one; any other secret is a key itself. */
function keysIn(secret: string, kid?: unknown): string[] {
  const set = secret.trimStart().startsWith('{') ? parseJson(Buffer.from(secret)) : null;
  const keys: unknown = isObject(set) ? Reflect.get(set as object, 'keys') : undefined;
  if (!Array.isArray(keys)) return [secret];
  const called = keys
    .slice(0, MOST_KEYS)
    .filter((key) => isObject(key) && (kid === undefined || Reflect.get(key, 'kid') === kid));
  return called.map((key) => JSON.stringify(key));
}

/** A provider publishes a handful. */
const MOST_KEYS = 20;

export interface JwtDescription {
  readonly summary: string;
  /** The headers it may stand in; the first is the one we send. */
  readonly header: string | readonly string[];
  /** Stands before the token: `Bearer `. */
  readonly prefix?: string;
  /** The algorithms it may have; the first signs. All of them take the same kind of key. */
  readonly algorithms: readonly [JwtAlgorithm, ...JwtAlgorithm[]];
  /**
   * The claims it must have, as they have to read for this request. Null: what it says of the request cannot be told, since nobody
   * said which URL the sender used.
   */
  claims(input: CustomInput): Readonly<Record<string, string | null>>;
  /** Milliseconds after `iat`. Then `iat` is written, and must be there. */
  readonly maxAge?: number;
  /** Milliseconds between `nbf` and `exp`. Then both are written; where they are there, they hold. */
  readonly lifetime?: number;
  /** Milliseconds that clocks may differ. */
  readonly leeway?: number;
  /** True: a token has an id (`jti`), and must have one. */
  readonly id?: boolean;
  /** True: it names its key (`kid`). */
  readonly keyId?: boolean;
}

/** A scheme whose signature is a token in a header. */
export function jwtSignature(description: JwtDescription): CustomScheme {
  const names = typeof description.header === 'string' ? [description.header] : description.header;
  const prefix = description.prefix ?? '';
  const [algorithm] = description.algorithms;
  const secret = secretOf(algorithm);
  const maxAge = description.maxAge ?? description.lifetime;
  return {
    summary: description.summary,
    ...(secret === null ? {} : { secret }),
    ...(maxAge === undefined ? {} : { maxAge }),
    sign(input) {
      const claims = description.claims(input);
      if (Object.values(claims).includes(null)) {
        throw new WebhookError('signing_impossible', 'The signature covers url, and the request has none.', {
          hint: 'Say which URL the provider was given: --url https://…',
        });
      }
      const header = description.keyId === true ? { kid: input.id } : {};
      const token = writeJwt(algorithm, input.secret, { ...claims, ...freshClaims(description, input.now, input.id) }, header);
      if (token === null) {
        throw new WebhookError('signing_impossible', 'The secret cannot sign: it is a public key, or of another kind.', {
          hint: 'A public key verifies; to sign, the private one is needed.',
        });
      }
      return { headers: [[names[0] ?? '', prefix + token]] };
    },
    verify(input) {
      const carried = names.map((name) => headerText(input.headers, name)).find((value) => value !== null) ?? null;
      if (carried === null) return 'absent';
      const jwt = carried.startsWith(prefix) ? readJwt(carried.slice(prefix.length).trim()) : null;
      if (jwt === null) return 'malformed';
      if (!jwtIsGenuine(jwt, input.secret, description.algorithms)) return 'mismatch';
      const claims = Object.entries(description.claims(input));
      const wrong = claims.filter(([name, value]) => value !== null && !sameText(String(jwt.claims[name] ?? ''), value));
      if (wrong.length > 0 || (description.id === true && typeof jwt.claims.jti !== 'string')) return 'mismatch';
      if (claims.some(([, value]) => value === null)) return 'url_unknown';
      return ageOf(description, jwt, input.now, input.tolerance);
    },
  };
}

function freshClaims({ maxAge, lifetime, id }: JwtDescription, now: number, jti: string): Record<string, string | number> {
  const seconds = Math.floor(now / 1_000);
  return {
    ...(maxAge === undefined ? {} : { iat: seconds }),
    ...(lifetime === undefined ? {} : { nbf: seconds, exp: seconds + Math.floor(lifetime / 1_000) }),
    ...(id === true ? { jti } : {}),
  };
}

function ageOf(description: JwtDescription, { claims }: Jwt, now: number, tolerance: number | null): CustomOutcome {
  const { maxAge } = description;
  const leeway = tolerance ?? description.leeway ?? 0;
  const time = (claim: unknown): number | null => (typeof claim === 'number' && Number.isFinite(claim) ? claim * 1_000 : null);
  const [issued, begins, ends] = [time(claims.iat), time(claims.nbf), time(claims.exp)];
  if (maxAge !== undefined && issued === null) return 'malformed';
  if (begins !== null && begins - now > leeway) return 'timestamp_in_future';
  if (ends !== null && now - ends >= leeway && now >= ends) return 'timestamp_too_old';
  if (maxAge === undefined || issued === null) return 'valid';
  if (issued - now > (tolerance ?? maxAge)) return 'timestamp_in_future';
  return now - issued > (tolerance ?? maxAge) ? 'timestamp_too_old' : 'valid';
}

const KEYS = {
  ES256: { kind: 'ecdsa', keys: [{ encoding: 'base64' }] },
  RS256: { kind: 'rsa', keys: [{ encoding: 'base64' }] },
} as const;

type Symmetric = Exclude<JwtAlgorithm, keyof typeof KEYS>;

function isSymmetric(algorithm: JwtAlgorithm): algorithm is Symmetric {
  return algorithm.startsWith('HS');
}

/** What its secret is, where it is not text. */
function secretOf(algorithm: JwtAlgorithm): CustomSecret | null {
  if (isSymmetric(algorithm)) return null;
  const { kind } = KEYS[algorithm];
  const name = kind === 'rsa' ? 'an RSA' : 'an ECDSA P-256';
  return {
    form: `${name} key in PEM, as a JWK or a set of them, or in base64 DER`,
    fits: (secret) => keysIn(secret).some((key) => asymmetricKey(KEYS[algorithm], key) !== null),
    pair: kind,
  };
}

function signatureOf(algorithm: JwtAlgorithm, secret: string, content: string): Buffer | null {
  if (isSymmetric(algorithm)) {
    const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;
    return hmac(hash[algorithm], secret, content);
  }
  const key = asymmetricKey(KEYS[algorithm], secret)?.privateKey ?? null;
  return key === null ? null : signWith('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
