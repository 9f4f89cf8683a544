/** Makes key pairs: the one place that draws them from the system's randomness. */
import { generateKeyPair, type KeyObject } from 'node:crypto';
import type { PairKind } from '../core/signature/key-forms.js';

/** An Ed25519, ECDSA P-256 or RSA 2048 key pair. */
export async function makeKeyPair(kind: PairKind): Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject): void =>
      error === null ? resolve({ publicKey, privateKey }) : reject(error);
    if (kind === 'ed25519') generateKeyPair('ed25519', undefined, done);
    else if (kind === 'ecdsa') generateKeyPair('ec', { namedCurve: 'P-256' }, done);
    else generateKeyPair('rsa', { modulusLength: 2048 }, done);
  });
}
