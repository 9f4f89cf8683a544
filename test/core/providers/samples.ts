/** What it takes to send a fixture of any built-in provider. */
import { generateKeyPairSync } from 'node:crypto';
import type { Provider } from '../../../src/core/providers/model.js';
import { fitsScheme } from '../../../src/core/signature/keys.js';

const ed25519 = generateKeyPairSync('ed25519');
const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** One of each form a provider may ask for: text, `whsec_…`, hex, and private keys. */
const CANDIDATES: readonly string[] = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  '6d79206b6579206f6620333220627974657320696e206865782c20736f207468',
  'an account’s own text',
  ...[ed25519, ecdsa, rsa].map(({ privateKey }) => privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
];

/** A secret that the scheme this provider sends first can sign with; none for one that does not sign. */
export function secretsFor(provider: Provider): string[] {
  const scheme = provider.schemes.find(({ sends }) => sends);
  return scheme === undefined ? [] : CANDIDATES.filter((secret) => fitsScheme(scheme, secret)).slice(0, 1);
}
