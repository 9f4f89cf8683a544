import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/core/http/headers.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import printone from '../../../src/core/providers/catalogue/printone.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider } from '../../../src/core/providers/model.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import { cpuTime } from '../../support/cpu.js';
import * as schemes from './schemes.js';
import { bodyOf, bytes, cases, NOW, signatureHeader, signed, titled, URL_OF_HOOK, verdictOf } from './schemes.js';
import { titledVectors, vectors } from './vectors.js';

const changedAt = (body: Uint8Array, index: number): Uint8Array => {
  const changed = Uint8Array.from(body);
  changed[index] = ((changed[index] ?? 0) + 1) % 256;
  return changed;
};

describe('published vectors', () => {
  it('are all there', () => {
    expect(vectors.length).toBeGreaterThan(15);
    for (const { source } of vectors) expect(source).not.toBe('');
  });

  describe.each(titledVectors)('%s', (_, vector) => {
    const provider = builtinProviders.find(({ name }) => name === vector.provider) as Provider;
    const request = {
      headers: Object.entries(vector.headers),
      body: bytes(vector.body),
      secrets: [vector.secret],
      now: (vector.at ?? 1_700_000_000) * 1_000,
      method: vector.method,
      url: vector.url,
    };

    it('is valid', () => {
      expect(verifySignature(provider, request)).toMatchObject({ status: 'valid', reason: null });
    });

    it('is invalid with one byte of the body changed', () => {
      // Twilio signs the URL of a JSON request, which holds a hash of the body; that is for its own definition to check.
      if (vector.url.includes('bodySHA256')) return;
      for (const index of [0, Math.floor(request.body.length / 2), request.body.length - 1]) {
        expect(verifySignature(provider, { ...request, body: changedAt(request.body, index) }).status).toBe('invalid');
      }
    });

    it('is invalid with another secret', () => {
      const last = vector.secret.replaceAll('=', '').slice(-1);
      const wrong =
        vector.scheme === 'v1a'
          ? 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
          : vector.secret.replace(last, last === '0' ? '1' : '0');
      expect(verifySignature(provider, { ...request, secrets: [wrong] })).toMatchObject({
        status: 'invalid',
        reason: 'mismatch',
      });
    });

    it('is valid where the right secret is one of several', () => {
      expect(verifySignature(provider, { ...request, secrets: ['deadbeef', vector.secret] }).status).toBe('valid');
    });
  });
});

describe('independent implementations', () => {
  const body = bytes('{"id":"wh_1","event":"order.created","data":{"total":499.00,"name":"Zoë"}}');
  const secret = 'a "quoted" sécret';

  /** HMAC-SHA256 by a program that is not Node, or by WebCrypto where there is none. */
  async function independentHmac(): Promise<Buffer> {
    const script =
      'import hmac,hashlib,os,sys;sys.stdout.write(hmac.new(os.environb[b"KEY"],sys.stdin.buffer.read(),hashlib.sha256).hexdigest())';
    const hexKey = Buffer.from(secret, 'utf8').toString('hex');
    const programs: ReadonlyArray<() => string> = [
      () =>
        execFileSync('openssl', ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hexKey}`], {
          input: body,
          stdio: 'pipe',
        }).toString(),
      () =>
        execFileSync('python3', ['-c', script], { input: body, stdio: 'pipe', env: { ...process.env, KEY: secret } }).toString(),
    ];
    for (const run of programs) {
      try {
        const hex = /([0-9a-f]{64})\s*$/.exec(run())?.[1];
        if (hex !== undefined) return Buffer.from(hex, 'hex');
      } catch {
        // Not installed here.
      }
    }
    const key = await crypto.subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    return Buffer.from(await crypto.subtle.sign('HMAC', key, body));
  }

  it('agree on what Connect2Print and Print.one sign', async () => {
    const hmac = await independentHmac();
    expect(signed(connect2print, { body, secrets: [secret] }).headers).toEqual([['X-Webhook-Signature', hmac.toString('hex')]]);
    expect(signed(printone, { body, secrets: [secret] }).headers).toEqual([['x-webhook-hmac-sha256', hmac.toString('base64')]]);
    for (const name of ['x-webhook-hmac-sha256', 'X-PrintOne-Hmac-SHA256']) {
      expect(verdictOf(printone, { headers: [[name, hmac.toString('base64')]], body, secrets: [secret] }).status).toBe('valid');
    }
    expect(
      verdictOf(connect2print, { headers: [['x-webhook-signature', hmac.toString('hex')]], body, secrets: [secret] }).status,
    ).toBe('valid');
  });

  it('WebCrypto makes signatures that verify', async () => {
    const key = await crypto.subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const hex = Buffer.from(await crypto.subtle.sign('HMAC', key, body)).toString('hex');
    expect(verdictOf(connect2print, { headers: [['X-Webhook-Signature', hex]], body, secrets: [secret] }).status).toBe('valid');
  });
});

describe.each(titled)('%s', (_, one) => {
  const { provider, secret, publicSecret, wrong } = one;
  const request = signed(provider, { body: bodyOf(one), secrets: [secret] });

  it('verifies what it signs, with either half of a key', () => {
    for (const known of [secret, publicSecret ?? secret]) {
      expect(verdictOf(provider, { ...request, secrets: [known] })).toMatchObject({
        status: 'valid',
        reason: null,
        diagnosis: [],
      });
    }
  });

  it('refuses a wrong secret, and a secret of another kind', () => {
    for (const secrets of [[wrong], ['c2p_live_0123']]) {
      expect(verdictOf(provider, { ...request, secrets })).toMatchObject({ status: 'invalid', reason: 'mismatch' });
    }
  });

  it('refuses any other byte in the body', () => {
    if (!one.covers) return;
    const index = fc.nat({ max: request.body.length - 1 });
    fc.assert(
      fc.property(index, (at) => {
        const body = changedAt(request.body, at);
        expect(verdictOf(provider, { ...request, body, secrets: [publicSecret ?? secret] }).status).toBe('invalid');
      }),
      { numRuns: 25 },
    );
  });

  it('says what is missing where nothing is signed', () => {
    const verdict = verdictOf(provider, { headers: [], body: bytes('{}'), secrets: [secret] });
    expect(verdict).toMatchObject({ status: 'invalid', reason: 'missing_signature' });
    expect(verdict.message).toMatch(/^The request carries no .+\.$/);
  });

  it('never says a secret or the signature it expected', () => {
    const body = changedAt(request.body, 0);
    for (const verdict of [
      verdictOf(provider, { headers: request.headers, body, secrets: [secret, wrong] }),
      verdictOf(provider, { headers: [], body, secrets: [secret] }),
      verdictOf(provider, { headers: request.headers.map(([name]) => [name, 'zz']), body, secrets: [secret] }),
    ]) {
      const expected = one.covers ? signed(provider, { body, secrets: [secret] }).headers : request.headers;
      for (const [, value] of expected) expect(verdict.message).not.toContain(value);
      expect(verdict.message).not.toContain(secret);
      expect(verdict.message).not.toContain(wrong);
    }
  });
});

it('verifies what it signs, whatever the bytes, the secret and the time', () => {
  const hmacs = cases.filter(
    ({ provider, covers, body }) => covers && body === undefined && provider.schemes[0]?.kind === 'hmac',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...hmacs.filter(({ provider }) => provider.schemes.every(({ keys }) => keys[0]?.encoding === 'utf8'))),
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.integer({ min: 0, max: 4e12 }),
      ({ provider }, body, secret, timestamp) => {
        const request = signed(provider, { body, secrets: [secret], timestamp });
        expect(verdictOf(provider, { ...request, secrets: [secret], now: timestamp }).status).toBe('valid');
        expect(verdictOf(provider, { ...request, secrets: [`${secret}.`], now: timestamp }).status).toBe('invalid');
      },
    ),
  );
});

it('refuses any other signature', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...cases),
      fc.nat(),
      fc.constantFrom(...'0123456789abcdefghijkmnXYZ+/-_=, '),
      (one, place, character) => {
        // Some ECDSA signatures have a second spelling in DER; what is asked here is that the text is taken strictly.
        if (one.provider.schemes[0]?.at[0]?.startsWith('header:') !== true || one.provider.name === 'sendgrid') return;
        const { headers, body } = signed(one.provider, { body: bodyOf(one), secrets: [one.secret] });
        const [name, value] = signatureHeader(one.provider, headers) ?? ['', ''];
        const at = place % value.length;
        const changed = value.slice(0, at) + character + value.slice(at + 1);
        const same = changed.trim().toLowerCase() === value.toLowerCase() || /[ ,;]/.test(character);
        if (same) return;
        // GitHub sends two, and either will do.
        const verdict = verdictOf(one.provider, {
          headers: headers
            .map((header) => (header[0] === name ? ([name, changed] as const) : header))
            .filter(([other]) => other !== 'X-Hub-Signature' || other === name),
          body,
          secrets: [one.secret],
        });
        expect(verdict.status).toBe('invalid');
      },
    ),
    { numRuns: 600 },
  );
});

describe('bad input', () => {
  const names = [
    ...new Set(
      cases.flatMap(({ provider }) =>
        provider.schemes.flatMap(({ at, timestamp, messageId }) => [...at, ...timestamp, ...messageId]),
      ),
    ),
  ]
    .filter((locator) => locator.startsWith('header:'))
    .map((locator) => locator.slice('header:'.length).replace('{n}', '1'));
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      ' ',
      ',',
      'v1,',
      'sha256=',
      't=,v1=',
      't=1,v1=zz',
      '=',
      '====',
      'NaN',
      '1e30',
      '-1',
      'ff',
      'f',
      'v1=é',
      '\u0000',
    ),
    fc.stringMatching(/^[0-9a-f]{63,65}$/),
    fc.base64String({ minLength: 40, maxLength: 92 }),
    fc
      .tuple(fc.constantFrom('v1,', 'v1=', 't=5,v1=', 'h1=', 'v0=', 'sha256='), fc.base64String({ maxLength: 90 }))
      .map((parts) => parts.join('')),
  );
  const headers = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 12 });
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map(bytes),
    fc
      .constantFrom(
        '',
        '{',
        'null',
        '[]',
        '{"signature":5}',
        '{"signature":{"signature":["a"]}}',
        '{"apikey":{}}',
        '{"signature":{"signature":"é","timestamp":1e400}}',
      )
      .map(bytes),
  );
  const everyProvider = cases.map(({ provider, secret, publicSecret }) => ({
    provider,
    secrets: [publicSecret ?? secret, 'other'],
  }));

  it('is a verdict and never an exception', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...everyProvider),
        headers,
        body,
        fc.option(fc.string()),
        ({ provider, secrets }, list, content, url) => {
          const verdict = verifySignature(provider, { headers: list as HeaderList, body: content, secrets, now: NOW, url });
          expect(verdict.status).toBe('invalid');
          expect(verdict.message).toMatch(/\.$/s);
          for (const secret of secrets) expect(verdict.message).not.toContain(`${secret}.`);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('is a verdict for secrets of any kind, too', () => {
    const secret = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '-----BEGIN PRIVATE KEY-----',
        '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
        ...cases.flatMap(({ secret: a, publicSecret: b }) => [a, b ?? a]),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cases), secret, (one, other) => {
        const request = signed(one.provider, { body: bodyOf(one), secrets: [one.secret] });
        const verdict = verdictOf(one.provider, { ...request, secrets: [other] });
        expect(verdict.status).toBe([one.secret, one.publicSecret].includes(other) ? 'valid' : verdict.status);
      }),
      { numRuns: 400 },
    );
  });

  it.each(titled)('10,000 signatures for %s take a moment', (_, one) => {
    const { headers } = signed(one.provider, { body: bodyOf(one), secrets: [one.secret] });
    const [name, value] = signatureHeader(one.provider, headers) ?? ['X-Any', 'zz'];
    const many = Array.from({ length: 10_000 }, (): [string, string] => [
      name,
      value.replace(/[A-Za-z0-9]{8}(?==*$)/, '00000000'),
    ]);
    const list = many.map(([, item]) => item).join(one.provider.schemes[0]?.separator ?? ', ');
    const began = cpuTime();
    for (const headersOfAll of [many, [[name, list] as const]]) {
      verdictOf(one.provider, {
        headers: [...headers.filter(([other]) => other !== name), ...headersOfAll],
        body: bytes('x'.repeat(10_000)),
        secrets: [one.publicSecret ?? one.secret],
      });
    }
    expect(cpuTime() - began).toBeLessThan(3_000);
  });

  it('a signature of megabytes is malformed', () => {
    for (const encoding of ['base64'] as const) {
      const inBody = defineProvider({ name: 'acme', signature: { at: 'body:/sig', encoding } });
      const body = bytes(`{"sig":"${'a'.repeat(20_000_000)}"}`);
      expect(verdictOf(inBody, { headers: [], body, secrets: ['s'] })).toMatchObject({ reason: 'malformed_signature' });
    }
  });

  it.each([
    ['', 'X-Webhook-Signature is empty; expected 64 hex characters (SHA256).'],
    ['abc', 'X-Webhook-Signature holds 3 characters that are not hex; expected 64 hex characters (SHA256).'],
    ['abcd', 'X-Webhook-Signature holds 4 characters; expected 64 hex characters (SHA256).'],
    [
      `sha256=${'0'.repeat(64)}`,
      'X-Webhook-Signature holds 71 characters that are not hex; expected 64 hex characters (SHA256).',
    ],
  ])('says what is wrong with %j', (given, message) => {
    const verdict = verdictOf(connect2print, { headers: [['X-Webhook-Signature', given]], body: bytes('{}'), secrets: ['s'] });
    expect(verdict).toEqual({ status: 'invalid', reason: 'malformed_signature', message, diagnosis: [] });
  });
});

describe('what cannot be checked', () => {
  it('is unchecked: no secret, or a provider that does not sign', () => {
    const request = { headers: [], body: bytes('{}') };
    expect(verdictOf(connect2print, { ...request, secrets: [] })).toMatchObject({ status: 'unchecked', reason: 'no_secret' });
    expect(verdictOf(schemes.prodigi, { ...request, secrets: ['s'] })).toMatchObject({
      status: 'unchecked',
      reason: 'no_secret',
    });
  });
});

describe('several signatures', () => {
  const body = bytes('{"type":"a"}');

  it.each(
    [schemes.stripe, schemes.paddle, schemes.docusign, schemes.mollie, schemes.circleci, schemes.sanity].map(
      (provider) => [provider.name, provider] as const,
    ),
  )('%s: any of them times any secret', (_, provider) => {
    const request = signed(provider, { body, secrets: ['old', 'new'] });
    for (const secret of ['old', 'new']) expect(verdictOf(provider, { ...request, secrets: [secret] }).status).toBe('valid');
    expect(verdictOf(provider, { ...request, secrets: ['none', 'new'] }).message).toContain('with secret 2 of 2');
    expect(verdictOf(provider, { ...request, secrets: ['none'] })).toMatchObject({
      status: 'invalid',
      message: expect.stringMatching(/does not match the body and the secret\.$/),
    });
    expect(verdictOf(provider, { ...request, secrets: ['none', 'other'] }).message).toMatch(/and any of the 2 secrets\.$/);
  });

  it('a repeated header counts as well when a proxy joined it', () => {
    const { headers } = signed(schemes.mollie, { body, secrets: ['old', 'new'] });
    const joined = headers.map(([, value]) => value).join(', ');
    for (const secret of ['old', 'new']) {
      expect(verdictOf(schemes.mollie, { headers: [['x-mollie-signature', joined]], body, secrets: [secret] }).status).toBe(
        'valid',
      );
    }
  });

  it('one of many that are of no use is found', () => {
    const { headers } = signed(schemes.stripe, { body, secrets: ['s'] });
    const value = `v0=zz,v1=,v1=${'0'.repeat(64)},${headers[0]?.[1]}`;
    expect(verdictOf(schemes.stripe, { headers: [['stripe-signature', value]], body, secrets: ['s'] }).status).toBe('valid');
  });
});

describe('what is signed along', () => {
  const body = bytes('{"type":"a"}');

  it('a URL that is not known is said, and is never taken for an empty one', () => {
    const request = signed(schemes.square, { body, secrets: ['s'] });
    expect(verdictOf(schemes.square, { ...request, secrets: ['s'], url: null })).toMatchObject({
      reason: 'mismatch',
      message: 'The signature in x-square-hmacsha256-signature covers the URL, and the URL the sender used is not known.',
    });
    const empty = signed(schemes.square, { body, secrets: ['s'], url: '' });
    expect(verdictOf(schemes.square, { ...empty, secrets: ['s'], url: null }).status).toBe('invalid');
    expect(verdictOf(schemes.square, { ...request, secrets: ['s'], url: `${URL_OF_HOOK}/` })).toMatchObject({
      status: 'invalid',
      message: 'The signature in x-square-hmacsha256-signature does not match the body and the secret.',
    });
  });

  it('an id that is missing is said', () => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    const { headers } = signed(standardWebhooks, { body, secrets });
    const verdict = verdictOf(standardWebhooks, { headers: headers.filter(([name]) => name !== 'webhook-id'), body, secrets });
    expect(verdict).toMatchObject({
      reason: 'mismatch',
      message: 'The signature covers an id, and the request carries no webhook-id.',
    });
  });

  it.each(['5m', { past: '5m', future: null }, { past: null, future: '5m' }] as const)(
    'a timestamp whose age is limited by %j must be there, signed or not',
    (tolerance) => {
      const unsigned = defineProvider({ name: 'acme', signature: { header: 'X-Sig', timestampHeader: 'X-Time', tolerance } });
      const { headers } = signed(unsigned, { body, secrets: ['s'] });
      expect(verdictOf(unsigned, { headers, body, secrets: ['s'] }).status).toBe('valid');
      const without = headers.filter(([name]) => name !== 'X-Time');
      expect(verdictOf(unsigned, { headers: without, body, secrets: ['s'] })).toMatchObject({ reason: 'timestamp_missing' });
      expect(verdictOf(unsigned, { headers: without, body, secrets: ['wrong'] }).status).toBe('invalid');
    },
  );

  it('headers are signed as the bytes they are', () => {
    const request = signed(schemes.gitlab, { body, secrets: ['Zoë €'] });
    // Each character of a header is a byte on the wire.
    expect(request.headers).toEqual([['X-Gitlab-Token', Buffer.from('Zoë €', 'utf8').toString('latin1')]]);
    expect(verdictOf(schemes.gitlab, { ...request, secrets: ['Zoë €'] }).status).toBe('valid');
  });
});

describe('age', () => {
  const body = bytes('{"type":"a"}');

  it('is limited as the provider says, unless told otherwise', () => {
    const request = signed(schemes.stripe, { body, secrets: ['s'] });
    const at = (now: number, tolerance?: number): string | null =>
      verdictOf(schemes.stripe, { ...request, secrets: ['s'], now, ...(tolerance === undefined ? {} : { tolerance }) }).reason;
    expect(at(NOW + 300_000)).toBeNull();
    expect(at(NOW + 301_000)).toBe('timestamp_too_old');
    // Stripe's own library does not mind the future.
    expect(at(NOW - 3_600_000)).toBeNull();
    expect(at(NOW - 3_600_000, 60_000)).toBe('timestamp_in_future');
    expect(at(NOW + 61_000, 60_000)).toBe('timestamp_too_old');
  });

  it('counts only after the signature: a stale and wrong one is wrong', () => {
    const request = signed(schemes.stripe, { body, secrets: ['s'] });
    expect(verdictOf(schemes.stripe, { ...request, secrets: ['x'], now: NOW + 1e9 }).reason).toBe('mismatch');
  });

  it('of a timestamp in the body is read there', () => {
    const request = signed(schemes.linear, { body: bytes(`{"webhookTimestamp":${NOW}}`), secrets: ['s'] });
    expect(verdictOf(schemes.linear, { ...request, secrets: ['s'], now: NOW + 60_000 }).status).toBe('valid');
    expect(verdictOf(schemes.linear, { ...request, secrets: ['s'], now: NOW + 60_001 }).reason).toBe('timestamp_too_old');
  });
});

it.each(builtinProviders.filter(({ schemes: own }) => own.length > 0).map((provider) => [provider.name, provider] as const))(
  '%s: without a signature that is what is said, whatever the secret is',
  (_, provider) => {
    const request = { headers: [], body: bytes('{"nothing":1}'), secrets: ['of another form'], now: NOW };
    expect(verifySignature(provider, request)).toMatchObject({ status: 'invalid', reason: 'missing_signature' });
  },
);
