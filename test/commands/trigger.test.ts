import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import connect2print from '../../src/core/providers/catalogue/connect2print.js';
import { type AppAnswer, type RecordedRequest, startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { type InvokeOptions, invoke, startHere } from '../support/invoke.js';
import { type Json, ndjson, type Outcome, type RunOptions } from '../support/running.js';

const SECRET = 'a secret that nobody guesses';
const WITH_SECRET: RunOptions = { env: { CONNECT2PRINT_WEBHOOK_SECRET: SECRET } };
const FIXTURE = readFileSync(new URL('../../fixtures/connect2print/order.created.json', import.meta.url), 'utf8');

const signatureOf = (body: Uint8Array): string => createHmac('sha256', SECRET).update(body).digest('hex');
const genuine = ({ body, header }: RecordedRequest): boolean => header('x-webhook-signature')[0] === signatureOf(body);
const jsonOf = ({ body }: RecordedRequest): Json => JSON.parse(body.toString());

/** Triggers `connect2print/order.created` at an app of its own; gives what the app got and how the program ended. */
async function sent(
  args: readonly string[],
  options: InvokeOptions & { answer?: AppAnswer; event?: readonly string[] } = {},
): Promise<{ requests: readonly RecordedRequest[]; outcome: Outcome; records: Json[] }> {
  const app = await startApp(options.answer);
  const event = options.event ?? ['connect2print/order.created'];
  const outcome = await invoke(['trigger', '--json', ...event, '--to', `${app.url}/hooks`, ...args], {
    ...WITH_SECRET,
    ...options,
  });
  return { requests: app.requests, outcome, records: ndjson(outcome.stdout) };
}

describe('what is sent', () => {
  it('is the fixture, byte for byte, with a fresh id and time, and signed', async () => {
    const before = Date.now();
    const { requests, outcome, records } = await sent([]);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const [request] = requests as [RecordedRequest];
    expect(request).toMatchObject({ method: 'POST', path: '/hooks' });
    expect(request.header('content-type')).toEqual(['application/json']);
    expect(genuine(request)).toBe(true);
    const { id, timestamp } = jsonOf(request);
    expect(id).toMatch(/^wh_[0-9a-f]{12}$/);
    expect(Math.abs(Date.parse(timestamp) - before)).toBeLessThan(60_000);
    // White space between tokens gone; no other byte changed.
    const fixture = JSON.parse(FIXTURE);
    const minified = FIXTURE.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
      .replace(fixture.id, id)
      .replace(fixture.timestamp, timestamp);
    expect(request.body.toString()).toBe(minified);
    expect(minified).toContain('499.00');
    expect(records.map(({ type }) => type)).toEqual(['attempt', 'summary']);
    expect(records[0].delivery).toMatchObject({
      origin: 'triggered',
      provider: 'connect2print',
      event: 'order.created',
      eventId: id,
      verdict: { status: 'valid' },
      attempts: [{ outcome: 'responded', status: 200, body: 'thank you', replay: false }],
    });
    expect(records[1]).toEqual({
      type: 'summary',
      sent: 1,
      ok: 1,
      failed: 0,
      durationMs: expect.any(Number),
      attempts: 1,
      statuses: { 200: 1 },
      p50: expect.any(Number),
      p95: expect.any(Number),
      p99: expect.any(Number),
    });
  });

  it('is every event of the provider with --all', async () => {
    const { requests, records } = await sent(['--all', '--provider', 'connect2print'], { event: [] });
    expect(requests.map((request) => jsonOf(request).event)).toEqual(Object.keys(connect2print.events));
    expect(requests.every(genuine)).toBe(true);
    expect(new Set(requests.map((request) => jsonOf(request).id)).size).toBe(16);
    expect(records.at(-1)).toMatchObject({ sent: 16, ok: 16, failed: 0 });
  });

  it('is changed by --set and --unset in the spelling given, and signed as changed', async () => {
    const args = [
      '--set',
      'data.order.total=12.50',
      '--set',
      '/data/order/reference=Zoë "1"',
      '--unset',
      'data.order.items[0]',
      '--set',
      'data.order.paid=true',
    ];
    const [request] = (await sent(args)).requests as [RecordedRequest];
    const text = request.body.toString();
    expect(text).toContain('"total":12.50');
    expect(text).toContain('"reference":"Zoë \\"1\\""');
    expect(jsonOf(request).data.order).toMatchObject({ paid: true, reference: 'Zoë "1"' });
    expect(jsonOf(request).data.order.items.map(({ id }: Json) => id)).toEqual([1002, 1003]);
    expect(genuine(request)).toBe(true);
  });

  it('is another payload with --data, its bytes as they are: from a file and from a pipe', async () => {
    const bytes = Buffer.from('\ufeff{ "event":"x", "total": 499.00 }\r\n\0', 'utf8');
    const odd = Buffer.concat([bytes, Buffer.from([0xff, 0xfe])]);
    const cwd = temporaryFolder({ 'body.bin': odd });
    const file = await sent(['--data', '@body.bin'], { cwd });
    const pipe = await sent(['--data', '-'], { input: odd });
    for (const { requests } of [file, pipe]) {
      expect(requests[0]?.body).toEqual(odd);
      expect(requests.every(genuine)).toBe(true);
    }
    const empty = await sent(['--data', '-'], { input: '' });
    expect(empty.requests[0]?.body).toEqual(Buffer.alloc(0));
  });

  it('takes any name of an event with --data', async () => {
    const { requests, outcome } = await sent(['--provider', 'connect2print', '--data', '-'], {
      event: ['thing.made'],
      input: '{"event":"thing.made"}',
    });
    expect([outcome.code, jsonOf(requests[0] as RecordedRequest).event]).toEqual([0, 'thing.made']);
  });

  it('carries the id and time that are given', async () => {
    const [request] = (await sent(['--id', 'wh_mine', '--timestamp', '2024-02-29T12:00:00Z'])).requests as [RecordedRequest];
    expect(jsonOf(request)).toMatchObject({ id: 'wh_mine', timestamp: '2024-02-29T12:00:00Z' });
  });

  it('has another method, and headers replaced, added and dropped', async () => {
    const args = ['-X', 'PUT', '-H', 'X-Env: test', '-H', 'user-agent: mine', '-H', 'Content-Type:'];
    const [request] = (await sent(args)).requests as [RecordedRequest];
    expect(request.method).toBe('PUT');
    expect([request.header('x-env'), request.header('user-agent'), request.header('content-type')]).toEqual([
      ['test'],
      ['mine'],
      [],
    ]);
    expect(genuine(request)).toBe(true);
  });

  it('goes to a virtual host that -H names, also as a curl command', async () => {
    const { requests, outcome } = await sent(['-H', 'Host: shop.test']);
    expect([outcome.code, requests[0]?.header('host')]).toEqual([0, ['shop.test']]);
    const curl = await invoke(['trigger', 'connect2print/order.created', '--curl', '-H', 'Host: shop.test']);
    expect(curl.stdout).toContain("-H 'Host: shop.test'");
  });

  it('goes unsigned without a secret, with a warning that says what to set', async () => {
    const { requests, outcome, records } = await sent([], { env: {} });
    expect([outcome.code, requests[0]?.header('x-webhook-signature')]).toEqual([0, []]);
    expect(records[0]).toMatchObject({ type: 'warning', code: 'unsigned' });
    const human = await invoke(['trigger', 'connect2print/order.created', '--dry-run']);
    expect(human.stderr).toContain('Set CONNECT2PRINT_WEBHOOK_SECRET');
  });

  it.each([
    ['signature', (request: RecordedRequest) => request.header('x-webhook-signature')[0]?.length === 64 && !genuine(request)],
    ['body', (request: RecordedRequest) => !genuine(request)],
    ['missing', (request: RecordedRequest) => request.header('x-webhook-signature').length === 0],
  ] as const)('is wrong on purpose with --corrupt %s', async (what, wrong) => {
    const { requests, outcome } = await sent(['--corrupt', what, '--expect', '401'], {
      answer: (_request, response) => response.writeHead(401).end(),
    });
    expect(outcome.code).toBe(0);
    expect(wrong(requests[0] as RecordedRequest)).toBe(true);
  });

  it('is too old on purpose with --corrupt timestamp', async () => {
    const env = { WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    const { requests, records } = await sent(['--corrupt', 'timestamp'], { event: ['standard-webhooks/user.created'], env });
    const seconds = Number(requests[0]?.header('webhook-timestamp')[0]);
    expect(Date.now() / 1_000 - seconds).toBeGreaterThan(300);
    expect(records[0].delivery.verdict).toMatchObject({ status: 'invalid', reason: 'timestamp_too_old' });
    const none = await sent(['--corrupt', 'timestamp']);
    expect(none.outcome.code).toBe(2);
    expect(none.requests).toEqual([]);
  });
});

describe('how it is sent', () => {
  it('--count, each with an id of its own; --duplicate, the same again', async () => {
    const counted = await sent(['--count', '3']);
    expect(new Set(counted.requests.map((request) => jsonOf(request).id)).size).toBe(3);
    const doubled = await sent(['--count', '2', '--duplicate', '2']);
    expect(doubled.requests).toHaveLength(6);
    expect(new Set(doubled.requests.map((request) => jsonOf(request).id)).size).toBe(2);
    expect(new Set(doubled.requests.map(({ body }) => body.toString())).size).toBe(2);
  });

  it('--shuffle: all of it, out of order', async () => {
    const { requests } = await sent(['--count', '40', '--shuffle', '--concurrency', '1']);
    const ids = requests.map((request) => jsonOf(request).id);
    expect(new Set(ids).size).toBe(40);
    const plain = await sent(['--all', '--provider', 'connect2print', '--shuffle', '--count', '3'], { event: [] });
    const events = plain.requests.map((request) => jsonOf(request).event);
    const inOrder = [1, 2, 3].flatMap(() => Object.keys(connect2print.events));
    expect([...events].sort()).toEqual([...inOrder].sort());
    // 48! orders: that it is the one it would have been is out of the question.
    expect(events).not.toEqual(inOrder);
  });

  it('--concurrency: so many at once, and no more', async () => {
    const waiting: Array<() => void> = [];
    let most = 0;
    const { outcome } = await sent(['--count', '12', '--concurrency', '4'], {
      answer: (_request, response) => {
        waiting.push(() => response.end());
        most = Math.max(most, waiting.length);
        // None is answered until four are there: with fewer at once this would never end.
        if (waiting.length === 4) for (const answer of waiting.splice(0)) answer();
      },
    });
    expect([outcome.code, most]).toEqual([0, 4]);
  });

  it('--rate: at most so many a second', async () => {
    const began = performance.now();
    const arrivals: number[] = [];
    await sent(['--count', '4', '--rate', '20/s'], {
      answer: (_request, response) => {
        arrivals.push(performance.now() - began);
        response.end();
      },
    });
    expect(arrivals[1]).toBeGreaterThanOrEqual(50);
    expect(arrivals[3]).toBeGreaterThanOrEqual(150);
  });

  it('ends with 130 when it is interrupted, and says how far it got', async () => {
    const app = await startApp();
    const running = startHere(
      ['trigger', '--json', 'connect2print/order.created', '--to', app.url, '--count', '100000', '--rate', '200'],
      WITH_SECRET,
    );
    await app.received(3);
    running.send('SIGINT');
    const { code, stdout } = await running.ended;
    const records = ndjson(stdout);
    expect(code).toBe(130);
    expect(records.at(-1)).toMatchObject({ type: 'summary', sent: app.requests.length, failed: 0 });
  });

  it('--save keeps what was sent, with the answer', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const { requests } = await sent(['--save', '--count', '2'], { cwd });
    const kept = ndjson((await invoke(['list', '--json'], { cwd })).stdout);
    expect(kept).toHaveLength(2);
    expect(kept[0]).toMatchObject({
      origin: 'triggered',
      verdict: { status: 'valid' },
      attempts: [{ status: 200, body: 'thank you' }],
    });
    expect(kept[0].request.body).toBe(requests[0]?.body.toString());
  });

  it('--wait: until the target accepts connections, and no longer than it says', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const target = `http://127.0.0.1:${port}`;
    const early = await invoke(['trigger', 'connect2print/order.created', '--to', target, '--wait', '30ms'], WITH_SECRET);
    expect([early.code, early.stdout]).toEqual([4, '']);
    expect(early.stderr).toMatch(
      /^error: Nothing listens at http:\/\/127.0.0.1:\d+ after 30 ms\.\n +Start the app, or wait longer/,
    );
    const waiting = invoke(['trigger', 'connect2print/order.created', '--to', target, '--wait', '20s'], WITH_SECRET);
    const late = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => late.listen(port, '127.0.0.1', resolve));
    expect((await waiting).code).toBe(0);
    await new Promise((resolve) => late.close(resolve));
  });
});

describe('what is expected', () => {
  const answers =
    (status: number, body = ''): AppAnswer =>
    (_request, response) =>
      response.writeHead(status).end(body);

  it.each([
    [200, '', [], 0],
    [204, '', [], 0],
    [302, '', [], 4],
    [404, '', [], 4],
    [404, '', ['--expect', '4xx'], 0],
    [202, '', ['--expect', '200,202'], 0],
    [201, '', ['--expect', '200,202'], 4],
    [200, 'all ok', ['--expect-body', 'ok'], 0],
    [200, 'all OK', ['--expect-body', 'ok'], 4],
    [200, 'all OK', ['--expect-body', '/ok$/i'], 0],
    [200, '', ['--within', '20s'], 0],
  ] as const)('status %i, body %j, %j: exit %i', async (status, body, args, code) => {
    const { outcome, records } = await sent(args, { answer: answers(status, body) });
    expect(outcome.code).toBe(code);
    expect(records.at(-1)).toMatchObject({ ok: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });
  });

  it('says what was expected and shows what came back', async () => {
    const app = await startApp(answers(422, '{"error":"no such order"}'));
    const { code, stdout } = await invoke(['trigger', 'connect2print/order.created', '--to', app.url], WITH_SECRET);
    expect(code).toBe(4);
    expect(stdout).toContain('expected 2xx, got 422');
    expect(stdout).toContain('no such order');
  });

  it('--within: an answer that comes late is not as expected', async () => {
    const { outcome } = await sent(['--within', '1ms'], { answer: (_request, response) => setTimeout(() => response.end(), 20) });
    expect(outcome.code).toBe(4);
  });

  it('nothing that listens, and nothing that answers, is exit 4 and said', async () => {
    const gone = await startApp();
    await gone.close();
    const refused = await invoke(['trigger', '--json', 'connect2print/order.created', '--to', gone.url], WITH_SECRET);
    expect(refused.code).toBe(4);
    expect(ndjson(refused.stdout)[0].delivery.attempts).toMatchObject([{ outcome: 'failed', reason: 'refused' }]);
    const silent = await sent(['--timeout', '50ms'], { answer: () => {} });
    expect(silent.outcome.code).toBe(4);
    expect(silent.records[0].delivery.attempts).toMatchObject([{ outcome: 'failed', reason: 'timeout' }]);
  });
});

describe('without sending', () => {
  it('--dry-run --json gives the request, and sends nothing', async () => {
    const { requests, records } = await sent(['--dry-run', '--count', '2']);
    expect(requests).toEqual([]);
    expect(records).toHaveLength(2);
    const [{ type, url, method, headers, body, bodyEncoding }] = records;
    expect([type, method, bodyEncoding]).toEqual(['request', 'POST', 'utf8']);
    expect(url).toMatch(/\/hooks$/);
    expect(new Headers(headers).get('x-webhook-signature')).toBe(signatureOf(Buffer.from(body)));
  });

  it('--dry-run for a person hides the signature unless it is asked for', async () => {
    const args = ['trigger', 'connect2print/order.created', '--dry-run'];
    expect((await invoke(args, WITH_SECRET)).stdout).toContain('X-Webhook-Signature: [redacted]');
    expect((await invoke([...args, '--show-secrets'], WITH_SECRET)).stdout).toMatch(/X-Webhook-Signature: [0-9a-f]{64}/);
  });
});

describe('what it is told wrong', () => {
  it.each([
    [['order.crated', '--provider', 'connect2print'], 'event_unknown', /Did you mean order\.created/],
    [['connect2prnt/order.created'], 'provider_unknown', /Did you mean connect2print/],
    [['nothing.like.it'], 'event_unknown', /webhook events/],
    [[], 'usage', /No event is named/],
    [['--all'], 'usage', /--provider/],
    [['order.created', '--all', '--provider', 'connect2print'], 'usage', /--all/],
    [['connect2print/order.created', '--set', 'total'], 'usage', /./],
    [['connect2print/order.created', '--set', 'data.order.items[0.sku=1'], 'usage', /./],
    [['connect2print/order.created', '--unset', 'data.nothing'], 'edit_failed', /not there/],
    [['connect2print/order.created', '--data', 'body.json'], 'usage', /@body\.json/],
    [['connect2print/order.created', '--data', '@absent'], 'input_unreadable', /There is no file 'absent'/],
    [['connect2print/order.created', '--corrupt', 'all'], 'usage', /signature, body, timestamp or missing/],
    [['connect2print/order.created', '--count', '0'], 'usage', /--count/],
    [['connect2print/order.created', '--concurrency', 'many'], 'usage', /--concurrency/],
    [['connect2print/order.created', '--rate', 'fast'], 'usage', /--rate 10/],
    [['connect2print/order.created', '--expect', 'ok'], 'usage', /2xx/],
    [['connect2print/order.created', '--expect-body', '/(/'], 'usage', /regular expression/],
    [['connect2print/order.created', '--timestamp', 'soon'], 'usage', /not a time/],
    [['connect2print/order.created', '-X', 'NOT A METHOD'], 'usage', /method/i],
    [['connect2print/order.created', '-H', 'X-A: a\nX-B: b'], 'usage', /header/],
    [['connect2print/order.created', '--to', 'ftp://localhost'], 'usage', /./],
    [['connect2print/order.created', '--to', 'http://a b/'], 'usage', /./],
    [['connect2print/order.created', '--concurency', '2'], 'usage', /--concurrency/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, code, said) => {
    const {
      stdout,
      stderr,
      code: exit,
    } = await invoke(['trigger', '--json', '--to', 'http://127.0.0.1:1', ...args], WITH_SECRET);
    expect([exit, stdout]).toEqual([2, '']);
    const [error] = ndjson(stderr);
    expect(error).toMatchObject({ type: 'error', code, hint: expect.stringMatching(/\S/) });
    expect(`${error.message} ${error.hint}`).toMatch(said);
  });

  it('an event that several providers have is that of the one whose secret is at hand, and it is said', async () => {
    const dry = (options: typeof WITH_SECRET) => invoke(['trigger', 'order.created', '--dry-run', '--json'], options);
    const secret = `whsec_${Buffer.from('a secret of some length, in base64').toString('base64')}`;
    const standard = await dry({ env: { STANDARD_WEBHOOKS_WEBHOOK_SECRET: secret } });
    expect(standard.stdout).toContain('webhook-signature');
    const ours = await dry(WITH_SECRET);
    expect(ours.stdout).toContain('X-Webhook-Signature');
    const said = await invoke(['trigger', 'order.created', '--dry-run'], WITH_SECRET);
    expect(said.stderr).toContain('Sending Connect2Print’s order.created; there is');
  });

  it('without a target it says how to name one', async () => {
    const { code, stderr } = await invoke(['trigger', 'connect2print/order.created'], WITH_SECRET);
    expect([code, stderr]).toEqual([
      2,
      "error: It is not said where to send.\n       Add --to <url>, or set 'to' in the config.\n",
    ]);
  });
});

describe('tried again', () => {
  const FAST = ['--time-scale', '100000x'];
  /** Answers one after the other; the last one for good. */
  const series = (...statuses: Array<number | [status: number, headers: Record<string, string>]>): AppAnswer => {
    let at = 0;
    return (_request, response) => {
      const one = statuses[Math.min(at++, statuses.length - 1)] ?? 200;
      if (typeof one === 'number') response.writeHead(one).end();
      else response.writeHead(one[0], one[1]).end();
    };
  };
  const bodies = (requests: readonly RecordedRequest[]): Set<string> => new Set(requests.map(({ body }) => body.toString()));
  const whys = (outcome: Outcome): string[] =>
    outcome.stdout.split('\n').filter((line) => /again in|given up|asks for no more/.test(line));

  it('on the schedule that is given, with the same id and bytes, until it is taken', async () => {
    const { requests, outcome, records } = await sent(['--retry', '1s,5s,30s', ...FAST], { answer: series(500, 503, 200) });
    expect(outcome.code).toBe(0);
    expect(requests).toHaveLength(3);
    expect(bodies(requests).size).toBe(1);
    expect(requests.every(genuine)).toBe(true);
    expect(records.filter(({ type }) => type === 'attempt').map(({ delivery }) => delivery.attempts.length)).toEqual([1, 2, 3]);
    expect(new Set(records.filter(({ type }) => type === 'attempt').map(({ delivery }) => delivery.id)).size).toBe(1);
    expect(records.at(-1)).toMatchObject({ sent: 1, ok: 1, failed: 0, attempts: 3, statuses: { 200: 1, 500: 1, 503: 1 } });
  });

  it('no more than the schedule has, and then it has failed', async () => {
    const { requests, outcome, records } = await sent(['--retry', '1s,5s', ...FAST], { answer: series(500) });
    expect([outcome.code, requests.length]).toEqual([4, 3]);
    expect(records.at(-1)).toMatchObject({ sent: 1, ok: 0, failed: 1, attempts: 3 });
  });

  it('when the provider does: what counts as taken is what it counts, and what it does not publish is told', async () => {
    const { requests, outcome, records } = await sent(['--retry', ...FAST], { answer: series(202, 200) });
    expect([outcome.code, requests.length]).toEqual([0, 2]);
    expect(records[0]).toEqual({
      type: 'warning',
      code: 'retries_assumed',
      message: expect.stringMatching(/^Connect2Print publishes no retry schedule/),
    });
    const standard = await sent(['--retry', ...FAST, '--time-scale', '10000000x'], {
      answer: series(500),
      event: ['standard-webhooks/user.created'],
      env: { STANDARD_WEBHOOKS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    });
    expect(standard.requests).toHaveLength(10);
    expect(new Set(standard.requests.map(({ header }) => header('webhook-id')[0])).size).toBe(1);
    expect(standard.records.some(({ type }) => type === 'warning')).toBe(false);
  });

  it('with what --expect asks for counting first', async () => {
    const { requests, outcome } = await sent(['--retry', '1s', ...FAST, '--expect', '202'], { answer: series(202) });
    expect([outcome.code, requests.length]).toEqual([0, 1]);
  });

  it('not after 410, and not before Retry-After', async () => {
    const gone = await sent(['--retry', '1s,1s', ...FAST], { answer: series(410) });
    expect([gone.outcome.code, gone.requests.length]).toEqual([4, 1]);
    const at: number[] = [];
    const answer = series([503, { 'Retry-After': '3600' }], 200);
    const app = await startApp((request, response) => {
      at.push(performance.now());
      answer(request, response);
    });
    const args = ['connect2print/order.created', '--to', app.url, '--retry', '1s', '--time-scale', '60000x'];
    const outcome = await invoke(['trigger', ...args], WITH_SECRET);
    expect(whys(outcome)[0]).toContain('again in 1 h, here 60 ms');
    // A second would have been a sixtieth of a millisecond here.
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(40);
  });

  it('while others go on', async () => {
    const { requests, records } = await sent(['--retry', '1s', '--time-scale', '10x', '--count', '3'], {
      answer: series(500, 200),
    });
    const ids = requests.map((request) => jsonOf(request).id);
    expect(ids).toHaveLength(4);
    expect(ids[3]).toBe(ids[0]);
    expect(records.at(-1)).toMatchObject({ sent: 3, ok: 3, attempts: 4 });
  });

  it('never more at once than --concurrency, first tries and further ones together', async () => {
    let underWay = 0;
    let most = 0;
    const tries = new Map<string, number>();
    const { requests, records } = await sent(['--retry', '1s,1s', ...FAST, '--count', '24', '--concurrency', '4'], {
      answer: (request, response) => {
        const { id } = jsonOf(request);
        const count = (tries.get(id) ?? 0) + 1;
        tries.set(id, count);
        most = Math.max(most, ++underWay);
        // Others get here before it is answered.
        setImmediate(() => {
          underWay--;
          response.writeHead(count < 3 ? 500 : 200).end();
        });
      },
    });
    expect([requests.length, new Set(tries.values())]).toEqual([72, new Set([3])]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(records.at(-1)).toMatchObject({ sent: 24, ok: 24, attempts: 72 });
  });

  it('signed anew where the time is signed', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    let now = Date.now();
    const { requests } = await sent(['--retry', '1s', ...FAST], {
      answer: (request, response) => {
        now += 90_000;
        series(500)(request, response);
      },
      event: ['standard-webhooks/user.created'],
      env: { STANDARD_WEBHOOKS_WEBHOOK_SECRET: secret },
      now: () => now,
    });
    const [first, second] = requests.map(({ header }) => [header('webhook-id')[0], Number(header('webhook-timestamp')[0])]);
    expect(second?.[0]).toBe(first?.[0]);
    expect(Number(second?.[1]) - Number(first?.[1])).toBeGreaterThanOrEqual(89);
  });

  it('kept with every try', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    await sent(['--retry', '1s', ...FAST, '--save'], { answer: series(500, 200), cwd });
    const kept = await invoke(['show', 'last', '--json'], { cwd });
    expect(JSON.parse(kept.stdout).attempts.map(({ status }: Json) => status)).toEqual([500, 200]);
  });

  it('not once it is interrupted', async () => {
    const app = await startApp(series(500));
    const running = startHere(
      ['trigger', '--json', 'connect2print/order.created', '--to', app.url, '--retry', '1h'],
      WITH_SECRET,
    );
    await running.record(({ type }) => type === 'attempt');
    running.send('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(ndjson(stdout).at(-1)).toMatchObject({ sent: 1, failed: 1 });
  });

  it('with the event right after --retry', async () => {
    const app = await startApp();
    const outcome = await invoke(['trigger', '--to', app.url, '--retry', 'connect2print/order.created'], WITH_SECRET);
    expect([outcome.code, app.requests.length]).toEqual([0, 1]);
  });
});

describe('faults of the way', () => {
  it('--drop loses some, and says how many', async () => {
    const none = await sent(['--count', '5', '--drop', '100%']);
    expect([none.requests.length, none.outcome.code]).toEqual([0, 0]);
    expect(none.records.at(-1)).toMatchObject({ sent: 0, attempts: 0, dropped: 5, p50: null });
    const all = await sent(['--count', '5', '--drop', '0%']);
    expect(all.requests).toHaveLength(5);
    expect(all.records.at(-1)).not.toHaveProperty('dropped');
  });

  it('--late lets some overtake others, and loses none', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const { requests, records } = await sent(['--count', '40', '--late', '10s', '--time-scale', '50x']);
    const inOrder = records.filter(({ type }) => type === 'attempt').map(({ delivery }) => delivery.receivedAt);
    expect(requests).toHaveLength(40);
    expect(inOrder).not.toEqual([...inOrder].sort((a, b) => a.localeCompare(b)));
    expect(records.at(-1)).toMatchObject({ sent: 40, ok: 40 });
    // Node takes many who listen to one signal for a leak, unless it is told otherwise.
    expect(warnings).toEqual([]);
  });

  it.each([
    ['--time-scale', '60', "'60' is not a factor"],
    ['--drop', '0.5', "'0.5' is not a share"],
    ['--drop', '120%', "'120%' is not a share"],
    ['--late', 'soon', "'soon' is not a duration"],
  ])('%s %s is refused', async (flag, value, message) => {
    const { code, stderr } = await invoke(
      ['trigger', 'connect2print/order.created', '--to', 'http://127.0.0.1:1', flag, value],
      WITH_SECRET,
    );
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('a long run', () => {
  it('shows how far it is, with rate and failures, where a person watches', async () => {
    const app = await startApp((_request, response) => void response.writeHead(app.requests.length % 2 === 0 ? 500 : 200).end());
    const { stderr } = await invoke(['trigger', 'connect2print/order.created', '--to', app.url, '--count', '30', '--no-color'], {
      ...WITH_SECRET,
      columns: 100,
    });
    expect(stderr).toMatch(/\[=*>? *\] \d+ of 30 · \d+\/s · \d+ failed/);
    expect(stderr).toMatch(/30 sent: 15 ok, 15 failed · 200 ×15, 500 ×15 · p50 .*, p95 .*, p99 /);
  });
});

describe('a scenario', () => {
  const play = (args: readonly string[], options: Parameters<typeof sent>[1] = {}): ReturnType<typeof sent> =>
    sent(['--provider', 'connect2print', '--time-scale', '100000x', ...args], { event: [], ...options });
  const orderIdOf = (body: Json): unknown => {
    const [thing] = Object.values<Json>(body.data);
    return body.event.startsWith('order.') ? thing.id : thing.order_id;
  };

  it('order-to-delivery is the life of one order: one order id throughout, fresh in each run', async () => {
    const first = await play(['--scenario', 'order-to-delivery']);
    const bodies = first.requests.map(jsonOf);
    expect(first.outcome.code).toBe(0);
    expect(bodies.map(({ event }) => event)).toEqual([
      'order.created',
      'invoice.created',
      'order.updated',
      'production.job.created',
      'production.job.completed',
      'order.shipped',
      'shipment.delivered',
      'order.completed',
    ]);
    const ids = new Set(bodies.map(orderIdOf));
    expect([...ids]).toEqual([expect.any(Number)]);
    expect(new Set(bodies.map(({ data }) => Object.values<Json>(data)[0].order_number)).size).toBe(1);
    expect(first.requests.every(genuine)).toBe(true);
    expect(first.requests[0]?.body.toString()).toContain('499.00');
    const again = await play(['--scenario', 'order-to-delivery', '--count', '2']);
    const runs = again.requests.map((request) => orderIdOf(jsonOf(request)));
    expect(new Set(runs.slice(0, 8)).size).toBe(1);
    expect(new Set([...ids, runs[0], runs[8]]).size).toBe(3);
  });

  it.each([
    ['order-cancelled', ['order.created', 'order.updated', 'order.cancelled']],
    ['quote-accepted', ['quote.created', 'quote.accepted', 'order.created']],
  ])('%s is one too', async (name, events) => {
    const { requests, outcome } = await play(['--scenario', name]);
    expect(outcome.code).toBe(0);
    expect(requests.map((request) => jsonOf(request).event)).toEqual(events);
    const last = requests.map(jsonOf);
    if (name === 'quote-accepted')
      expect(last[2].data.order).toMatchObject({ id: last[1].data.quote.order_id, quote_id: last[0].data.quote.id });
  });

  it('from a file: what it sets, repeats, corrupts and expects', async () => {
    const cwd = temporaryFolder({
      'story.yaml': `
steps:
  - event: order.created
    keep: { id: data.order.id }
  - event: order.updated
    set: { data.order.id: '\${id}', data.order.total: 12.50 }
    repeat: 2
  - { event: order.shipped, corrupt: signature, expect: 401 }
`,
    });
    const answer: AppAnswer = (request, response) => void response.writeHead(genuine(request) ? 200 : 401).end();
    const { requests, outcome } = await play(['--scenario', './story.yaml'], { cwd, answer });
    expect(outcome.code).toBe(0);
    expect(requests.map(genuine)).toEqual([true, true, true, false]);
    expect(requests[1]?.body.toString()).toContain('"total":12.50');
    expect(new Set(requests.slice(0, 3).map((request) => jsonOf(request).id)).size).toBe(3);
    const strict = await play(['--scenario', './story.yaml'], {
      cwd,
      answer: (_request, response) => void response.writeHead(200).end(),
    });
    expect(strict.outcome.code).toBe(4);
  });

  it('counts as delivered what the provider counts, unless it is told otherwise', async () => {
    const answer: AppAnswer = (_request, response) => void response.writeHead(202).end();
    expect((await play(['--scenario', 'order-cancelled'], { answer })).outcome.code).toBe(4);
    expect((await play(['--scenario', 'order-cancelled', '--expect', '2xx'], { answer })).outcome.code).toBe(0);
  });

  it('takes faults on top: again, out of order, lost, in parallel', async () => {
    const shuffled = await play(['--scenario', 'order-to-delivery', '--shuffle', '--duplicate', '1', '--concurrency', '4']);
    expect(shuffled.requests).toHaveLength(16);
    expect(new Set(shuffled.requests.map((request) => jsonOf(request).id)).size).toBe(8);
    expect(new Set(shuffled.requests.map((request) => orderIdOf(jsonOf(request)))).size).toBe(1);
    const lost = await play(['--scenario', 'order-to-delivery', '--drop', '100%']);
    expect(lost.records.at(-1)).toMatchObject({ sent: 0, dropped: 8 });
  });

  it('can be looked at before', async () => {
    const { outcome } = await play(['--scenario', 'order-cancelled', '--dry-run']);
    expect(ndjson(outcome.stdout).map(({ body }) => JSON.parse(body).event)).toEqual([
      'order.created',
      'order.updated',
      'order.cancelled',
    ]);
  });

  it('refuses what contradicts it, and a key that is not known, with its line', async () => {
    const cwd = temporaryFolder({ 'bad.yaml': 'steps:\n  - event: order.created\n    wait: 5s\n' });
    const refused = async (args: readonly string[]): Promise<string> => {
      const outcome = await invoke(['trigger', '--provider', 'connect2print', '--to', 'http://127.0.0.1:1', ...args], {
        ...WITH_SECRET,
        cwd,
      });
      expect(outcome.code).toBe(2);
      return outcome.stderr;
    };
    expect(await refused(['--scenario', './bad.yaml'])).toContain("bad.yaml, line 3: there is no key 'wait' in a step.");
    expect(await refused(['order.created', '--scenario', 'order-cancelled'])).toContain('says itself what is sent');
  });
});
