import { createPrivateKey, createPublicKey, generateKeyPairSync, sign as signWith, verify as verifyWith } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HeaderList } from '../../../../src/core/http/headers.js';
import standardWebhooks from '../../../../src/core/providers/catalogue/standard-webhooks.js';
import { signRequest } from '../../../../src/core/signature/sign.js';
import type { Verdict } from '../../../../src/core/signature/verdict.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';

const NOW = 1_795_356_131_000;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVz';
const body = Buffer.from('{"type":"order.created","total":499.00,"name":"Zoë"}');

const sign = (secrets: readonly string[], timestamp = NOW, content: Uint8Array = body): HeaderList =>
  signRequest(standardWebhooks, { headers: [], body: content, secrets, id: 'msg_1', timestamp }).headers;
const verify = (headers: HeaderList, secrets: readonly string[], now = NOW): Verdict =>
  verifySignature(standardWebhooks, { headers, body, secrets, now });
const renamed = (headers: HeaderList, from: string, to: string): HeaderList =>
  headers.map(([name, value]) => [name.replace(from, to), value]);
const withValue = (headers: HeaderList, wanted: string, value: string): HeaderList =>
  headers.map(([name, before]) => [name, name === wanted ? value : before]);
const valueIn = (headers: HeaderList, wanted: string): string => headers.find(([name]) => name === wanted)?.[1] ?? '';

describe('beside the standardwebhooks library', () => {
  // The library reads the clock itself.
  beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('it verifies what we sign', () => {
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ minLength: 24, maxLength: 64 }), (payload, key) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        const content = Buffer.from(payload);
        expect(new Webhook(secret).verify(content, Object.fromEntries(sign([secret], NOW, content)))).toEqual(
          JSON.parse(payload),
        );
      }),
    );
    expect(() => new Webhook(SECRET).verify('{}', Object.fromEntries(sign([SECRET])))).toThrow();
  });

  it('it verifies a rotation under either secret', () => {
    const headers = Object.fromEntries(sign([SECRET, OTHER]));
    for (const secret of [SECRET, OTHER]) expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
  });

  it('we verify what it signs', () => {
    const theirs = (secret: string, id: string): HeaderList => [
      ['webhook-id', id],
      ['webhook-timestamp', String(NOW / 1_000)],
      ['webhook-signature', new Webhook(secret).sign(id, new Date(NOW), body.toString())],
    ];
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]{1,40}$/), fc.uint8Array({ minLength: 1, maxLength: 64 }), (id, key) => {
        const secret = Buffer.from(key).toString('base64');
        for (const spelled of [secret, `whsec_${secret}`, `whsec_${secret.replace(/=+$/, '')}`]) {
          expect(verify(theirs(secret, id), [spelled]).status).toBe('valid');
        }
        expect(verify(theirs(secret, id), [SECRET]).status).toBe('invalid');
      }),
    );
  });
});

describe('v1a', () => {
  const pair = generateKeyPairSync('ed25519');
  const seed = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const privateSecret = `whsk_${Buffer.concat([seed, raw]).toString('base64')}`;
  const publicSecret = `whpk_${raw.toString('base64')}`;
  const content = Buffer.concat([Buffer.from(`msg_1.${NOW / 1_000}.`), body]);

  it('node:crypto verifies what we sign', () => {
    const [prefix, base64 = ''] = valueIn(sign([privateSecret]), 'webhook-signature').split(',');
    expect(prefix).toBe('v1a');
    expect(verifyWith(null, content, createPublicKey(pair.privateKey), Buffer.from(base64, 'base64'))).toBe(true);
  });

  it('we verify what node:crypto signs, with the public or the private key', () => {
    const signature = signWith(
      null,
      content,
      createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' })),
    ).toString('base64');
    const headers = withValue(sign([SECRET]), 'webhook-signature', `v1a,${signature}`);
    for (const secret of [publicSecret, privateSecret]) expect(verify(headers, [secret]).status).toBe('valid');
    expect(verify(headers, [SECRET])).toMatchObject({ status: 'invalid', reason: 'mismatch' });
  });

  it('stands in one list with v1, and either is enough', () => {
    const headers = sign([SECRET, privateSecret]);
    expect(valueIn(headers, 'webhook-signature')).toMatch(/^v1,[^ ]{44} v1a,[^ ]{88}$/);
    for (const secrets of [[SECRET], [publicSecret], [OTHER, publicSecret]])
      expect(verify(headers, secrets).status).toBe('valid');
  });

  it('v1 has nothing to do with a public key', () => {
    const hmac = withValue(sign([SECRET]), 'webhook-signature', valueIn(sign([SECRET]), 'webhook-signature'));
    expect(verify(hmac, [publicSecret]).status).toBe('invalid');
  });
});

describe('rotation', () => {
  it('several secrets times several signatures', () => {
    const third = 'whsec_dGhpcmQgc2VjcmV0IG9mIDI0IGJ5dGVz';
    for (const signers of [[SECRET], [SECRET, OTHER], [OTHER, SECRET, third]]) {
      const headers = sign(signers);
      for (const known of [[SECRET], [third, SECRET], [SECRET, third]]) expect(verify(headers, known).status).toBe('valid');
    }
    expect(verify(sign([SECRET, OTHER]), [third]).status).toBe('invalid');
  });

  it('skips versions it does not know, and items that are nothing', () => {
    const right = valueIn(sign([SECRET]), 'webhook-signature');
    for (const list of [`v2,abc ${right}`, `${right} v9`, `v1, ${right}`, `v1,!!! v1a,AAAA ${right}`, ` ${right} `]) {
      expect(verify(withValue(sign([SECRET]), 'webhook-signature', list), [SECRET]).status).toBe('valid');
    }
    for (const list of ['v2,abc', right.replace('v1,', 'v2,'), right.replace('v1,', ''), '', ' ', 'v1,']) {
      expect(verify(withValue(sign([SECRET]), 'webhook-signature', list), [SECRET])).toMatchObject({
        reason: 'malformed_signature',
      });
    }
  });
});

it('svix-* names are as good', () => {
  expect(verify(renamed(sign([SECRET]), 'webhook-', 'svix-'), [SECRET]).status).toBe('valid');
  expect(verify(renamed(sign([SECRET]), 'webhook-', 'Svix-'), [SECRET]).status).toBe('valid');
});

describe('timestamps', () => {
  it('300 s are allowed to the second, both ways', () => {
    const at = (seconds: number): string | null => verify(sign([SECRET]), [SECRET], NOW + seconds * 1_000).reason;
    expect([at(0), at(300), at(-300), at(300.999), at(-299)]).toEqual([null, null, null, null, null]);
    expect([at(301), at(1e6)]).toEqual(['timestamp_too_old', 'timestamp_too_old']);
    expect([at(-300.001), at(-301), at(-1e6)]).toEqual(['timestamp_in_future', 'timestamp_in_future', 'timestamp_in_future']);
  });

  /** Signed by who holds the secret, whatever the timestamp says. */
  const signedWith = (timestamp: string): HeaderList => {
    const headers: HeaderList = [['webhook-timestamp', timestamp]];
    return [
      ...headers,
      ...signRequest(standardWebhooks, { headers, body, secrets: [SECRET], id: 'msg_1', timestamp: NOW }).headers,
    ];
  };

  it.each([
    ['garbage', 'timestamp_missing'],
    ['NaN', 'timestamp_missing'],
    ['Infinity', 'timestamp_missing'],
    ['0x6b', 'timestamp_missing'],
    ['1e30', 'timestamp_in_future'],
    ['9'.repeat(400), 'timestamp_in_future'],
    [String(NOW), 'timestamp_in_future'],
    ['-1795356131', 'timestamp_too_old'],
    ['0', 'timestamp_too_old'],
  ])('%s is %s', (timestamp, reason) => {
    expect(verify(signedWith(timestamp), [SECRET])).toMatchObject({ status: 'invalid', reason });
  });

  it('one that was changed afterwards does not match', () => {
    for (const timestamp of ['garbage', '1e30', '-1', 'NaN', String(NOW / 1_000 + 1)]) {
      expect(verify(withValue(sign([SECRET]), 'webhook-timestamp', timestamp), [SECRET]).reason).toBe('mismatch');
    }
    for (const timestamp of ['', ' ']) {
      expect(verify(withValue(sign([SECRET]), 'webhook-timestamp', timestamp), [SECRET]).status).toBe('invalid');
    }
  });

  it('one that is missing is said', () => {
    const headers = sign([SECRET]).filter(([name]) => name !== 'webhook-timestamp');
    expect(verify(headers, [SECRET])).toMatchObject({
      reason: 'timestamp_missing',
      message: 'The signature covers a timestamp, and the request carries no webhook-timestamp.',
    });
  });
});
