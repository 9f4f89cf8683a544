/** The library as an app uses it. Its types and examples are tried on the packed program: e2e/library.test.ts. */
import { createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { sampleHeaders, withQuery } from '../src/core/events/sample.js';
import * as library from '../src/index.js';
import { compose, defineConfig, defineProvider, providers, sign, verify } from '../src/index.js';
import { readFixture } from '../src/io/fixtures.js';
import { coversBody, otherSecretsFor, secretsFor } from './core/providers/samples.js';
import { titledVectors } from './core/signature/vectors.js';
import { caught } from './support/caught.js';

// Published by Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks, in each of its libraries' tests.
const STANDARD = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  at: 1_614_265_330_000,
};
const { secret, body, headers, at } = STANDARD;
const verdictOf = (changes: Partial<Parameters<typeof verify>[0]>): string =>
  verify({ provider: 'standard-webhooks', body, headers, secret, now: at, ...changes }).status;

it('offers what it says it offers, and nothing that only the program needs', () => {
  expect(Object.keys(library).sort()).toEqual([
    'WebhookError',
    'compose',
    'defineConfig',
    'defineProvider',
    'deliveryFromJson',
    'deliveryToJson',
    'providers',
    'sign',
    'verify',
  ]);
});

describe('verify', () => {
  it('takes headers in every form that servers give', () => {
    expect(verdictOf({ headers })).toBe('valid');
    expect(verdictOf({ headers: new Headers(headers) })).toBe('valid');
    expect(verdictOf({ headers: new Map(Object.entries(headers)) })).toBe('valid');
    expect(verdictOf({ headers: Object.entries(headers) })).toBe('valid');
    expect(verdictOf({ headers: { ...headers, 'set-cookie': ['a=1', 'b=2'], absent: undefined } })).toBe('valid');
    expect(verdictOf({ headers: { 'Webhook-ID': headers['webhook-id'], ...headers } })).toBe('valid');
  });

  it('takes the body as bytes or as text, whatever realm they are of', () => {
    const bytes = new TextEncoder().encode(body);
    const elsewhere = runInNewContext('Uint8Array.from(numbers)', { numbers: [...bytes] });
    expect(elsewhere instanceof Uint8Array).toBe(false);
    const inALargerBuffer = new Uint8Array([0, ...bytes, 0]).subarray(1, -1);
    for (const form of [bytes, bytes.buffer, Buffer.from(bytes), elsewhere, elsewhere.buffer, inALargerBuffer]) {
      expect(verdictOf({ body: form })).toBe('valid');
    }
  });

  it('takes several secrets, and the clock as a number or a Date', () => {
    expect(verdictOf({ secret: ['whsec_b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVz', secret] })).toBe('valid');
    expect(verdictOf({ now: new Date(at) })).toBe('valid');
    expect(verdictOf({ now: at + 301_000 })).toBe('invalid');
    expect(verdictOf({ now: at + 301_000, tolerance: 400_000 })).toBe('valid');
  });

  it('gives a verdict on whatever comes from outside', () => {
    for (const value of ['', 'v1,', 'v1,*', 'v1,AAAA', 'v9,AAAA', '\0', 'é', 'v1,'.repeat(1_000)]) {
      expect(verdictOf({ headers: { ...headers, 'webhook-signature': value } })).toBe('invalid');
    }
    expect(verdictOf({ headers: {} })).toBe('invalid');
    expect(verdictOf({ body: new Uint8Array() })).toBe('invalid');
    expect(verdictOf({ headers: { ...headers, 'webhook-timestamp': 'yesterday' } })).toBe('invalid');
  });

  it('throws only on misuse, and says what to do', () => {
    expect(caught(() => verdictOf({ provider: 'standard-webhook' }))).toMatchObject({
      code: 'provider_unknown',
      hint: 'Did you mean standard-webhooks?',
    });
    expect(caught(() => verdictOf({ secret: '' })).code).toBe('secret_missing');
    expect(caught(() => verdictOf({ secret: [] })).code).toBe('secret_missing');
    expect(caught(() => verdictOf({ secret: undefined as unknown as string })).code).toBe('secret_missing');
    expect(caught(() => verdictOf({ secret: 'not base64!' })).code).toBe('secret_malformed');
    expect(caught(() => verdictOf({ headers: undefined as unknown as Headers })).code).toBe('usage');
    const parsed = JSON.parse(body);
    expect(caught(() => verdictOf({ body: parsed }))).toMatchObject({ code: 'usage', hint: expect.stringContaining('raw') });
  });

  it('has no secret in what it says', () => {
    const told = JSON.stringify([
      verify({ provider: 'standard-webhooks', body: '{}', headers, secret, now: at }),
      caught(() => verdictOf({ secret: 'c2VjcmV0IQ==canary!' })),
    ]);
    expect(told).not.toMatch(/MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw|canary/);
  });
});

describe('sign', () => {
  it('makes the published signature', () => {
    const made = sign({ provider: 'standard-webhooks', body, secret, id: headers['webhook-id'], timestamp: at });
    expect(Object.fromEntries(made.map(([name, value]) => [name.toLowerCase(), value]))).toEqual(headers);
  });

  it('makes a fresh id and takes the time of now where nothing is said', () => {
    const made = sign({ provider: 'standard-webhooks', body, secret });
    expect(verify({ provider: 'standard-webhooks', body, secret, headers: made }).status).toBe('valid');
    const ids = [made, sign({ provider: 'standard-webhooks', body, secret })].map((pairs) =>
      new Headers(pairs).get('webhook-id'),
    );
    expect(new Set(ids).size).toBe(2);
  });
});

describe('compose', () => {
  const payload = '{"id":"wh_1","event":"order.created","timestamp":"2024-01-01T00:00:00Z","data":{"order":{"total":499.00}}}';
  const url = 'http://localhost:3000/hooks';

  it('makes a delivery that fetch takes as it is, with a fresh id and time, and every other byte kept', () => {
    const request = compose({
      provider: 'connect2print',
      event: 'order.created',
      payload,
      url,
      secret: 'its secret',
      id: 'wh_2',
      timestamp: Date.parse('2026-11-22T14:02:11Z'),
    });
    const text = Buffer.from(request.body).toString();
    expect(text).toBe(payload.replace('wh_1', 'wh_2').replace('2024-01-01T00:00:00Z', '2026-11-22T14:02:11Z'));
    const fetched = new Request(request.url, request);
    expect(fetched.method).toBe('POST');
    // Hex HMAC-SHA256 of the body, as Connect2Print documents it.
    const expected = createHmac('sha256', 'its secret').update(request.body).digest('hex');
    expect(fetched.headers.get('x-webhook-signature')).toBe(expected);
  });

  it('sets values in the spelling they are given, and goes unsigned without a secret', () => {
    const set = { 'data.order.total': '12.50' };
    const request = compose({ provider: 'connect2print', event: 'order.created', payload, url, set });
    expect(Buffer.from(request.body).toString()).toContain('"total":12.50');
    expect(new Headers(request.headers).has('x-webhook-signature')).toBe(false);
  });

  it('takes bytes, text, or a value that is written as JSON; not nothing', () => {
    const bodies = [payload, Buffer.from(payload), new TextEncoder().encode(payload).buffer].map((form) =>
      Buffer.from(
        compose({ provider: 'connect2print', event: 'x', payload: form, url, id: 'wh_2', timestamp: at }).body,
      ).toString(),
    );
    expect(new Set(bodies).size).toBe(1);
    const written = compose({ provider: 'standard-webhooks', event: 'x', payload: { type: 'x', n: 1 }, url });
    expect(JSON.parse(Buffer.from(written.body).toString())).toMatchObject({ type: 'x', n: 1 });
    expect(caught(() => compose({ provider: 'standard-webhooks', event: 'x', payload: undefined, url })).code).toBe('usage');
  });
});

describe('providers', () => {
  it('are the built-in ones, and one of your own is as good', () => {
    expect(providers.map(({ name }) => name)).toEqual(expect.arrayContaining(['connect2print', 'printone', 'standard-webhooks']));
    const acme = defineProvider({ name: 'acme', signature: { header: 'X-Acme-Signature' }, event: 'body:/type' });
    const made = sign({ provider: acme, body, secret: 'its secret' });
    expect(made).toEqual([['X-Acme-Signature', createHmac('sha256', 'its secret').update(body).digest('hex')]]);
    expect(verify({ provider: acme, body, secret: 'its secret', headers: made }).status).toBe('valid');
  });
});

it('defineConfig gives back what it was given', () => {
  const config = { provider: 'connect2print' };
  expect(defineConfig(config)).toBe(config);
});

describe('every provider', () => {
  it.each(titledVectors)('verifies what was published: %s', (_, vector) => {
    const { provider, body, headers, secret, url, method, at: seconds = 0 } = vector;
    const options = { provider, body, headers, url, method, now: seconds * 1_000 };
    expect(verify({ ...options, secret })).toMatchObject({ status: 'valid', reason: null });
    expect(verify({ ...options, secret, body: `${body} ` }).status).toBe('invalid');
  });

  const signing = providers.filter(({ schemes }) => schemes.some(({ sends }) => sends)).map((one) => [one.name, one] as const);
  it.each(signing)('%s: what is composed is valid, and not under another secret or with another body', async (_, provider) => {
    const [event = ''] = Object.keys(provider.events);
    const { sample } = await readFixture(provider.name, event);
    const [secret = ''] = secretsFor(provider);
    const request = compose({
      provider: provider.name,
      event,
      payload: sample.body,
      headers: sampleHeaders(sample, provider.contentType),
      url: withQuery('https://hooks.example.com/in', sample.query),
      secret,
    });
    const verdict = (changes: Partial<Parameters<typeof verify>[0]> = {}) =>
      verify({ provider: provider.name, ...request, secret, ...changes }).status;
    expect(verdict()).toBe('valid');
    expect(verdict({ secret: otherSecretsFor(provider) })).toBe('invalid');
    expect(verdict({ secret: [...otherSecretsFor(provider), secret] })).toBe('valid');
    const covered = provider.schemes.filter(({ sends }) => sends).every(coversBody);
    const changed = Buffer.from(request.body);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    if (covered) expect(verdict({ body: changed })).toBe('invalid');
  });
});
