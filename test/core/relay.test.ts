import { describe, expect, it } from 'vitest';
import type { Answer, Attempt, Delivery } from '../../src/core/delivery/delivery.js';
import { WebhookError } from '../../src/core/errors.js';
import { jsonAnswer } from '../../src/core/forward.js';
import type { HeaderList } from '../../src/core/http/headers.js';
import type { HttpResponse, OutgoingRequest } from '../../src/core/http/message.js';
import connect2print from '../../src/core/providers/catalogue/connect2print.js';
import { asanaHandshake } from '../../src/core/providers/challenges/asana.js';
import { hubChallenge } from '../../src/core/providers/challenges/hub.js';
import { slackUrlVerification } from '../../src/core/providers/challenges/slack.js';
import { snsSubscriptionConfirmation } from '../../src/core/providers/challenges/sns.js';
import { defineProvider } from '../../src/core/providers/define.js';
import { builtinProviders } from '../../src/core/providers/list.js';
import type { Provider } from '../../src/core/providers/model.js';
import { listed } from '../../src/core/providers/source.js';
import type { DeliveryQueue } from '../../src/core/queue.js';
import { createRelay, type Keeper, type Relay, type RelayEvent, type RelayOptions } from '../../src/core/relay.js';
import type { SendOutcome } from '../../src/core/send.js';
import { signRequest } from '../../src/core/signature/sign.js';
import { bitbucket, github, prodigi, square } from './signature/schemes.js';

const NOW = Date.UTC(2026, 10, 22, 14, 2, 11);
const SECRET = 'secret';
const APP = 'http://localhost:3000';

const bodyOf = (event: string, id = 'wh_1a2b3c'): Buffer =>
  Buffer.from(`{"id":"${id}","event":"${event}","timestamp":"2024-01-15T10:30:00Z","total":499.00}`);

/** Something that is waited for, and the means to end the wait. */
function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Lets everything that can go on go on. */
const calm = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Stage {
  readonly relay: Relay;
  readonly events: RelayEvent[];
  readonly deliveries: () => Delivery[];
  readonly warnings: () => Array<RelayEvent & { type: 'warning' }>;
  /** What was asked of the keeper, in order. */
  readonly kept: Delivery[];
  readonly finished: Array<{ id: string; response?: Answer; attempts?: readonly Attempt[] }>;
  readonly sent: Array<OutgoingRequest & { timeoutMs: number }>;
  /** Milliseconds that passed, as the relay sees it. */
  pass(ms: number): void;
  receive(over?: {
    body?: Uint8Array;
    secret?: string | null;
    path?: string;
    headers?: HeaderList;
    method?: string;
  }): Promise<HttpResponse>;
}

const responded = (over: Partial<SendOutcome & { outcome: 'responded' }> = {}): SendOutcome => ({
  outcome: 'responded',
  startedAt: NOW,
  durationMs: 11.2,
  status: 200,
  headers: [['X-App', '1']],
  body: Buffer.from('ok'),
  ...over,
});

function stage(over: Partial<RelayOptions> = {}): Stage {
  const events: RelayEvent[] = [];
  const kept: Delivery[] = [];
  const finished: Stage['finished'] = [];
  const sent: Stage['sent'] = [];
  let clock = 0;
  let ids = 0;
  const keeper: Keeper = {
    keep: async (delivery) => {
      kept.push(delivery);
      return { duplicateOf: null };
    },
    finish: async (id, result) => void finished.push({ id, ...result }),
  };
  const send: RelayOptions['send'] = async (request, { timeoutMs }) => {
    sent.push({ ...request, timeoutMs });
    return responded();
  };
  const relay = createRelay({
    provider: connect2print,
    providers: listed(builtinProviders),
    secretsFor: () => [SECRET],
    tolerance: null,
    publicUrl: () => null,
    allowInvalid: false,
    path: null,
    targetsFor: () => [],
    shows: () => true,
    keeper,
    send,
    timeoutMs: null,
    ordered: false,
    concurrency: 10,
    headers: [],
    queue: null,
    retry: [],
    wait: async () => {},
    answer: jsonAnswer(200, { received: true }),
    delay: null,
    fails: () => false,
    explain: null,
    later: (work) => work(),
    challenges: true,
    verifyTokens: [],
    confirms: false,
    newId: () => `dlv_${++ids}`,
    now: () => NOW,
    elapsed: () => clock,
    on: (event) => events.push(event),
    ...over,
  });
  return {
    relay,
    events,
    kept,
    finished,
    sent,
    deliveries: () => events.flatMap((event) => (event.type === 'delivery' ? [event.delivery] : [])),
    warnings: () => events.flatMap((event) => (event.type === 'warning' ? [event] : [])),
    pass: (ms) => {
      clock += ms;
    },
    receive: ({ body = bodyOf('order.created'), secret = SECRET, path = '/hooks?x=1', headers = [], method = 'POST' } = {}) => {
      const signature =
        secret === null
          ? []
          : signRequest(connect2print, { headers: [], body, secrets: [secret], id: '', timestamp: NOW }).headers;
      return relay.handle({
        request: { method, path, headers: [['Host', 'localhost:4400'], ...headers, ...signature], body },
        receivedAt: NOW,
        remoteAddress: '127.0.0.1',
        protocol: 'http',
      });
    },
  };
}

const textOf = ({ body }: HttpResponse): string => Buffer.from(body).toString();

describe('verifying', () => {
  it('a valid delivery is kept, told and answered', async () => {
    const { relay, receive, kept, deliveries } = stage();
    const answer = await receive();
    expect([answer.status, textOf(answer)]).toEqual([200, '{"received":true}']);
    expect(kept).toHaveLength(1);
    expect(deliveries()).toEqual(kept);
    expect(kept[0]).toEqual({
      id: 'dlv_1',
      origin: 'received',
      receivedAt: NOW,
      provider: 'connect2print',
      event: 'order.created',
      eventId: 'wh_1a2b3c',
      duplicateOf: null,
      request: {
        method: 'POST',
        path: '/hooks?x=1',
        headers: [
          ['Host', 'localhost:4400'],
          ['X-Webhook-Signature', expect.stringMatching(/^[0-9a-f]{64}$/)],
        ],
        body: bodyOf('order.created'),
      },
      verdict: { status: 'valid', reason: null, message: 'The signature in X-Webhook-Signature matches.', diagnosis: [] },
      response: { ...answer, durationMs: 0 },
      attempts: [],
    });
    expect(relay.counts).toEqual({
      received: 1,
      valid: 1,
      invalid: 0,
      unchecked: 0,
      duplicates: 0,
      forwarded: 0,
      failed: 0,
      challenges: 0,
    });
  });

  it.each([
    ['a wrong signature', { secret: 'wrong' }, 'mismatch'],
    ['no signature', { secret: null }, 'missing_signature'],
    ['a malformed one', { secret: null, headers: [['X-Webhook-Signature', 'zz']] as HeaderList }, 'malformed_signature'],
  ])('%s gets 401: kept and told, not forwarded', async (_, over, reason) => {
    const { relay, receive, kept, sent, deliveries } = stage({ targetsFor: () => [APP] });
    const answer = await receive(over);
    expect([answer.status, textOf(answer)]).toEqual([401, '{"error":"The signature is not valid."}']);
    expect(kept[0]).toMatchObject({ verdict: { status: 'invalid', reason }, response: { status: 401 }, attempts: [] });
    expect(deliveries()).toHaveLength(1);
    expect(sent).toEqual([]);
    expect(relay.counts).toMatchObject({ received: 1, invalid: 1, forwarded: 0 });
  });

  it('--allow-invalid answers and forwards it all the same, and marks it', async () => {
    const { relay, receive, sent, deliveries } = stage({ allowInvalid: true, targetsFor: () => [APP] });
    expect((await receive({ secret: 'wrong' })).status).toBe(200);
    await relay.settled();
    expect(sent).toHaveLength(1);
    expect(deliveries()[0]?.verdict).toMatchObject({ status: 'invalid', reason: 'mismatch' });
    expect(relay.counts).toMatchObject({ invalid: 1, forwarded: 1 });
  });

  it('without a secret nothing is checked, and it is answered', async () => {
    const { relay, receive, kept } = stage({ secretsFor: () => [] });
    expect((await receive({ secret: 'any' })).status).toBe(200);
    expect(kept[0]?.verdict).toMatchObject({ status: 'unchecked', reason: 'no_secret' });
    expect(relay.counts).toMatchObject({ unchecked: 1 });
  });

  it('a provider that does not sign is answered, secret or not', async () => {
    const { receive, kept } = stage({ provider: prodigi });
    expect((await receive({ secret: null })).status).toBe(200);
    expect(kept[0]?.verdict.status).toBe('unchecked');
  });

  it('the URL that was signed is the public one', async () => {
    const body = Buffer.from('{"type":"a"}');
    const { headers } = signRequest(square, {
      headers: [],
      body,
      secrets: [SECRET],
      id: '',
      timestamp: NOW,
      url: 'https://public.example/hooks?x=1',
    });
    for (const [base, status] of [
      ['https://public.example', 200],
      ['https://public.example/', 200],
      ['https://public.example/hooks', 200],
      ['http://public.example', 401],
      [null, 401],
    ] as const) {
      const { receive } = stage({ provider: square, publicUrl: () => base });
      expect((await receive({ body, secret: null, headers })).status).toBe(status);
    }
  });
});

describe('whose it is', () => {
  const detecting = (over: Partial<RelayOptions> = {}): Stage => stage({ provider: null, ...over });

  it('is detected, and its own secrets are used', async () => {
    const asked: Array<string | null> = [];
    const secretsFor = (provider: Provider | null): string[] => {
      asked.push(provider?.name ?? null);
      return provider === null ? [] : [SECRET];
    };
    const { receive, kept } = detecting({ secretsFor });
    expect((await receive()).status).toBe(200);
    expect(asked).toEqual(['connect2print']);
    expect(kept[0]).toMatchObject({ provider: 'connect2print', verdict: { status: 'valid' } });
  });

  it('not known: answered where there is no secret', async () => {
    const { relay, receive, kept, sent } = detecting({ secretsFor: () => [], targetsFor: () => [APP] });
    expect((await receive({ body: Buffer.from([0xff, 0x00]), secret: null })).status).toBe(200);
    await relay.settled();
    expect(kept[0]).toMatchObject({
      provider: null,
      event: null,
      eventId: null,
      verdict: { status: 'unchecked', reason: 'unknown_provider', message: 'No provider’s signature was recognised in it.' },
    });
    expect(sent).toHaveLength(1);
  });

  it('not known: 401 where there is one, kept and not forwarded', async () => {
    const { receive, kept, sent } = detecting({ targetsFor: () => [APP] });
    expect((await receive({ body: Buffer.from('{}'), secret: null })).status).toBe(401);
    expect(kept[0]).toMatchObject({ verdict: { status: 'unchecked', reason: 'unknown_provider' }, response: { status: 401 } });
    expect(sent).toEqual([]);
  });

  it('not known, and --allow-invalid: answered', async () => {
    const { receive } = detecting({ allowInvalid: true });
    expect((await receive({ body: Buffer.from('{}'), secret: null })).status).toBe(200);
  });

  it('one of several is said', async () => {
    const twin = { ...github, name: 'twin' };
    const { receive, kept } = detecting({ providers: listed([github, twin, bitbucket]), secretsFor: () => [] });
    await receive({ secret: null, headers: [['X-Hub-Signature-256', `sha256=${'ab'.repeat(32)}`]] });
    expect(kept[0]?.verdict.message).toBe('It could be from github or twin: say which with --provider.');
  });
});

describe('what is served', () => {
  it('only the path that is asked for: others get 404, are told, and neither kept nor counted', async () => {
    const { relay, receive, kept, events } = stage({ path: '/hooks' });
    expect((await receive({ path: '/hooks?x=1' })).status).toBe(200);
    for (const path of ['/', '/hooks/', '/hooks2', '/other?/hooks']) expect((await receive({ path })).status).toBe(404);
    expect(kept).toHaveLength(1);
    expect(relay.counts.received).toBe(1);
    expect(events.filter(({ type }) => type === 'warning')).toHaveLength(4);
    expect(events[1]).toMatchObject({ code: 'path_not_served', message: 'POST / got 404: only /hooks is served.' });
  });

  it('events that are not shown are kept and answered, and not forwarded', async () => {
    const { relay, receive, kept, sent, events } = stage({
      shows: (event) => event === 'order.created',
      targetsFor: () => [APP],
    });
    expect(textOf(await receive({ body: bodyOf('stock.low') }))).toBe('{"received":true}');
    expect(textOf(await receive({ body: bodyOf('order.created') }))).toBe('ok');
    await relay.settled();
    expect(kept.map(({ event }) => event)).toEqual(['stock.low', 'order.created']);
    expect(sent).toHaveLength(1);
    expect(events.map((event) => event.type === 'delivery' && event.shown)).toEqual([false, true]);
  });

  it('fails() makes a delivery fail: kept, and not forwarded', async () => {
    let left = 1;
    const { relay, receive, kept, sent } = stage({ fails: () => left-- > 0, targetsFor: () => [APP] });
    expect((await receive()).status).toBe(503);
    expect((await receive()).status).toBe(200);
    await relay.settled();
    expect(kept[0]?.response?.status).toBe(503);
    expect(sent).toHaveLength(1);
  });

  it('what is refused is no use of fails()', async () => {
    let asked = 0;
    const { receive } = stage({ fails: () => ++asked > 0 });
    expect((await receive({ secret: 'wrong' })).status).toBe(401);
    expect(asked).toBe(0);
  });

  it('waits for the delay, and not for what is refused', async () => {
    const wait = gate();
    const { relay, receive, events } = stage({ delay: () => wait.promise });
    expect((await receive({ secret: 'wrong' })).status).toBe(401);
    const answer = receive();
    await calm();
    expect(events).toHaveLength(1);
    wait.open();
    expect((await answer).status).toBe(200);
    expect(relay.counts.received).toBe(2);
  });
});

describe('forwarding', () => {
  it('gives back the app’s answer, and records it', async () => {
    const app = responded({
      status: 418,
      headers: [
        ['X-App', '1'],
        ['Connection', 'close'],
        ['Content-Length', '3'],
      ],
      body: Buffer.from([0xff, 0x00, 0x0a]),
    });
    const { relay, receive, kept, finished, deliveries, sent, pass } = stage({
      targetsFor: () => [`${APP}/webhooks`],
      headers: [['X-Own', '1']],
      send: async (request, { timeoutMs }) => {
        sent.push({ ...request, timeoutMs });
        pass(12.5);
        return app;
      },
    });
    const answer = await receive({ method: 'PUT' });
    await relay.settled();
    expect(answer).toEqual({ status: 418, headers: [['X-App', '1']], body: Buffer.from([0xff, 0x00, 0x0a]) });
    expect(sent[0]).toMatchObject({
      method: 'PUT',
      url: `${APP}/webhooks?x=1`,
      body: bodyOf('order.created'),
      timeoutMs: 10_000,
    });
    expect(sent[0]?.headers).toContainEqual(['X-Own', '1']);
    expect(sent[0]?.headers).toContainEqual(['X-Forwarded-For', '127.0.0.1']);
    // Kept without an answer; the answer came after.
    expect(kept[0]).toMatchObject({ response: null, attempts: [] });
    const response = { ...answer, durationMs: 12.5 };
    const attempts = [{ ...app, target: `${APP}/webhooks?x=1`, replay: false }];
    expect(finished).toEqual([{ id: 'dlv_1', response, attempts }]);
    expect(deliveries()).toEqual([{ ...kept[0], response, attempts }]);
    expect(relay.counts).toMatchObject({ forwarded: 1, failed: 1 });
  });

  it('goes out while the disk writes, and the answer waits for the disk', async () => {
    const disk = gate<{ duplicateOf: null }>();
    let answered = false;
    const { relay, receive, sent, events, finished } = stage({
      targetsFor: () => [APP],
      keeper: { keep: () => disk.promise, finish: async (id) => void finished.push({ id }) },
    });
    const answer = receive().then((one) => {
      answered = true;
      return one;
    });
    await calm();
    expect([sent.length, answered, events, finished]).toEqual([1, false, [], []]);
    disk.open({ duplicateOf: null });
    expect((await answer).status).toBe(200);
    await relay.settled();
    expect([sent.length, events.length, finished.length]).toEqual([1, 1, 1]);
  });

  it('the answer waits for an app that is slower than the disk', async () => {
    const app = gate<SendOutcome>();
    let answered = false;
    const { receive, kept } = stage({ targetsFor: () => [APP], send: () => app.promise });
    const answer = receive().then((one) => {
      answered = true;
      return one;
    });
    await calm();
    expect([kept.length, answered]).toEqual([1, false]);
    app.open(responded({ status: 201 }));
    expect((await answer).status).toBe(201);
  });

  it('does not go out before it is on disk where it may have to be queued', async () => {
    const disk = gate<{ duplicateOf: null }>();
    const queue: DeliveryQueue = {
      holds: () => false,
      takes: () => false,
      add: async () => {},
      resume: () => {},
      close: async () => 0,
    };
    const { relay, receive, sent } = stage({
      targetsFor: () => [APP],
      queue,
      keeper: { keep: () => disk.promise, finish: async () => {} },
    });
    const answer = receive();
    await calm();
    expect(sent).toEqual([]);
    disk.open({ duplicateOf: null });
    expect((await answer).status).toBe(200);
    await relay.settled();
    expect(sent).toHaveLength(1);
  });

  it('what is refused, and a challenge, is not handed on while it is kept either', async () => {
    const { relay, receive, sent } = stage({
      targetsFor: () => [APP],
      keeper: { keep: () => new Promise(() => {}), finish: async () => {} },
    });
    void receive({ secret: 'another' });
    void receive({ secret: null });
    await calm();
    expect([sent, relay.counts.invalid]).toEqual([[], 2]);
  });

  it.each([
    ['timeout', 504],
    ['refused', 502],
    ['dns', 502],
    ['reset', 502],
  ] as const)('%s is %d', async (reason, status) => {
    const { relay, receive, finished } = stage({
      targetsFor: () => [APP],
      send: async () => ({ outcome: 'failed', startedAt: NOW, durationMs: 1, reason, message: 'no' }),
    });
    expect((await receive()).status).toBe(status);
    await relay.settled();
    expect(finished[0]).toMatchObject({
      response: { status },
      attempts: [{ outcome: 'failed', reason, target: `${APP}/hooks?x=1`, replay: false }],
    });
    expect(relay.counts).toMatchObject({ forwarded: 1, failed: 1 });
  });

  it('waits as long as is said, else as the provider does, else 10 s', async () => {
    const times: number[] = [];
    for (const [timeoutMs, provider] of [
      [5, connect2print],
      [null, { ...connect2print, timeoutMs: 30_000 }],
      [null, { ...connect2print, timeoutMs: null }],
    ] as const) {
      const { relay, receive, sent } = stage({ targetsFor: () => [APP], timeoutMs, provider });
      await receive();
      await relay.settled();
      times.push(sent[0]?.timeoutMs ?? 0);
    }
    expect(times).toEqual([5, 30_000, 10_000]);
  });

  it('several targets: the first one’s answer goes back at once, all are recorded', async () => {
    const slow = gate<SendOutcome>();
    const { relay, receive, finished, events } = stage({
      targetsFor: () => [`${APP}/first`, `${APP}/second`],
      send: async ({ url }) => (url.includes('first') ? responded({ body: Buffer.from('first') }) : slow.promise),
    });
    expect(textOf(await receive())).toBe('first');
    await calm();
    expect([events, finished]).toEqual([[], []]);
    let settled = false;
    const settling = relay.settled().then(() => {
      settled = true;
    });
    await calm();
    expect(settled).toBe(false);
    slow.open({ outcome: 'failed', startedAt: NOW, durationMs: 3, reason: 'reset', message: 'gone' });
    await settling;
    expect(finished[0]?.attempts?.map(({ target, outcome }) => [target, outcome])).toEqual([
      [`${APP}/first?x=1`, 'responded'],
      [`${APP}/second?x=1`, 'failed'],
    ]);
    expect(events).toHaveLength(1);
    expect(relay.counts).toMatchObject({ received: 1, forwarded: 2, failed: 1 });
  });

  it('settled() waits for what is being received, too', async () => {
    const slow = gate<SendOutcome>();
    const { relay, receive, finished } = stage({ targetsFor: () => [APP], send: () => slow.promise });
    const answer = receive();
    const settling = relay.settled().then(() => finished.length);
    await calm();
    slow.open(responded());
    expect((await answer).status).toBe(200);
    expect(await settling).toBe(1);
  });

  it('concurrency limits how many go out at once', async () => {
    const ends: Array<(outcome: SendOutcome) => void> = [];
    const { relay, receive } = stage({
      concurrency: 2,
      targetsFor: () => [APP],
      send: () => new Promise((resolve) => ends.push(resolve)),
    });
    const answers = [receive(), receive(), receive()];
    await calm();
    expect(ends).toHaveLength(2);
    ends[0]?.(responded());
    await calm();
    expect(ends).toHaveLength(3);
    for (const end of ends) end(responded());
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    await relay.settled();
  });
});

describe('in order', () => {
  it('one at a time, as they arrived, however the disk answers', async () => {
    const disks: Array<(kept: { duplicateOf: null }) => void> = [];
    const out: string[] = [];
    const ends: Array<(outcome: SendOutcome) => void> = [];
    const { relay, receive } = stage({
      ordered: true,
      targetsFor: () => [APP],
      keeper: { keep: () => new Promise((resolve) => disks.push(resolve)), finish: async () => {} },
      send: ({ body }) => {
        out.push(JSON.parse(Buffer.from(body).toString()).id);
        return new Promise((resolve) => ends.push(resolve));
      },
    });
    const answers = ['wh_1', 'wh_2', 'wh_3'].map((id) => receive({ body: bodyOf('order.created', id) }));
    await calm();
    for (const kept of disks.toReversed()) {
      kept({ duplicateOf: null });
      await calm();
    }
    for (let i = 0; i < 3; i++) {
      expect(out).toEqual(['wh_1', 'wh_2', 'wh_3'].slice(0, i + 1));
      ends[i]?.(responded({ body: Buffer.from(String(i)) }));
      await calm();
    }
    expect((await Promise.all(answers)).map(textOf)).toEqual(['0', '1', '2']);
    await relay.settled();
  });

  it('who is met for the first time is not overtaken', async () => {
    let load: (providers: readonly Provider[]) => void = () => {};
    const loading = new Promise<readonly Provider[]>((resolve) => {
      load = resolve;
    });
    const lists = [loading, Promise.resolve([connect2print])];
    const providers: RelayOptions['providers'] = { fitting: () => lists.shift() ?? Promise.resolve([]), all: async () => [] };
    const out: unknown[] = [];
    const { relay, receive } = stage({
      provider: null,
      providers,
      ordered: true,
      targetsFor: () => [APP],
      send: async ({ body }) => {
        out.push(JSON.parse(Buffer.from(body).toString()).id);
        return responded();
      },
    });
    const answers = ['wh_1', 'wh_2'].map((id) => receive({ body: bodyOf('order.created', id) }));
    await calm();
    expect(out).toEqual([]);
    load([connect2print]);
    await Promise.all(answers);
    await relay.settled();
    expect(out).toEqual(['wh_1', 'wh_2']);
  });

  it('what cannot be kept does not hold up the others', async () => {
    let first = true;
    const { relay, receive, sent } = stage({
      ordered: true,
      targetsFor: () => [APP, `${APP}/second`],
      keeper: {
        keep: async () => {
          if (!first) return { duplicateOf: null };
          first = false;
          throw new Error('disk full');
        },
        finish: async () => {},
      },
    });
    const answers = await Promise.all([receive(), receive()]);
    await relay.settled();
    expect(answers.map(({ status }) => status)).toEqual([503, 200]);
    // The first was under way to one target when it turned out that it could not be kept.
    expect(sent).toHaveLength(3);
  });
});

describe('the store', () => {
  const failing = (message = 'The disk is full.'): Keeper => ({
    keep: async () => {
      throw new WebhookError('store_unwritable', message, { hint: 'Make room.' });
    },
    finish: async () => {},
  });

  it('that cannot write means 503 and a warning once', async () => {
    const { receive, events, warnings } = stage({ keeper: failing() });
    expect((await receive()).status).toBe(503);
    const answer = await receive();
    expect([answer.status, textOf(answer)]).toEqual([503, '{"error":"The delivery could not be kept. Send it again later."}']);
    expect(warnings()).toEqual([
      {
        type: 'warning',
        code: 'store_unwritable',
        message: 'The disk is full. Senders get 503 until it works again.',
        hint: 'Make room.',
      },
    ]);
    expect(events).toHaveLength(1);
  });

  it('that cannot write is noticed when the app has the delivery already: that is said, and no more go out', async () => {
    const { relay, receive, sent, warnings, deliveries } = stage({ keeper: failing(), targetsFor: () => [APP] });
    expect((await receive()).status).toBe(503);
    expect((await receive()).status).toBe(503);
    await relay.settled();
    expect(sent).toHaveLength(1);
    expect(deliveries()).toEqual([]);
    expect(warnings().map(({ code, message }) => [code, message])).toEqual([
      ['store_unwritable', 'The disk is full. Senders get 503 until it works again.'],
      ['forwarded_not_kept', `order.created (wh_1a2b3c) reached ${APP}/hooks?x=1, but could not be kept; its sender got 503.`],
    ]);
  });

  it('that cannot write: of what no app has taken, nothing is said', async () => {
    const { relay, receive, warnings } = stage({
      keeper: failing(),
      targetsFor: () => [APP],
      send: async () => ({ outcome: 'failed', startedAt: NOW, durationMs: 1, reason: 'refused', message: 'no' }),
    });
    expect((await receive()).status).toBe(503);
    await relay.settled();
    expect(warnings().map(({ code }) => code)).toEqual(['store_unwritable']);
  });

  it('that works again is forwarded to at once again', async () => {
    const disks: Array<{ keep: () => void; fail: () => void }> = [];
    const { receive, sent } = stage({
      targetsFor: () => [APP],
      keeper: {
        keep: () =>
          new Promise((resolve, reject) =>
            disks.push({ keep: () => resolve({ duplicateOf: null }), fail: () => reject(new Error('full')) }),
          ),
        finish: async () => {},
      },
    });
    const out: number[] = [];
    for (const works of [false, true, true]) {
      const answer = receive();
      await calm();
      out.push(sent.length);
      disks.at(-1)?.[works ? 'keep' : 'fail']();
      expect((await answer).status).toBe(works ? 200 : 503);
    }
    // At once; kept first, since the one before could not be; at once.
    expect(out).toEqual([1, 1, 3]);
  });

  it('that works again and then fails again is told again', async () => {
    const results = [new Error('one'), new Error('two'), null, new Error('three')];
    const { receive, warnings } = stage({
      keeper: {
        keep: async () => {
          const result = results.shift();
          if (result instanceof Error) throw result;
          return { duplicateOf: null };
        },
        finish: async () => {},
      },
    });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push((await receive()).status);
    expect(answers).toEqual([503, 503, 200, 503]);
    expect(warnings().map(({ message }) => message.split(' ')[0])).toEqual(['one', 'three']);
  });

  it('that cannot record a result says so; the sender has its answer', async () => {
    const { relay, receive, warnings, deliveries } = stage({
      targetsFor: () => [APP],
      keeper: {
        keep: async () => ({ duplicateOf: null }),
        finish: async () => {
          throw new Error('gone');
        },
      },
    });
    expect((await receive()).status).toBe(200);
    await relay.settled();
    expect(deliveries()).toHaveLength(1);
    expect(warnings()).toHaveLength(1);
  });

  it('tells duplicates', async () => {
    const { relay, receive, deliveries, sent } = stage({
      targetsFor: () => [APP],
      keeper: { keep: async ({ id }) => ({ duplicateOf: id === 'dlv_1' ? null : 'dlv_1' }), finish: async () => {} },
    });
    await receive();
    await receive();
    await relay.settled();
    expect(deliveries().map(({ duplicateOf }) => duplicateOf)).toEqual([null, 'dlv_1']);
    expect(sent).toHaveLength(2);
    expect(relay.counts).toMatchObject({ received: 2, duplicates: 1, forwarded: 2, failed: 0 });
  });

  it('may be none at all', async () => {
    const { relay, receive, deliveries } = stage({ keeper: null, targetsFor: () => [APP] });
    expect((await receive()).status).toBe(200);
    await relay.settled();
    expect(deliveries()).toHaveLength(1);
  });
});

describe('a challenge', () => {
  const slackish: Provider = defineProvider({
    name: 'slack',
    signature: { header: 'X-Webhook-Signature' },
    event: 'body:/type',
    eventId: 'body:/event_id',
    challenges: [slackUrlVerification],
  });
  const body = Buffer.from('{"type":"url_verification","challenge":"abc","event_id":"E1"}');
  const challenges = (events: RelayEvent[]) => events.filter((event) => event.type === 'challenge');

  it('is answered here, kept as what it is, and no event', async () => {
    const { relay, receive, events, kept, sent } = stage({ provider: slackish, targetsFor: () => [APP] });
    const response = await receive({ body });
    await relay.settled();
    expect([response.status, textOf(response)]).toEqual([200, 'abc']);
    expect(sent).toEqual([]);
    expect(kept).toMatchObject([
      { event: 'url_verification', eventId: null, verdict: { status: 'valid' }, response: { status: 200 } },
    ]);
    expect(events).toMatchObject([
      { type: 'challenge', name: 'url_verification', outcome: 'answered', secret: null, confirm: null },
    ]);
    expect(relay.counts).toMatchObject({ received: 0, valid: 0, challenges: 1 });
  });

  it('is refused where its signature is wrong, unless that is allowed', async () => {
    const strict = stage({ provider: slackish });
    expect((await strict.receive({ body, secret: 'other' })).status).toBe(401);
    await strict.relay.settled();
    expect(challenges(strict.events)).toMatchObject([{ outcome: 'refused', note: expect.stringContaining('does not match') }]);
    const lax = stage({ provider: slackish, allowInvalid: true });
    expect(textOf(await lax.receive({ body, secret: 'other' }))).toBe('abc');
  });

  it('is an event like any where it is not answered here', async () => {
    const { relay, receive, events } = stage({ provider: slackish, challenges: false });
    await receive({ body });
    await relay.settled();
    expect(events).toMatchObject([{ type: 'delivery' }]);
    expect(relay.counts).toMatchObject({ received: 1, challenges: 0 });
  });

  it('gets 503 where it cannot be kept', async () => {
    const keeper: Keeper = { keep: () => Promise.reject(new Error('full')), finish: async () => {} };
    const { relay, receive } = stage({ provider: slackish, keeper });
    expect((await receive({ body })).status).toBe(503);
    expect(relay.counts.challenges).toBe(0);
  });

  it('is recognised before anything says whose it is', async () => {
    const { relay, receive, kept } = stage({ provider: null, providers: listed([slackish, connect2print]) });
    expect(textOf(await receive({ body, secret: null, headers: [['X-Webhook-Signature', 'ab'.repeat(32)]] }))).not.toBe('abc');
    const meta = defineProvider({ name: 'meta', family: 'meta', signature: { header: 'X-Hub' }, challenges: [hubChallenge] });
    const other = stage({ provider: null, providers: listed([slackish, meta]), verifyTokens: ['mine'] });
    const path = '/?hub.mode=subscribe&hub.verify_token=mine&hub.challenge=42';
    const response = await other.receive({ method: 'GET', path, body: Buffer.alloc(0), secret: null });
    expect([response.status, textOf(response)]).toEqual([200, '42']);
    expect(other.kept).toMatchObject([{ provider: 'meta', event: 'hub.challenge', verdict: { status: 'unchecked' } }]);
    await relay.settled();
    expect(kept).toHaveLength(1);
  });

  describe('that hands over a secret', () => {
    const asana: Provider = defineProvider({
      name: 'asana',
      signature: { header: 'X-Hook-Signature' },
      challenges: [asanaHandshake],
    });
    const shake = { body: Buffer.from('{}'), secret: null, headers: [['X-Hook-Secret', 'handed over']] as const };
    const signed = (secret: string) => {
      const content = Buffer.from('{"events":[]}');
      const { headers } = signRequest(asana, { headers: [], body: content, secrets: [secret], id: '', timestamp: NOW });
      return { body: content, secret: null, headers };
    };

    it('has deliveries checked with it from then on', async () => {
      const { relay, receive, events, deliveries } = stage({ provider: asana, secretsFor: () => [] });
      await receive(signed('handed over'));
      const answer = await receive(shake);
      expect(answer.headers).toContainEqual(['X-Hook-Secret', 'handed over']);
      await receive(signed('handed over'));
      expect((await receive(signed('other'))).status).toBe(401);
      // Another webhook has another secret.
      await receive({ ...shake, headers: [['X-Hook-Secret', 'second']] });
      await receive(signed('second'));
      await receive(signed('handed over'));
      await relay.settled();
      expect(challenges(events)[0]).toMatchObject({ name: 'handshake', secret: { value: 'handed over', used: true } });
      expect(deliveries().map(({ verdict }) => verdict.status)).toEqual(['unchecked', 'valid', 'invalid', 'valid', 'valid']);
    });

    it('does not stand beside one that is known: anybody could send it', async () => {
      const { relay, receive, events } = stage({ provider: asana, secretsFor: () => ['mine'] });
      await receive(shake);
      expect((await receive(signed('handed over'))).status).toBe(401);
      await relay.settled();
      expect(challenges(events)).toMatchObject([{ secret: { value: 'handed over', used: false } }]);
    });
  });

  describe('that is confirmed elsewhere', () => {
    const sns: Provider = defineProvider({ name: 'sns', signature: { header: 'X' }, challenges: [snsSubscriptionConfirmation] });
    const url = 'https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=1';
    const asks = { secret: null, body: Buffer.from(JSON.stringify({ Type: 'SubscriptionConfirmation', SubscribeURL: url })) };

    it('is visited only where that is asked for', async () => {
      const shown = stage({ provider: sns, secretsFor: () => [] });
      await shown.receive(asks);
      await shown.relay.settled();
      expect(shown.sent).toEqual([]);
      expect(challenges(shown.events)).toMatchObject([{ confirm: { url, outcome: null } }]);

      const confirmed = stage({ provider: sns, secretsFor: () => [], confirms: true });
      await confirmed.receive(asks);
      await confirmed.relay.settled();
      expect(confirmed.sent).toMatchObject([{ method: 'GET', url }]);
      expect(challenges(confirmed.events)).toMatchObject([{ confirm: { url, outcome: { status: 200 } } }]);
    });
  });
});
