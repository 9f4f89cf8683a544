import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { KeyForm, Provider } from '../../../src/core/providers/model.js';
import { paypalSignature } from '../../../src/core/signature/custom/paypal.js';
import { freshSecret, keyNeeds, spellPair } from '../../../src/core/signature/key-forms.js';
import { asymmetricKey, fitsScheme } from '../../../src/core/signature/keys.js';
import { signRequest } from '../../../src/core/signature/sign.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import { discord, NOW, sendgrid, telnyx } from './schemes.js';

const random = (size: number): Uint8Array => new Uint8Array(randomBytes(size));
const pairs = {
  ed25519: generateKeyPairSync('ed25519'),
  ecdsa: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

const only = (provider: Provider) => {
  const [need] = keyNeeds(provider);
  if (need === undefined) throw new Error('no need');
  return need;
};
const pairFor = (provider: Provider) => {
  const { representative, pair } = only(provider);
  return spellPair(representative, pairs[pair ?? 'rsa'], 'ID1');
};
const verified = (provider: Provider, signing: string, verifying: string) => {
  const body = Buffer.from('{"a":1}');
  const { headers } = signRequest(provider, { headers: [], body, secrets: [signing], id: 'one', timestamp: NOW });
  return verifySignature(provider, { headers, body, secrets: [verifying], now: NOW }).status;
};

describe('a key pair is spelled as the provider does', () => {
  it('raw Ed25519 in hex (Discord) and base64 (Telnyx)', () => {
    expect(pairFor(discord).publicKey).toMatch(/^[0-9a-f]{64}$/);
    expect(pairFor(discord).privateKey).toMatch(/^[0-9a-f]{128}$/);
    expect(Buffer.from(pairFor(telnyx).publicKey, 'base64')).toHaveLength(32);
  });

  it('DER in base64 (SendGrid)', () => {
    expect(pairFor(sendgrid).publicKey).toMatch(/^MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/);
  });

  it('with its prefixes (Standard Webhooks)', () => {
    const [secret, pair] = keyNeeds(standardWebhooks);
    expect([secret?.scheme, secret?.pair, pair?.scheme, pair?.pair]).toEqual(['v1', null, 'v1a', 'ed25519']);
    const spelled = spellPair(pair?.representative ?? only(standardWebhooks).representative, pairs.ed25519, '');
    expect(spelled.privateKey).toMatch(/^whsk_/);
    expect(Buffer.from(spelled.publicKey.replace(/^whpk_/, ''), 'base64')).toHaveLength(32);
  });

  it('PEM behind an id (PayPal)', () => {
    const paypal = defineProvider({ name: 'paypal', signature: { header: 'PAYPAL-TRANSMISSION-SIG', custom: paypalSignature } });
    expect(pairFor(paypal).publicKey).toMatch(/^ID1\n-----BEGIN PUBLIC KEY-----\n/);
    expect(verified(paypal, pairFor(paypal).privateKey, pairFor(paypal).publicKey)).toBe('valid');
  });

  it.each([discord, telnyx, sendgrid])('$name: what the private key signs, the public one verifies', (provider) => {
    const { privateKey, publicKey } = pairFor(provider);
    expect(verified(provider, privateKey, publicKey)).toBe('valid');
    const scheme = only(provider).representative;
    expect(asymmetricKey(scheme, publicKey)?.privateKey).toBeNull();
  });
});

describe('a fresh secret', () => {
  const of = (key: KeyForm, secretFormat?: string): string => {
    const provider = defineProvider({
      name: 'a',
      signature: { header: 'X', key },
      ...(secretFormat === undefined ? {} : { secretFormat }),
    });
    return freshSecret(provider, only(provider).representative, random);
  };

  it('has the form of the key, or the provider’s own', () => {
    expect(of({ encoding: 'utf8' })).toMatch(/^[0-9a-f]{64}$/);
    expect(of({ encoding: 'hex' })).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(of({ encoding: 'base64', prefix: 'whsec_' }).slice(6), 'base64')).toHaveLength(32);
    expect(of({ encoding: 'utf8', prefix: 'x_', forbidden: true })).toMatch(/^[0-9a-f]{64}$/);
    expect(of({ encoding: 'utf8' }, 'whsec_{base62:32}')).toMatch(/^whsec_[0-9A-Za-z]{32}$/);
    // One that the scheme could not use does not count.
    expect(of({ encoding: 'hex' }, 'nonsense')).toMatch(/^[0-9a-f]{64}$/);
    expect(of({ encoding: 'utf8' })).not.toBe(of({ encoding: 'utf8' }));
  });
});

it('one secret serves every scheme that shares it', () => {
  const meta = defineProvider({
    name: 'meta',
    signature: [
      { id: 'sha256', header: 'A' },
      { id: 'sha1', header: 'B', algorithm: 'sha1' },
      { id: 'token', header: 'C', kind: 'token' },
      { id: 'old', header: 'D', key: { encoding: 'hex' }, sends: false },
    ],
  });
  expect(keyNeeds(meta).map(({ scheme }) => scheme)).toEqual(['sha256', 'token']);
  expect(keyNeeds(defineProvider({ name: 'none' }))).toEqual([]);
});

const signing = builtinProviders.filter(({ schemes }) => schemes.some(({ sends }) => sends));

it.each(signing.map((provider) => [provider.name, provider] as const))('%s: what is made for it fits', (_, provider) => {
  for (const { representative, pair } of keyNeeds(provider)) {
    if (pair === null) expect(fitsScheme(representative, freshSecret(provider, representative, random))).toBe(true);
    else
      for (const text of Object.values(spellPair(representative, pairs[pair], 'ID1')))
        expect(fitsScheme(representative, text)).toBe(true);
  }
});
