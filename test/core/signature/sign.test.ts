import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import type { Provider } from '../../../src/core/providers/model.js';
import { type SignInput, signatureHeaderNames, signRequest, withoutSignature } from '../../../src/core/signature/sign.js';
import * as schemes from './schemes.js';
import { bodyOf, bytes, cases, NOW, signed, verdictOf } from './schemes.js';

const complaint = (provider: Provider, input: Partial<SignInput>): WebhookError => {
  try {
    signRequest(provider, { headers: [], body: bytes('{"a":1}'), secrets: ['s'], id: 'x', timestamp: NOW, ...input });
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
  throw new Error('it signed');
};

describe('how it is written', () => {
  const body = bytes('{"type":"a"}');

  it('as each sender writes it', () => {
    const value = (provider: Provider, secrets = ['s', 'r']): string[] =>
      signed(provider, { body, secrets }).headers.map(
        ([name, text]) => `${name}: ${text.replace(/[0-9a-f]{64}|[A-Za-z0-9+/_-]{42,}=*/g, '…')}`,
      );
    expect(value(connect2print)).toEqual(['X-Webhook-Signature: …']);
    expect(value(schemes.stripe)).toEqual([`Stripe-Signature: t=${NOW / 1_000},v1=…,v1=…`]);
    expect(value(schemes.paddle)).toEqual([`Paddle-Signature: ts=${NOW / 1_000};h1=…;h1=…`]);
    expect(value(schemes.sanity)).toEqual([`sanity-webhook-signature: t=${NOW},v1=…,v1=…`]);
    expect(value(schemes.docusign)).toEqual(['X-DocuSign-Signature-1: …', 'X-DocuSign-Signature-2: …']);
    expect(value(schemes.mollie)).toEqual(['X-Mollie-Signature: sha256=…', 'X-Mollie-Signature: sha256=…']);
    expect(value(schemes.slack)).toEqual([`X-Slack-Request-Timestamp: ${NOW / 1_000}`, 'X-Slack-Signature: v0=…']);
    expect(value(schemes.zendesk)[0]).toBe(`X-Zendesk-Webhook-Signature-Timestamp: ${new Date(NOW).toISOString()}`);
    expect(value(schemes.gitlab)).toEqual(['X-Gitlab-Token: s']);
    expect(value(schemes.github).map((line) => line.split('=')[0])).toEqual([
      'X-Hub-Signature-256: sha256',
      'X-Hub-Signature: sha1',
    ]);
  });

  it('two schemes of one header share its list, the timestamp once in it', () => {
    const both = defineProvider({
      name: 'acme',
      signature: ['v1=', 'v0='].map((prefix) => ({
        header: 'X-Sig',
        separator: ',',
        prefix,
        timestamp: 'item:t=',
        content: '{timestamp}.{body}',
        algorithm: prefix === 'v1=' ? 'sha256' : 'sha1',
      })),
    });
    const [[, value] = ['', ''], ...others] = signed(both, { body, secrets: ['s'] }).headers;
    expect(others).toEqual([]);
    expect(value).toMatch(/^t=\d+,v1=[0-9a-f]{64},v0=[0-9a-f]{40}$/);
  });

  it('what is accepted only is not sent', () => {
    const older = defineProvider({
      name: 'acme',
      signature: [{ header: 'X-New' }, { header: 'X-Old', algorithm: 'sha1', sends: false }],
    });
    expect(signed(older, { body, secrets: ['s'] }).headers.map(([name]) => name)).toEqual(['X-New']);
  });

  it('a timestamp and an id that are there already are signed as they are', () => {
    const secrets = ['whsec_c2VjcmV0'];
    const headers = [
      ['Webhook-Timestamp', '123'],
      ['WEBHOOK-ID', 'mine'],
    ] as const;
    const made = signRequest(standardWebhooks, { headers, body, secrets, id: 'other', timestamp: NOW });
    expect(made.headers.map(([name]) => name)).toEqual(['webhook-signature']);
    expect(verdictOf(standardWebhooks, { headers: [...headers, ...made.headers], body, secrets, now: 123_000 }).status).toBe(
      'valid',
    );
  });

  it('into the body where it stands there', () => {
    const made = signRequest(schemes.cloudprinter, { headers: [], body, secrets: ['a "key"'], id: 'x', timestamp: NOW });
    expect(made).toEqual({ headers: [], edits: [['/apikey', '"a \\"key\\""']], url: null });
    const mailgun = cases.find(({ provider }) => provider.name === 'mailgun');
    if (mailgun === undefined) throw new Error('no mailgun');
    const request = signed(mailgun.provider, { body: bodyOf(mailgun), secrets: ['s'] });
    expect(Buffer.from(request.body).toString()).toMatch(/"token":"50cd","signature":"[0-9a-f]{64}"\},"event-data"/);
  });

  it('an id of any characters goes into its header as UTF-8', () => {
    const secrets = ['whsec_c2VjcmV0'];
    const request = signed(standardWebhooks, { body, secrets, id: 'msg_é€' });
    expect(request.headers.find(([name]) => name === 'webhook-id')?.[1]).toBe(Buffer.from('msg_é€').toString('latin1'));
    expect(verdictOf(standardWebhooks, { ...request, secrets }).status).toBe('valid');
  });
});

describe('what cannot be signed', () => {
  const keyPair = generateKeyPairSync('ed25519');
  const publicPem = keyPair.publicKey.export({ format: 'pem', type: 'spki' }).toString();

  it('is said, with what to do next', () => {
    expect(complaint(schemes.prodigi, {})).toMatchObject({
      code: 'signing_impossible',
      message: 'prodigi does not sign its deliveries.',
    });
    expect(complaint(connect2print, { secrets: [] })).toMatchObject({
      code: 'secret_missing',
      hint: 'Set CONNECT2PRINT_WEBHOOK_SECRET in the environment, or pass --secret.',
    });
    expect(complaint(schemes.square, {})).toMatchObject({
      code: 'signing_impossible',
      message: 'The signature covers url, and the request has none.',
      hint: 'Say which URL the provider was given: --url https://…',
    });
    expect(complaint(schemes.mailgun, {}).code).toBe('signing_impossible');
    const inQuery = defineProvider({ name: 'acme', signature: { kind: 'token', at: 'query:token' } });
    expect(complaint(inQuery, {})).toMatchObject({ code: 'signing_impossible' });
  });

  it('with a public key is impossible', () => {
    for (const { provider, publicSecret } of cases) {
      if (publicSecret !== undefined) expect(complaint(provider, { secrets: [publicSecret] }).code).toBe('signing_impossible');
    }
    expect(complaint(schemes.discord, { secrets: [publicPem] })).toMatchObject({
      message: 'The secret cannot sign for discord: it is of another form, or a public key.',
    });
  });

  it('with the key of another algorithm is impossible', () => {
    const pem = keyPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    for (const provider of [schemes.rsa, schemes.sendgrid])
      expect(complaint(provider, { secrets: [pem] }).code).toBe('signing_impossible');
  });

  it('never says the secret', () => {
    for (const { provider } of cases) {
      try {
        signRequest(provider, { headers: [], body: bytes('{}'), secrets: ['not-a-key-of-any-kind'], id: 'x', timestamp: NOW });
      } catch (error) {
        expect(error).toBeInstanceOf(WebhookError);
        expect(JSON.stringify([String(error), (error as WebhookError).hint])).not.toContain('not-a-key');
      }
    }
  });
});

it('withoutSignature takes off what signing added, and leaves the id', () => {
  for (const { provider, secret, body } of cases) {
    const before = [['X-Other', '1']] as const;
    const { headers } = signed(provider, { headers: before, body: bytes(body ?? '{}'), secrets: [secret, secret] });
    const left = withoutSignature(provider, headers).map(([name]) => name);
    expect(left.filter((name) => !/-id$/.test(name))).toEqual(['X-Other']);
  }
  expect(signatureHeaderNames(schemes.docusign)).toContain('X-DocuSign-Signature-100');
});
