import { createPrivateKey } from 'node:crypto';
import type { Provider } from '../providers/model.js';
import { fitsScheme } from '../signature/keys.js';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const HEX_LOWER = 'abcdef';

/**
 * A secret of the same form as the one given (prefix, length, alphabet) that nobody has.
 *
 * @param makeKey Makes a private key in PEM of the kind the scheme needs, where the secret is one.
 * @returns Null where none can be made.
 */
export function otherSecret(
  provider: Provider,
  secret: string,
  random: (size: number) => Uint8Array,
  makeKey: (kind: KeyKind) => string,
): string | null {
  const scheme = provider.schemes.find((one) => one.sends && fitsScheme(one, secret));
  if (scheme === undefined) return null;
  const [pem] = /-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\r?\n?/.exec(secret) ?? [];
  let other: string;
  if (pem === undefined) {
    const prefix = scheme.keys.map((form) => form.prefix ?? '').find((text) => text !== '' && secret.startsWith(text)) ?? '';
    const hex = /^[0-9a-f]+$/i.test(secret.slice(prefix.length));
    other = prefix + disguised(secret.slice(prefix.length), random, hex ? HEX_LOWER : LOWER);
  } else {
    const kind = kindOf(pem);
    if (kind === null) return null;
    // What stands beside the key (an id) stays.
    other = secret.replace(pem, () => makeKey(kind));
  }
  return other !== secret && fitsScheme(scheme, other) ? other : null;
}

type KeyKind = 'ed25519' | 'ec' | 'rsa';

function kindOf(pem: string): KeyKind | null {
  try {
    const kind = createPrivateKey(pem).asymmetricKeyType;
    return kind === 'ed25519' || kind === 'ec' || kind === 'rsa' ? kind : null;
  } catch {
    // A public key signs nothing, and a broken one neither.
    return null;
  }
}

/** Each letter another letter of its case, each digit another digit; what is neither stays. */
function disguised(text: string, random: (size: number) => Uint8Array, letters: string): string {
  const bytes = random(text.length);
  return text.replace(/[A-Za-z0-9]/g, (character, at: number) => {
    const byte = bytes[at] ?? 0;
    if (/\d/.test(character)) return String((Number(character) + 1 + (byte % 9)) % 10);
    const lower = character.toLowerCase();
    const next = letters[(letters.indexOf(lower) + 1 + (byte % (letters.length - 1))) % letters.length] ?? 'a';
    return character === lower ? next : next.toUpperCase();
  });
}
