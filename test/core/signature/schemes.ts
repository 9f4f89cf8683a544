/** Providers declared with the vocabulary of `defineProvider`, one for each way to sign that it must be able to say. */
import { createHash, createHmac, generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import { applyEdits } from '../../../src/core/events/edits.js';
import { type HeaderList, headerValue } from '../../../src/core/http/headers.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import printone from '../../../src/core/providers/catalogue/printone.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import type { Provider, SchemeDefinition } from '../../../src/core/providers/model.js';
import type { CustomInput, CustomScheme } from '../../../src/core/signature/custom/model.js';
import { type SignInput, signRequest } from '../../../src/core/signature/sign.js';
import type { Verdict } from '../../../src/core/signature/verdict.js';
import { type VerifyInput, verifySignature } from '../../../src/core/signature/verify.js';

export const NOW: number = Date.UTC(2026, 10, 22, 14, 2, 11);
export const URL_OF_HOOK = 'https://hooks.example.com/in?shop=1';

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const declare = (name: string, signature: SchemeDefinition | readonly SchemeDefinition[], eventId?: string): Provider =>
  defineProvider({ name, signature, event: 'body:/type', ...(eventId === undefined ? {} : { eventId }) });

export const github: Provider = declare('github', [
  { id: 'sha256', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
  { id: 'sha1', header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' },
]);
export const bitbucket: Provider = declare('bitbucket', { header: 'X-Hub-Signature', prefix: 'sha256=' });
export const slack: Provider = declare('slack', {
  header: 'X-Slack-Signature',
  prefix: 'v0=',
  content: 'v0:{timestamp}:{body}',
  timestampHeader: 'X-Slack-Request-Timestamp',
  tolerance: { past: '5m', future: null },
});
export const paddle: Provider = declare('paddle', {
  header: 'Paddle-Signature',
  separator: ';',
  prefix: 'h1=',
  timestamp: 'item:ts=',
  content: '{timestamp}:{body}',
  tolerance: { past: '5s', future: null },
});
export const square: Provider = declare('square', {
  header: 'x-square-hmacsha256-signature',
  encoding: 'base64',
  content: '{url}{body}',
});
export const hubspot: Provider = declare('hubspot', { kind: 'hash', header: 'X-HubSpot-Signature', content: '{secret}{body}' });
export const hubspotV2: Provider = declare('hubspot-v2', {
  kind: 'hash',
  header: 'X-HubSpot-Signature',
  content: '{secret}{method}{url}{body}',
});
export const hubspotV3: Provider = declare('hubspot-v3', {
  header: 'X-HubSpot-Signature-v3',
  encoding: 'base64',
  content: '{method}{url}{body}{timestamp}',
  timestampHeader: 'X-HubSpot-Request-Timestamp',
  timestampUnit: 'ms',
  tolerance: '5m',
});
export const razorpay: Provider = declare('razorpay', { header: 'X-Razorpay-Signature' }, 'header:x-razorpay-event-id');
export const sanity: Provider = declare('sanity', {
  header: 'sanity-webhook-signature',
  separator: ',',
  prefix: 'v1=',
  encoding: 'base64url',
  timestamp: 'item:t=',
  timestampUnit: 'ms',
  content: '{timestamp}.{body}',
});
export const circleci: Provider = declare('circleci', { header: 'circleci-signature', separator: ',', prefix: 'v1=' });
export const adyen: Provider = declare('adyen', {
  header: 'HmacSignature',
  encoding: 'base64',
  key: { encoding: 'hex' },
});
export const stripe: Provider = declare('stripe', {
  header: 'Stripe-Signature',
  separator: ',',
  prefix: 'v1=',
  timestamp: 'item:t=',
  content: '{timestamp}.{body}',
  tolerance: { past: '5m', future: null },
});
export const paystack: Provider = declare('paystack', { header: 'x-paystack-signature', algorithm: 'sha512' });
export const docusign: Provider = declare('docusign', { header: 'X-DocuSign-Signature-{n}', encoding: 'base64' });
export const mollie: Provider = declare('mollie', { header: 'X-Mollie-Signature', prefix: 'sha256=', repeated: true });
export const zendesk: Provider = declare('zendesk', {
  header: 'X-Zendesk-Webhook-Signature',
  encoding: 'base64',
  timestampHeader: 'X-Zendesk-Webhook-Signature-Timestamp',
  timestampUnit: 'iso',
  content: '{timestamp}{body}',
  tolerance: '5m',
});
export const linear: Provider = declare('linear', {
  header: 'Linear-Signature',
  timestamp: 'body:/webhookTimestamp',
  timestampUnit: 'ms',
  tolerance: '1m',
});
export const mailgun: Provider = declare('mailgun', {
  at: 'body:/signature/signature',
  timestamp: 'body:/signature/timestamp',
  content: '{timestamp}{body:/signature/token}',
});
export const gitlab: Provider = declare('gitlab', { kind: 'token', header: 'X-Gitlab-Token' });
export const telnyx: Provider = declare('telnyx', {
  kind: 'ed25519',
  header: 'telnyx-signature-ed25519',
  encoding: 'base64',
  timestampHeader: 'telnyx-timestamp',
  content: '{timestamp}|{body}',
  tolerance: '5m',
  key: { encoding: 'base64' },
});
export const discord: Provider = declare('discord', {
  kind: 'ed25519',
  header: 'X-Signature-Ed25519',
  timestampHeader: 'X-Signature-Timestamp',
  content: '{timestamp}{body}',
  key: { encoding: 'hex' },
});
export const sendgrid: Provider = declare('sendgrid', {
  kind: 'ecdsa',
  header: 'X-Twilio-Email-Event-Webhook-Signature',
  encoding: 'base64',
  timestampHeader: 'X-Twilio-Email-Event-Webhook-Timestamp',
  content: '{timestamp}{body}',
});
export const rsa: Provider = declare('rsa-signed', { kind: 'rsa', header: 'X-Rsa-Signature', encoding: 'base64' });
export const cloudprinter: Provider = declare('cloudprinter', { kind: 'token', at: 'body:/apikey' });
export const prodigi: Provider = defineProvider({ name: 'prodigi', event: 'body:/type', eventId: 'body:/id' });

/** Twilio's form bodies: sorted names and values behind the URL, which no template says. */
const twilioForm: CustomScheme = {
  summary: 'HMAC-SHA1 of the URL and the sorted form fields',
  sign: (input) => ({ headers: [['X-Twilio-Signature', twilioSignature(input)]] }),
  verify: (input) => {
    const given = headerValue(input.headers, 'x-twilio-signature');
    if (given === null) return 'absent';
    const [a, b] = [Buffer.from(given), Buffer.from(twilioSignature(input))];
    return a.length === b.length && timingSafeEqual(a, b) ? 'valid' : 'mismatch';
  },
};

function twilioSignature({ body, url, secret }: CustomInput): string {
  const text = Buffer.from(body).toString('utf8');
  const fields = text.startsWith('{') ? [] : [...new URLSearchParams(text)].sort(([a], [b]) => (a < b ? -1 : 1));
  const content = (url ?? '') + fields.map(([name, value]) => name + value).join('');
  return createHmac('sha1', secret).update(content).digest('base64');
}

export const twilio: Provider = declare('twilio', { header: 'X-Twilio-Signature', custom: twilioForm });

/** One way to sign with all it takes to try it. */
export interface Case {
  readonly provider: Provider;
  /** To sign with, to verify with where that is another, and one that is wrong. */
  readonly secret: string;
  readonly publicSecret?: string;
  readonly wrong: string;
  /** False where the scheme does not sign the whole body. */
  readonly covers: boolean;
  /** The payload; default `{"type":"a.b","id":"x"}`. */
  readonly body?: string;
}

const ed = generateKeyPairSync('ed25519');
const edOther = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ecOther = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaOther = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** `seed‖public` and `public` of an Ed25519 pair, as providers hand them out. */
function rawEd25519(pair: typeof ed): { both: Buffer; publicOnly: Buffer } {
  const seed = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const publicOnly = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { both: Buffer.concat([seed, publicOnly]), publicOnly };
}

const pem = (key: typeof ed.privateKey): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
const spki = (key: typeof ed.publicKey): string => key.export({ format: 'der', type: 'spki' }).toString('base64');

const plain = { secret: 'a secret, 32 characters or so …', wrong: 'another secret', covers: true };
const hexKey = createHash('sha256').update('key').digest('hex');

export const cases: readonly Case[] = [
  ...[connect2print, printone, github, bitbucket, slack, paddle, square, hubspot, hubspotV2, hubspotV3, razorpay, sanity].map(
    (provider) => ({ ...plain, provider }),
  ),
  ...[circleci, stripe, paystack, docusign, mollie, zendesk].map((provider) => ({ ...plain, provider })),
  { ...plain, provider: linear, body: `{"type":"a.b","webhookTimestamp":${NOW}}` },
  {
    ...plain,
    provider: standardWebhooks,
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    wrong: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  },
  {
    provider: standardWebhooks,
    secret: `whsk_${rawEd25519(ed).both.toString('base64')}`,
    publicSecret: `whpk_${rawEd25519(ed).publicOnly.toString('base64')}`,
    wrong: `whpk_${rawEd25519(edOther).publicOnly.toString('base64')}`,
    covers: true,
  },
  { provider: adyen, secret: hexKey, wrong: hexKey.replaceAll('a', 'b'), covers: true },
  {
    ...plain,
    provider: mailgun,
    covers: false,
    body: `{"signature":{"timestamp":"${NOW / 1_000}","token":"50cd","signature":""},"event-data":{"event":"opened"}}`,
  },
  { ...plain, provider: gitlab, secret: 'glpat-Zoë', covers: false },
  { ...plain, provider: cloudprinter, covers: false, body: '{"apikey":"","type":"ItemShipped"}' },
  {
    provider: telnyx,
    secret: rawEd25519(ed).both.toString('base64'),
    publicSecret: rawEd25519(ed).publicOnly.toString('base64'),
    wrong: rawEd25519(edOther).publicOnly.toString('base64'),
    covers: true,
  },
  {
    provider: discord,
    secret: pem(ed.privateKey),
    publicSecret: rawEd25519(ed).publicOnly.toString('hex'),
    wrong: rawEd25519(edOther).publicOnly.toString('hex'),
    covers: true,
  },
  {
    provider: sendgrid,
    secret: pem(ec.privateKey),
    publicSecret: spki(ec.publicKey),
    wrong: spki(ecOther.publicKey),
    covers: true,
  },
  {
    provider: rsa,
    secret: pem(rsaPair.privateKey),
    publicSecret: spki(rsaPair.publicKey),
    wrong: spki(rsaOther.publicKey),
    covers: true,
  },
  { ...plain, provider: twilio, covers: true, body: 'CallSid=CA1&Digits=1234' },
];

/** A title for `describe.each`, where one provider signs in two ways. */
export const titled: ReadonlyArray<readonly [string, Case]> = cases.map((one) => [
  one.publicSecret === undefined ? one.provider.name : `${one.provider.name} with a key pair`,
  one,
]);

export const bodyOf = (one: Case): Uint8Array => bytes(one.body ?? '{"type":"a.b","id":"x"}');

/** Signs, and puts into the request what that adds to it. */
export function signed(
  provider: Provider,
  input: Partial<SignInput> & Pick<SignInput, 'body' | 'secrets'>,
): { headers: HeaderList; body: Uint8Array } {
  const headers = input.headers ?? [];
  const made = signRequest(provider, { headers, id: 'msg_1', timestamp: NOW, url: URL_OF_HOOK, ...input });
  const edits = made.edits.map(([path, json]) => ({ kind: 'set', path, json }) as const);
  return { headers: [...headers, ...made.headers], body: applyEdits(input.body, edits) };
}

export function verdictOf(
  provider: Provider,
  input: Partial<VerifyInput> & Pick<VerifyInput, 'headers' | 'body' | 'secrets'>,
): Verdict {
  return verifySignature(provider, { now: NOW, url: URL_OF_HOOK, ...input });
}

/** The header that carries the signature, among those that signing added. */
export function signatureHeader(provider: Provider, headers: HeaderList): readonly [name: string, value: string] | undefined {
  const names = provider.schemes.flatMap(({ at }) => at).map((locator) => locator.replace('header:', '').replace('{n}', '1'));
  return headers.find(([name]) => names.includes(name));
}
