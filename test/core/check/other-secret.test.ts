import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherSecret } from '../../../src/core/check/other-secret.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { fitsScheme } from '../../../src/core/signature/keys.js';

const zeros = (size: number): Uint8Array => new Uint8Array(size);
const noKey = (): string => {
  throw new Error('no key is needed');
};

describe('another secret', () => {
  it('has the form of the first, and is another', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_ -]*[A-Za-z0-9]$/), fc.infiniteStream(fc.nat(255)), (secret, bytes) => {
        const other = otherSecret(connect2print, secret, (size) => Uint8Array.from([...bytes.take(size)]), noKey);
        expect(other).not.toBe(secret);
        expect(other).toHaveLength(secret.length);
        expect(other?.replace(/[a-z]/gi, 'a').replace(/\d/g, '0')).toBe(secret.replace(/[a-z]/gi, 'a').replace(/\d/g, '0'));
      }),
    );
  });

  it('keeps prefix and alphabet', () => {
    expect(otherSecret(standardWebhooks, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', zeros, noKey)).toBe(
      'whsec_NgLR0s9HLZrsUxkVQE9JMQAJp3MbMbTx',
    );
    const hex = defineProvider({ name: 'hex', signature: { header: 'X', key: { encoding: 'hex' } } });
    expect(otherSecret(hex, '00ff9aAF', zeros, noKey)).toBe('11aa0bBA');
  });

  it('is a key of the same kind, with what stands beside it', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = (key: typeof privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const made = pem(generateKeyPairSync('ed25519').privateKey);
    const asked: string[] = [];
    const other = otherSecret(standardWebhooks, pem(privateKey), zeros, (kind) => {
      asked.push(kind);
      return made;
    });
    expect(asked).toEqual(['ed25519']);
    expect(createPrivateKey(other ?? '').asymmetricKeyType).toBe('ed25519');
    expect(fitsScheme(standardWebhooks.schemes[1] as (typeof standardWebhooks.schemes)[number], other ?? '')).toBe(true);
  });

  it('is none where none can be made', () => {
    expect(otherSecret(connect2print, '!?!', zeros, noKey)).toBeNull();
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(otherSecret(standardWebhooks, publicKey.export({ type: 'spki', format: 'pem' }).toString(), zeros, noKey)).toBeNull();
    expect(otherSecret(defineProvider({ name: 'unsigned' }), 'secret', zeros, noKey)).toBeNull();
  });
});
