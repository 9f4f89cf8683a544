import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf, WebhookError } from '../../../src/core/errors.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import type { Provider, Scheme, SchemeDefinition } from '../../../src/core/providers/model.js';
import { assertSecretsFit, asymmetricKey, fitsScheme, symmetricKeys } from '../../../src/core/signature/keys.js';
import { adyen, cases, discord, gitlab, prodigi, rsa, sendgrid, telnyx } from './schemes.js';

const schemeOf = (provider: Provider, index = 0): Scheme => {
  const scheme = provider.schemes[index];
  if (scheme === undefined) throw new Error('no scheme');
  return scheme;
};
const withKeys = (key: SchemeDefinition['key'] & object): Scheme =>
  schemeOf(defineProvider({ name: 'acme', signature: { header: 'X-Sig', key } }));
const texts = (scheme: Scheme, secret: string): string[] =>
  symmetricKeys(scheme, secret).map((key) => Buffer.from(key).toString());

describe('symmetricKeys', () => {
  it('takes a prefix off, where there is one', () => {
    const scheme = withKeys({ encoding: 'base64', prefix: 'whsec_' });
    for (const secret of ['whsec_c2VjcmV0', 'c2VjcmV0']) expect(texts(scheme, secret)).toEqual(['secret']);
    for (const secret of ['whsec_', '', 'whsec_!', 'whsk_c2VjcmV0']) expect(texts(scheme, secret)).toEqual([]);
  });

  it('with several forms gives every reading, in their order', () => {
    const scheme = withKeys([{ encoding: 'base64', prefix: 'whsec_', required: true }, { encoding: 'utf8' }]);
    expect(texts(scheme, 'whsec_c2VjcmV0')).toEqual(['secret', 'whsec_c2VjcmV0']);
    expect(texts(scheme, 'c2VjcmV0')).toEqual(['c2VjcmV0']);
  });

  it('a forbidden prefix keeps a secret of one scheme out of another, a token’s too', () => {
    expect(texts(withKeys({ encoding: 'utf8', prefix: 'whsec_', forbidden: true }), 'whsec_c2VjcmV0')).toEqual([]);
    const signature = { kind: 'token', header: 'X', key: { encoding: 'utf8', prefix: 'whsec_', forbidden: true } } as const;
    const token = schemeOf(defineProvider({ name: 'acme', signature }));
    expect([fitsScheme(token, 'whsec_c2VjcmV0'), fitsScheme(token, 'a token'), fitsScheme(token, '')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('keeps white space in text: it may be meant', () => expect(texts(withKeys({ encoding: 'utf8' }), ' a\n')).toEqual([' a\n']));
});

describe('asymmetricKey', () => {
  const ed = generateKeyPairSync('ed25519');
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const x25519 = generateKeyPairSync('x25519');
  const pems = { ed, ec, rsa: rsaPair, x25519 };
  const byKind = { ed: [discord, telnyx], ec: [sendgrid], rsa: [rsa] };

  it('takes only a key of the algorithm', () => {
    for (const [kind, providers] of Object.entries(byKind)) {
      for (const provider of providers) {
        for (const [other, pair] of Object.entries(pems)) {
          const priv = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
          const pub = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
          expect(asymmetricKey(schemeOf(provider), priv)?.privateKey != null).toBe(kind === other);
          expect(asymmetricKey(schemeOf(provider), pub) !== null).toBe(kind === other);
        }
      }
    }
  });

  it('tries each form in turn', () => {
    const scheme = schemeOf(
      defineProvider({
        name: 'acme',
        signature: { kind: 'ed25519', header: 'X-Sig', key: [{ encoding: 'base64' }, { encoding: 'hex' }] },
      }),
    );
    // 64 hex digits are base64 as well, of 48 bytes that are no key.
    const raw = ed.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    expect(asymmetricKey(scheme, raw.toString('hex'))).not.toBeNull();
    expect(asymmetricKey(scheme, raw.toString('base64'))).not.toBeNull();
  });

  it('reads DER in base64 where a scheme says nothing of its keys', () => {
    const der = (pair: { privateKey: typeof ed.privateKey; publicKey: typeof ed.publicKey }): string[] => [
      pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    ];
    for (const [kind, pair] of [
      ['ed25519', ed],
      ['ecdsa', ec],
      ['rsa', rsaPair],
    ] as const) {
      const scheme = schemeOf(defineProvider({ name: 'acme', signature: { kind, header: 'X-Sig' } }));
      for (const secret of der(pair)) expect(asymmetricKey(scheme, secret)).not.toBeNull();
      expect(asymmetricKey(scheme, 'thirty-two characters of a text!')).toBeNull();
    }
  });

  it('is null for anything else, and never an exception', () => {
    const scheme = fc.constantFrom(
      schemeOf(discord),
      schemeOf(telnyx),
      schemeOf(sendgrid),
      schemeOf(rsa),
      schemeOf(standardWebhooks, 1),
    );
    const text = fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `whpk_${text}`),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.filter((_, i) => i < 31)).toString('base64')),
      fc.string().map((text) => `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----`),
      fc.string().map((text) => `-----BEGIN PRIVATE KEY-----\n${text}\n-----END PRIVATE KEY-----`),
    );
    fc.assert(
      fc.property(scheme, text, (one, secret) => {
        expect(asymmetricKey(one, secret)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});

describe('assertSecretsFit', () => {
  const complaint = (provider: Provider, ...secrets: string[]): WebhookError => {
    try {
      assertSecretsFit(provider, secrets);
    } catch (error) {
      if (error instanceof WebhookError) return error;
      throw error;
    }
    throw new Error('it fits');
  };

  it('names the form that was expected', () => {
    expect(complaint(standardWebhooks, 'whsec_not base64')).toMatchObject({
      code: 'secret_malformed',
      message:
        'The secret is not of the form Standard Webhooks uses: whsec_ followed by base64, or whsk_ followed by an Ed25519 key in base64 or PEM, or whpk_ followed by an Ed25519 key in base64 or PEM.',
    });
    expect(complaint(adyen, 'not hex').message).toBe('The secret is not of the form adyen uses: hex.');
    expect(complaint(sendgrid, 'x').message).toBe('The secret is not of the form sendgrid uses: an ECDSA key in base64 or PEM.');
    expect(complaint(connect2print, 'fine', '').message).toMatch(/^Secret 2 of 2 is not of the form Connect2Print uses: text\.$/);
  });

  it('never says the secret', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.string({ minLength: 9 }), ({ provider }, secret) => {
        if (provider.schemes.some((scheme) => fitsScheme(scheme, secret))) return;
        const error = complaint(provider, secret);
        expect(messageOf(error) + error.hint).not.toContain(secret);
      }),
    );
  });

  it('is content with what fits, and with providers that do not sign', () => {
    for (const { provider, secret, publicSecret } of cases) assertSecretsFit(provider, [secret, publicSecret ?? secret]);
    assertSecretsFit(prodigi, ['']);
    assertSecretsFit(gitlab, []);
  });
});
