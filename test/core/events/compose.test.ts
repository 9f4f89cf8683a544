import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import { type ComposeInput, compose, createComposer } from '../../../src/core/events/compose.js';
import { headerValue } from '../../../src/core/http/headers.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import { identify } from '../../../src/core/providers/batch.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import printone from '../../../src/core/providers/catalogue/printone.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import { sampleInput } from '../providers/samples.js';
import { bytes, github, linear, NOW, prodigi, square } from '../signature/schemes.js';

const SECRET = 'whsec_c2VjcmV0';
const ENVELOPE = `\ufeff{
  "id" : "wh_1a2b3c4d5e6f", "event": "order.created",\t"timestamp": "2024-01-15T10:30:00Z",
  "data": { "total": 499.00, "total": 1.10, "name": "Zo\\u00eb \\/ Zoë", "big": 12345678901234567890, "list": [ ] }
}\r\n`;

/** Counts up, so that two of them differ. */
function counter(): (size: number) => Uint8Array {
  let next = 0;
  return (size) => Uint8Array.from({ length: size }, () => next++ % 256);
}

const inputOf = (over: Partial<ComposeInput>): ComposeInput => ({
  provider: connect2print,
  event: 'order.created',
  payload: bytes(ENVELOPE),
  fresh: true,
  secrets: [SECRET],
  url: 'http://localhost:3000/hooks?x=1',
  userAgent: 'webhook-cli/test',
  now: NOW,
  random: counter(),
  ...over,
});
const make = (over: Partial<ComposeInput> = {}): OutgoingRequest => compose(inputOf(over));
const textOf = (request: OutgoingRequest): string => Buffer.from(request.body).toString();
const complaint = (over: Partial<ComposeInput>): WebhookError => {
  try {
    make(over);
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
  throw new Error('it composed');
};
const verdict = (request: OutgoingRequest, over: Partial<ComposeInput> = {}) => {
  const { provider, secrets } = inputOf(over);
  return verifySignature(provider, { ...request, secrets, now: NOW });
};

describe('a fixture', () => {
  it('gets its id in the one of several places where it has one', () => {
    const provider = defineProvider({ name: 'acme', eventId: ['body:/message/id', 'body:/post/id'], idFormat: 'fresh' });
    const fresh = (payload: string, id: string | null = null): string =>
      textOf(make({ provider, payload: bytes(payload), secrets: [], id }));
    expect(fresh('{"post":{"id":"old"}}')).toBe('{"post":{"id":"fresh"}}');
    expect(fresh('{"message":{"id":"old"},"post":{"id":"other"}}')).toBe('{"message":{"id":"fresh"},"post":{"id":"other"}}');
    expect(fresh('{"read":{}}')).toBe('{"read":{}}');
    expect(fresh('{"message":{}}', 'mine')).toBe('{"message":{"id":"mine"}}');
  });

  it('spells what is fresh from what stood there, and from what is fresh already', () => {
    const provider = defineProvider({
      name: 'acme',
      batch: 'body:/orders',
      event: 'each:/type',
      fresh: {
        'each:/id': '{stem}{uuid}',
        'each:/url': 'https://a.test/{each:/id}',
        'each:/other': '{each:/none}',
        'body:/none': '{uuid}',
      },
    });
    let drawn = 0;
    const random = (size: number): Uint8Array => new Uint8Array(size).fill(++drawn);
    const payload = bytes('{"orders":[{"id":"ord_1","url":"x","other":"stays"},{"id":"ord_1","url":7}]}');
    const { orders } = JSON.parse(textOf(make({ provider, payload, secrets: [], random })));
    const [first, second] = orders;
    expect(first.id).toMatch(/^ord_[0-9a-f]{8}-/);
    expect(first).toEqual({ id: first.id, url: `https://a.test/${first.id}`, other: 'stays' });
    expect(second).toEqual({ id: expect.stringMatching(/^ord_[0-9a-f]{8}-/), url: `https://a.test/${second.id}` });
    expect(second.id).not.toBe(first.id);
  });

  it('spells a time as what stands there does, where a provider has several spellings', () => {
    const provider = defineProvider({ name: 'acme', sentAt: 'body:/at', sentAtFormat: ['s', 'iso', '{date} {time}'] });
    const spelled = (payload: string): string => textOf(make({ provider, payload: bytes(payload), secrets: [] }));
    expect(spelled('{"at":1}')).toBe('{"at":1795356131}');
    expect(spelled('{"at":"2020-01-01T00:00:00.000Z"}')).toBe('{"at":"2026-11-22T14:02:11.000Z"}');
    expect(spelled('{"at":"2020-01-01 00:00:00"}')).toBe('{"at":"2026-11-22 14:02:11"}');
    expect(spelled('{"at":"soon"}')).toBe('{"at":"1795356131"}');
    expect(spelled('{}')).toBe('{}');
  });

  it('fills what stands in braces in its own headers', () => {
    const sampleHeaders = [
      ['X-Id', 'a-{hex:4}'],
      ['X-Other', '{"a":1}'],
    ] as const;
    const valueIn = (name: string, fresh: boolean): string | null => headerValue(make({ sampleHeaders, fresh }).headers, name);
    expect([valueIn('X-Id', true), valueIn('X-Other', true)]).toEqual([expect.stringMatching(/^a-[0-9a-f]{4}$/), '{"a":1}']);
    expect(valueIn('X-Id', false)).toBe('a-{hex:4}');
  });

  it('is signed in its form, by the scheme that goes with its headers, or not at all', () => {
    const signature = [
      { id: 'form', at: ['body:/sig', 'form:sig'], content: '{form:a}', sentWith: 'X-Form' },
      { id: 'header', header: 'X-Sig' },
    ] as const;
    const provider = defineProvider({ name: 'acme', signature, unsigned: { body: 'ping=1', why: 'It is not.' } });
    const form = (payload: string, own: string[]) =>
      make({
        provider,
        payload: bytes(payload),
        sampleHeaders: [['Content-Type', 'application/x-www-form-urlencoded'], ...own.map((name) => [name, '1'] as const)],
      });
    const signed = form('a=1&b=2', ['X-Form']);
    expect(textOf(signed)).toMatch(/^a=1&b=2&sig=[0-9a-f]{64}$/);
    expect(headerValue(signed.headers, 'X-Sig')).toBeNull();
    expect(verifySignature(provider, { ...signed, secrets: [SECRET], now: NOW }).status).toBe('valid');
    const changed = { ...signed, body: bytes(textOf(signed).replace('a=1', 'a=2')) };
    expect(verifySignature(provider, { ...changed, secrets: [SECRET], now: NOW }).reason).toBe('mismatch');
    expect(headerValue(form('a=1', []).headers, 'X-Sig')).toMatch(/^[0-9a-f]{64}$/);
    expect(form('ping=1', []).headers.map(([name]) => name)).not.toContain('X-Sig');
  });

  it('loses white space, gets a fresh id and time, and keeps every other byte', () => {
    expect(textOf(make())).toBe(
      '{"id":"wh_000102030405","event":"order.created","timestamp":"2026-11-22T14:02:11Z",' +
        '"data":{"total":499.00,"total":1.10,"name":"Zo\\u00eb \\/ Zoë","big":12345678901234567890,"list":[]}}',
    );
  });

  it('takes an id and a time that are given', () => {
    const body = textOf(make({ id: 'wh_"mine"', timestamp: Date.UTC(2020, 0, 2) }));
    expect(body).toContain('{"id":"wh_\\"mine\\"","event":"order.created","timestamp":"2020-01-02T00:00:00Z"');
  });

  it('each is another delivery', () => {
    const random = counter();
    const ids = [1, 2, 3].map(() => JSON.parse(textOf(make({ random }))).id);
    expect(new Set(ids).size).toBe(3);
  });

  it('edits come last, so that they win', () => {
    const edits = [
      { kind: 'set', path: 'id', json: '"mine"' },
      { kind: 'set', path: 'data.total', json: '12.50' },
      { kind: 'unset', path: 'timestamp' },
    ] as const;
    const request = make({ edits });
    expect(textOf(request)).toContain('{"id":"mine","event":"order.created","data":{"total":499.00,"total":12.50,');
    expect(verdict(request).status).toBe('valid');
  });

  it('a value keeps its kind: a number stays one', () => {
    const numeric = defineProvider({
      name: 'acme',
      eventId: 'body:/id',
      idFormat: '1{digits:3}',
      sentAt: 'body:/at',
      sentAtFormat: 's',
    });
    const body = (payload: string, over: Partial<ComposeInput> = {}): string =>
      textOf(make({ provider: numeric, payload: bytes(payload), ...over }));
    expect(body('{"id":5,"at":5}')).toBe(`{"id":1012,"at":${NOW / 1_000}}`);
    expect(body('{"id":"5","at":"5"}')).toBe(`{"id":"1012","at":"${NOW / 1_000}"}`);
    expect(body('{"id":5}', { id: 'x-1' })).toBe('{"id":"x-1"}');
  });

  it('lacks what it lacks, unless that is asked for', () => {
    const payload = bytes('{"event":"x"}');
    expect(textOf(make({ payload }))).toBe('{"event":"x"}');
    expect(textOf(make({ payload, id: 'wh_1', timestamp: 0 }))).toBe(
      '{"event":"x","id":"wh_1","timestamp":"1970-01-01T00:00:00Z"}',
    );
  });

  it('a timestamp in the body that the signature is checked by is fresh as well', () => {
    const request = make({ provider: linear, payload: bytes('{"webhookTimestamp":5}') });
    expect(textOf(request)).toBe(`{"webhookTimestamp":${NOW}}`);
    expect(verdict(request, { provider: linear }).status).toBe('valid');
  });

  it('that is not JSON is refused', () => expect(complaint({ payload: bytes('{"a":}') }).code).toBe('edit_failed'));
});

describe('a payload of the user’s own', () => {
  it.each([ENVELOPE, '', 'not json', '{"id":"old","timestamp":"2024-01-15T10:30:00Z"} '])('goes as it is: %j', (payload) => {
    const request = make({ payload: bytes(payload), fresh: false });
    expect(Buffer.from(request.body).equals(bytes(payload))).toBe(true);
    expect(verdict(request).status).toBe('valid');
  });

  it('binary, too', () => {
    const payload = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(make({ payload, fresh: false }).body).toEqual(payload);
  });

  it('changes only where that is asked for', () => {
    const body = textOf(make({ fresh: false, id: 'wh_2' }));
    expect(body).toBe(ENVELOPE.replace('wh_1a2b3c4d5e6f', 'wh_2'));
  });
});

describe('headers', () => {
  it('are the provider’s', () => {
    expect(
      make({ provider: printone, payload: bytes('{"data":{"id":"o"},"created_at":"x","event":"e"}'), event: 'e' }).headers,
    ).toEqual([
      ['Content-Type', 'application/json'],
      ['User-Agent', 'Print.one Webhook Service'],
      ['x-webhook-event', 'e'],
      ['x-webhook-hmac-sha256', expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/)],
    ]);
    expect(make().headers.map(([name, value]) => [name, value.length > 60 ? '…' : value])).toEqual([
      ['Content-Type', 'application/json'],
      ['User-Agent', 'webhook-cli/test'],
      ['X-Webhook-Signature', '…'],
    ]);
    const standard = make({ provider: standardWebhooks });
    expect(standard.headers.map(([name]) => name)).toEqual([
      'Content-Type',
      'User-Agent',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ]);
    expect(headerValue(standard.headers, 'webhook-id')).toMatch(/^msg_[0-9A-Za-z]{27}$/);
  });

  it('are replaced, dropped and added as the user says, the signature among them', () => {
    const { headers } = make({
      headers: [
        ['content-type', 'text/plain'],
        ['User-Agent', ''],
        ['X-New', '1'],
        ['x-webhook-signature', 'mine'],
      ],
    });
    expect(headers).toEqual([
      ['content-type', 'text/plain'],
      ['X-New', '1'],
      ['x-webhook-signature', 'mine'],
    ]);
  });

  it('a timestamp and an id of the user’s own are what is signed', () => {
    const headers = [
      ['Webhook-Timestamp', String(NOW / 1_000 - 5)],
      ['Webhook-Id', 'mine'],
    ] as const;
    const request = make({ provider: standardWebhooks, headers });
    expect(request.headers.filter(([name]) => /^webhook-(id|timestamp)$/i.test(name))).toEqual([
      ['Webhook-Id', 'mine'],
      ['Webhook-Timestamp', String(NOW / 1_000 - 5)],
    ]);
    expect(verdict(request, { provider: standardWebhooks }).status).toBe('valid');
  });

  it('hold any text as UTF-8, and no control characters', () => {
    const provider = defineProvider({ name: 'acme', headers: [['X-Event', '{event}']], eventId: 'header:X-Id' });
    const request = make({ provider, event: 'größe €', id: 'é' });
    expect(new RequestReader({ ...request, path: '/' }).read('header:X-Event')).toBe('größe €');
    expect(headerValue(request.headers, 'X-Id')).toBe('\xc3\xa9');
    expect(complaint({ provider, event: 'a\r\nX-Evil: 1' })).toMatchObject({ code: 'usage' });
  });
});

describe('signing', () => {
  it('is over the very bytes that are sent, for the URL it is sent to', () => {
    for (const provider of [connect2print, printone, standardWebhooks, github, square]) {
      const request = make({ provider });
      expect(verifySignature(provider, { ...request, secrets: [SECRET], now: NOW }).status).toBe('valid');
    }
  });

  it('may be for another URL than it is sent to', () => {
    const request = make({ provider: square, signedUrl: 'https://public.example/in' });
    expect(request.url).toBe('http://localhost:3000/hooks?x=1');
    expect(verifySignature(square, { ...request, url: 'https://public.example/in', secrets: [SECRET], now: NOW }).status).toBe(
      'valid',
    );
  });

  it('does not happen without a secret, or a scheme', () => {
    for (const over of [{ secrets: [] }, { provider: prodigi }]) {
      expect(make(over).headers.map(([name]) => name)).toEqual(['Content-Type', 'User-Agent']);
    }
  });

  it('uses the method that is given', () => expect(make({ method: 'PUT' }).method).toBe('PUT'));
});

describe('what has no place is said, not left out', () => {
  it.each([
    [
      'an id Print.one does not have',
      { provider: printone, id: 'x' },
      'A delivery of Print.one carries no id of its own, so none can be chosen.',
    ],
    [
      'a time GitHub does not send',
      { provider: github, timestamp: 5 },
      'A delivery of github carries no timestamp, so none can be chosen.',
    ],
    ['a time that is none', { timestamp: Number.NaN }, 'The timestamp NaN is no time there is.'],
    ['a time beyond all', { timestamp: 1e20 }, 'The timestamp 100000000000000000000 is no time there is.'],
  ])('%s', (_, over, message) => expect(complaint(over)).toMatchObject({ code: 'usage', message }));
});

describe('a form', () => {
  const twilio = defineProvider({
    name: 'twilio',
    contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
    eventId: 'form:MessageSid',
    idFormat: 'SM{hex:4}',
    event: 'form:MessageStatus',
    sentAt: 'form:RawDlrDoneDate',
    signature: { header: 'X-Sig', content: '{url}{params}' },
  });
  const form = (over: Partial<ComposeInput> = {}) =>
    make({ provider: twilio, payload: bytes('MessageSid=SM1&Body=a%20b&RawDlrDoneDate=1'), ...over });

  it('gets a fresh id and time, and edits, and else stays as it is', () => {
    const edits = [{ kind: 'set', path: 'To', json: '"+1"' }] as const;
    expect(textOf(form({ edits }))).toBe('MessageSid=SM0001&Body=a%20b&RawDlrDoneDate=2026-11-22T14%3A02%3A11.000Z&To=%2B1');
    expect(textOf(form({ payload: bytes('Body=a%20b') }))).toBe('Body=a%20b');
    expect(textOf(form({ payload: bytes('Body=a'), id: 'SM9' }))).toBe('Body=a&MessageSid=SM9');
  });

  it('gets what else is new in each delivery, in the JSON of a field too', () => {
    const fresh = {
      'form:Nonce': '{unix}-{hex:4}',
      'form:payload#/ts': '{unix}',
      'form:payload#/none': 'x',
      'form:none#/a': 'x',
    };
    const slackish = defineProvider({ name: 'acme', contentType: twilio.contentType, fresh });
    const payload = bytes(`Nonce=1&payload=${encodeURIComponent('{"a": 1.0,"ts":5}')}`);
    expect(new URLSearchParams(textOf(form({ provider: slackish, payload })))).toEqual(
      new URLSearchParams({ Nonce: '1795356131-1011', payload: '{"a": 1.0,"ts":1795356131}' }),
    );
    const own = form({ provider: slackish, payload, fresh: false });
    expect(textOf(own)).toBe(textOf({ ...own, body: payload }));
  });

  it('is told by the sample’s own header where the provider sends JSON', () => {
    const sampleHeaders = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
    const request = make({ payload: bytes('payload=%7B%7D'), sampleHeaders });
    expect(textOf(request)).toBe('payload=%7B%7D');
    expect(headerValue(request.headers, 'content-type')).toBe('application/x-www-form-urlencoded');
    expect(verdict(request).status).toBe('valid');
  });
});

describe('a sample with headers of its own', () => {
  const provider = defineProvider({
    name: 'acme',
    headers: [
      ['X-Event', '{event:head}'],
      ['X-Action', '{event:tail}'],
    ],
    signature: { header: 'X-Sig' },
  });

  it('has them in place of the provider’s, and those of the caller in place of both', () => {
    const headers = (over: Partial<ComposeInput>) =>
      make({ provider, payload: bytes('{}'), event: 'pull.request.open', ...over }).headers;
    expect(headers({}).slice(2)).toEqual([
      ['X-Event', 'pull'],
      ['X-Action', 'request.open'],
      ['X-Sig', expect.any(String)],
    ]);
    expect(headerValue(headers({ event: 'push' }), 'x-action')).toBeNull();
    expect(headerValue(headers({ sampleHeaders: [['x-event', 'other']] }), 'X-Event')).toBe('other');
    expect(headerValue(headers({ sampleHeaders: [['X-Event', 'other']], headers: [['X-Event', 'mine']] }), 'X-Event')).toBe(
      'mine',
    );
    expect(headerValue(headers({ sampleHeaders: [['X-Event', '']] }), 'X-Event')).toBeNull();
  });

  it('and a body that is sent byte for byte', () => {
    const payload = bytes('[ {"id": 1},\r\n{"id": 2} ]\r\n');
    expect(textOf(make({ provider, payload, exact: true }))).toBe(Buffer.from(payload).toString());
  });
});

it('each event of a batch gets a fresh id and time', () => {
  const provider = defineProvider({
    name: 'acme',
    batch: 'body:/items',
    event: 'each:/type',
    eventId: 'each:/id',
    idFormat: '{hex:4}',
    sentAt: 'each:/at',
    sentAtFormat: 's',
    signature: { header: 'X-Sig' },
  });
  const payload = bytes('{"items":[{"id":"a","at":1,"n":1.0},{"id":"b","at":"2"}]}');
  const seconds = NOW / 1_000;
  expect(textOf(make({ provider, payload }))).toBe(
    `{"items":[{"id":"0001","at":${seconds},"n":1.0},{"id":"0203","at":"${seconds}"}]}`,
  );
  expect(textOf(make({ provider, payload, id: 'mine' }))).toContain('{"id":"mine",');
});

it('a scheme that adds to the URL has it sent there', () => {
  const custom = {
    summary: '',
    sign: () => ({ headers: [['X-Sig', 'a']] as const, url: 'http://localhost:3000/hooks?hash=1' }),
    verify: () => 'absent' as const,
  };
  const provider = defineProvider({ name: 'acme', signature: { header: 'X-Sig', custom } });
  expect(make({ provider }).url).toBe('http://localhost:3000/hooks?hash=1');
  expect(make({ provider, signedUrl: 'https://public.test/hooks' }).url).toBe('http://localhost:3000/hooks?x=1');
});

describe('a composer', () => {
  /** Every byte is of the size alone, so that two runs that ask for it in another order get the same. */
  const fixed = (value: number) => (size: number) => new Uint8Array(size).fill(value);
  const spelled = (request: OutgoingRequest): string =>
    JSON.stringify({ ...request, body: Buffer.from(request.body).toString('latin1') });

  it.each(builtinProviders.map((provider) => [provider.name, provider] as const))(
    '%s: makes each delivery as if it were the only one, and knows what is in it',
    async (_, provider) => {
      for (const event of Object.keys(provider.events)) {
        const input = await sampleInput(provider, event);
        const composer = createComposer(input);
        for (const days of [0, 400]) {
          const now = NOW + days * 86_400_000;
          const { request, reader } = composer(now, fixed(days % 251));
          const alone = compose({ ...input, now, random: fixed(days % 251) });
          const signature = /[A-Za-z0-9+/_-]{86,}={0,2}/g;
          // ECDSA never signs the same twice.
          const ecdsa = provider.schemes.some(({ kind, custom }) => kind === 'ecdsa' || custom?.secret?.pair === 'ecdsa');
          const [ours, theirs] = [spelled(request), spelled(alone)];
          expect(ecdsa ? ours.replace(signature, '') : ours).toBe(ecdsa ? theirs.replace(signature, '') : theirs);
          expect(identify(provider, reader)).toEqual(identify(provider, new RequestReader({ ...request, path: request.url })));
          const verified = { ...request, secrets: input.secrets, now };
          const plain = verifySignature(provider, verified);
          expect(verifySignature(provider, verified, reader)).toEqual(plain);
          expect(plain.status).not.toBe('invalid');
        }
      }
    },
  );
});
