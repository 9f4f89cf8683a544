/** How fresh keys and secrets are spelled, in each provider's own form. */
import type { KeyObject } from 'node:crypto';
import { fillTemplate, type Random } from '../events/template.js';
import type { KeyForm, Provider, Scheme } from '../providers/model.js';
import { encode } from './encoding.js';
import { fitsScheme } from './keys.js';

export type PairKind = 'ed25519' | 'ecdsa' | 'rsa';

/** What there is to make for a provider: one secret or pair for all the schemes that share it. */
export interface KeyNeed {
  /** The scheme's short name; null where the provider has only one kind of key. */
  readonly scheme: string | null;
  /** Null: a secret that both sides hold. */
  readonly pair: PairKind | null;
  readonly representative: Scheme;
}

/** The secrets and key pairs that signing for a provider needs; empty where it does not sign. */
export function keyNeeds(provider: Pick<Provider, 'schemes'>): KeyNeed[] {
  const needs = new Map<string, KeyNeed>();
  for (const scheme of provider.schemes.filter(({ sends }) => sends)) {
    const pair = pairOf(scheme);
    // HMACs with different digests take the same secret; an HMAC and a token do not.
    const shared =
      scheme.custom === null ? [scheme.kind === 'hash' ? 'hmac' : scheme.kind, scheme.keys] : [pair, scheme.custom.secret?.form];
    const key = JSON.stringify(shared);
    if (!needs.has(key)) needs.set(key, { scheme: scheme.id, pair, representative: scheme });
  }
  const all = [...needs.values()];
  return all.length > 1 ? all : all.map((need) => ({ ...need, scheme: null }));
}

function pairOf({ kind, custom }: Scheme): PairKind | null {
  if (custom !== null) return custom.secret?.pair ?? null;
  return kind === 'ed25519' || kind === 'ecdsa' || kind === 'rsa' ? kind : null;
}

/** A fresh secret: as the provider spells its own, else 32 random bytes in the scheme's key form. */
export function freshSecret(provider: Provider, scheme: Scheme, random: Random): string {
  const values = { event: '', id: '', time: 0, random, reader: null };
  const own = provider.secretFormat === null ? [] : [provider.secretFormat];
  const fill = (template: string): string => fillTemplate(template, values) ?? '';
  const form: KeyForm = scheme.keys[0] ?? { encoding: 'utf8' };
  const prefix = form.forbidden === true ? '' : (form.prefix ?? '');
  const standard = form.encoding === 'base64' ? encode(random(32), 'base64') : fill('{hex:64}');
  const candidates = [...own.map(fill), prefix + standard];
  return candidates.find((secret) => fitsScheme(scheme, secret)) ?? standard;
}

export interface SpelledPair {
  /** Signs, and verifies. */
  readonly privateKey: string;
  /** Verifies only. */
  readonly publicKey: string;
}

/**
 * A key pair as the provider spells it: raw Ed25519 (seed and public key; public key) and DER in the scheme's encoding, with its
 * prefixes; RSA, and what a code escape takes, in PEM.
 *
 * @param id What else belongs into the secret, for providers whose secret has two parts.
 */
export function spellPair(
  scheme: Scheme,
  pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  id: string,
): SpelledPair {
  if (scheme.custom !== null || scheme.kind === 'rsa') {
    const join = scheme.custom?.secret?.join ?? ((key: string) => key);
    return {
      privateKey: join(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString().trimEnd(), id),
      publicKey: join(pair.publicKey.export({ format: 'pem', type: 'spki' }).toString().trimEnd(), id),
    };
  }
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const raw = scheme.kind === 'ed25519';
  // RFC 8410: of an Ed25519 key, the last 32 bytes are the key.
  const publicBytes = raw ? spki.subarray(-32) : spki;
  const privateBytes = raw ? Buffer.concat([pkcs8.subarray(-32), publicBytes]) : pkcs8;
  const [first] = scheme.keys;
  // Of two forms, the first is the private key's.
  const forms = { private: first, public: scheme.keys[1] ?? first };
  const spell = (form: KeyForm | undefined, bytes: Uint8Array): string =>
    (form?.prefix ?? '') + encode(bytes, form?.encoding === 'hex' ? 'hex' : 'base64');
  return { privateKey: spell(forms.private, privateBytes), publicKey: spell(forms.public, publicBytes) };
}
