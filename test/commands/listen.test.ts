import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { type Listener, startListener } from '../support/listener.js';
import { ndjson, type RunOptions } from '../support/running.js';
import { type Answer, send } from '../support/send.js';

const SECRET = 'a secret that nobody guesses';
const BODY = '{"id":"wh_1","event":"order.created","timestamp":"2026-11-22T14:02:11Z","data":{"order":{"total":499.00}}}';
const WITH_SECRET: RunOptions = { env: { CONNECT2PRINT_WEBHOOK_SECRET: SECRET } };
const PROVIDER: readonly string[] = ['--provider', 'connect2print'];

const listen = (args: readonly string[] = [], options?: RunOptions): Promise<Listener> => startListener(startHere, args, options);
const bodyOf = (event: string, id = 'wh_1'): string => BODY.replace('order.created', event).replace('wh_1', id);

/** Sends a delivery as Connect2Print would: a hex HMAC-SHA256 of the body. */
function deliver(
  url: string,
  body: string | Uint8Array = BODY,
  headers: ReadonlyArray<readonly [string, string]> = [],
): Promise<Answer> {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return send(url, { headers: [['Content-Type', 'application/json'], ['X-Webhook-Signature', signature], ...headers], body });
}

/** Sends one whose signature is not genuine. */
function forge(url: string, body = BODY): Promise<Answer> {
  return send(url, { headers: [['X-Webhook-Signature', '0'.repeat(64)]], body });
}

describe('without a target', () => {
  it('says that it is ready, answers, tells of each delivery, and sums up; nothing else is on stdout', async () => {
    const listener = await listen(PROVIDER, WITH_SECRET);
    expect(listener.ready).toEqual({
      type: 'ready',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      publicUrl: null,
      provider: 'connect2print',
      store: expect.stringMatching(/deliveries\.db$/),
    });
    const answer = await deliver(`${listener.url}/hooks?x=1`);
    expect([answer.status, answer.body.toString(), answer.header('content-type')]).toEqual([
      200,
      '{"received":true}',
      ['application/json'],
    ]);
    expect((await forge(listener.url, bodyOf('order.created', 'wh_2'))).status).toBe(401);
    await deliver(listener.url);
    await listener.deliveries(3);
    const { summary, outcome } = await listener.stop('SIGINT');
    expect(outcome.code).toBe(0);
    expect(ndjson(outcome.stdout).map(({ type }) => type)).toEqual(['ready', 'delivery', 'delivery', 'delivery', 'summary']);
    expect(summary).toEqual({
      type: 'summary',
      received: 3,
      valid: 2,
      invalid: 1,
      unchecked: 0,
      duplicates: 1,
      forwarded: 0,
      failed: 0,
    });
    expect(outcome.stderr).toBe('');
  });

  it('tells the delivery as it is kept', async () => {
    const listener = await listen(PROVIDER, WITH_SECRET);
    await deliver(`${listener.url}/hooks?x=1&x=2`, BODY, [
      ['x-Odd-CASE', 'one'],
      ['X-odd-case', 'two'],
    ]);
    const told = await listener.delivery();
    expect(told).toMatchObject({
      id: expect.stringMatching(/^dlv_/),
      origin: 'received',
      provider: 'connect2print',
      event: 'order.created',
      eventId: 'wh_1',
      duplicateOf: null,
      request: { method: 'POST', path: '/hooks?x=1&x=2', body: BODY, bodyEncoding: 'utf8' },
      verdict: { status: 'valid', reason: null, diagnosis: [] },
      response: { status: 200, body: '{"received":true}' },
      attempts: [],
    });
    expect(told.request.headers).toEqual(
      expect.arrayContaining([
        ['x-Odd-CASE', 'one'],
        ['X-odd-case', 'two'],
      ]),
    );
    const kept = await invoke(['show', 'last', '--json', '--store', listener.ready.store]);
    expect(JSON.parse(kept.stdout)).toEqual(told);
  });

  it('answers as --respond and --respond-body say', async () => {
    const text = await listen(['--respond', '202', '--respond-body', 'thanks']);
    const answered = await send(text.url, { body: BODY });
    expect([answered.status, answered.body.toString(), answered.header('content-type')]).toEqual([
      202,
      'thanks',
      ['text/plain; charset=utf-8'],
    ]);
    const bytes = Buffer.from([0xff, 0x00, 0x0d, 0x0a]);
    const cwd = temporaryFolder({ 'answer.bin': bytes });
    const file = await listen(['--respond-body', '@answer.bin'], { cwd });
    expect((await send(file.url, { body: BODY })).body).toEqual(bytes);
    const json = await listen(['--respond-body', '{"ok":1.0}']);
    const told = await send(json.url, { body: BODY });
    expect([told.body.toString(), told.header('content-type')]).toEqual(['{"ok":1.0}', ['application/json']]);
  });

  it('waits as --delay says', async () => {
    const listener = await listen(['--delay', '150ms']);
    const began = performance.now();
    await send(listener.url, { body: BODY });
    expect(performance.now() - began).toBeGreaterThanOrEqual(149);
    expect((await listener.delivery()).response.durationMs).toBeGreaterThanOrEqual(149);
  });

  it('lets the first n fail, or p percent, and keeps them all the same', async () => {
    const listener = await listen(['--fail', '2']);
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await send(listener.url, { body: bodyOf('order.created', `wh_${i}`) })).status);
    expect(statuses).toEqual([503, 503, 200, 200]);
    expect((await listener.deliveries(4)).map(({ response }) => response.status)).toEqual(statuses);
    const always = await listen(['--fail', '100%']);
    const never = await listen(['--fail', '0%']);
    expect([(await send(always.url)).status, (await send(never.url)).status]).toEqual([503, 200]);
  });

  it('serves one path with --path, and says what got 404', async () => {
    const listener = await listen(['--path', '/hooks']);
    expect((await send(`${listener.url}/hooks?x=1`)).status).toBe(200);
    expect((await send(`${listener.url}/favicon.ico`, { method: 'GET' })).status).toBe(404);
    expect((await send(`${listener.url}/hooks/more`)).status).toBe(404);
    const { summary, outcome } = await listener.stop();
    expect(summary.received).toBe(1);
    const warnings = ndjson(outcome.stdout).filter(({ type }) => type === 'warning');
    expect(warnings.map(({ code }) => code)).toEqual(['path_not_served', 'path_not_served']);
  });

  it('refuses a body over --max-body with 413, keeps nothing of it, and goes on', async () => {
    const listener = await listen(['--max-body', '1kb']);
    expect((await send(listener.url, { body: Buffer.alloc(1_000) })).status).toBe(200);
    expect((await send(listener.url, { body: Buffer.alloc(1_001) })).status).toBe(413);
    expect((await send(listener.url, { body: BODY })).status).toBe(200);
    const { summary } = await listener.stop();
    expect(summary.received).toBe(2);
    expect(listener.running.records.filter(({ type }) => type === 'warning').map(({ code }) => code)).toEqual(['body_too_large']);
  });

  it('ends after --exit-after deliveries, or --for so long', async () => {
    const counted = await listen(['--exit-after', '2']);
    await send(counted.url);
    await send(counted.url);
    expect((await counted.running.ended).code).toBe(0);
    const timed = await listen(['--for', '50ms']);
    expect((await timed.running.ended).code).toBe(0);
    expect(timed.running.records.at(-1).type).toBe('summary');
  });

  it('keeps no more than the config says, and says so once', async () => {
    const { cwd, kept } = await projectWith({}, {}, {}, {}, {});
    writeFileSync(join(cwd, 'webhook.config.json'), '{"retain":{"count":2}}');
    const running = startHere(['listen', '--port', '0'], { cwd });
    expect(await running.line('stderr', (line) => line.includes('retain'))).toMatch(/Deleted 3 kept deliveries/);
    running.send('SIGINT');
    expect((await running.ended).code).toBe(0);
    const { stdout } = await invoke(['list', '--json'], { cwd });
    expect(ndjson(stdout).map(({ id }) => id)).toEqual(kept.slice(3).map(({ id }) => id));
  });

  it('keeps nothing with --no-save', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const listener = await listen(['--no-save'], { cwd });
    expect(listener.ready.store).toBe(null);
    expect((await send(listener.url, { body: BODY })).status).toBe(200);
    await listener.stop();
    expect((await invoke(['list', '--json'], { cwd })).code).toBe(2);
  });
});

describe('with a secret', () => {
  it('answers 401 without a hint of the expected signature; keeps, marks and does not forward', async () => {
    const app = await startApp();
    const listener = await listen([...PROVIDER, '--forward-to', app.url], WITH_SECRET);
    const answer = await forge(listener.url);
    const expected = createHmac('sha256', SECRET).update(BODY).digest();
    const said = JSON.stringify([answer.status, answer.headers, answer.body.toString()]);
    expect(answer.status).toBe(401);
    for (const encoding of ['hex', 'base64', 'base64url'] as const) expect(said).not.toContain(expected.toString(encoding));
    const told = await listener.delivery();
    expect(told.verdict).toMatchObject({ status: 'invalid', reason: 'mismatch' });
    expect(JSON.stringify(told)).not.toContain(expected.toString('hex'));
    expect([told.response.status, told.attempts]).toEqual([401, []]);
    expect((await listener.stop()).summary).toMatchObject({ received: 1, invalid: 1, forwarded: 0 });
    expect(app.requests).toEqual([]);
  });

  it.each([
    ['no signature', [], 'missing_signature'],
    ['an empty one', [['X-Webhook-Signature', '']], 'malformed_signature'],
    ['one that is too short', [['X-Webhook-Signature', 'abc123']], 'malformed_signature'],
    ['one that is no hex', [['X-Webhook-Signature', 'g'.repeat(64)]], 'malformed_signature'],
    ['one byte more', [['X-Webhook-Signature', '00'.repeat(33)]], 'malformed_signature'],
    ['one that is 8 kB long', [['X-Webhook-Signature', 'a'.repeat(8_000)]], 'malformed_signature'],
    ['bytes of no text', [['X-Webhook-Signature', '\xff\xfe\x80']], 'malformed_signature'],
  ] as const)('%s is a verdict, never an exception', async (_what, headers, reason) => {
    const listener = await listen(PROVIDER, WITH_SECRET);
    expect((await send(listener.url, { headers, body: BODY })).status).toBe(401);
    expect((await listener.delivery()).verdict).toMatchObject({ status: 'invalid', reason });
    expect((await listener.stop()).outcome).toMatchObject({ code: 0, stderr: '' });
  });

  it('answers and forwards what is not genuine with --allow-invalid, marked', async () => {
    const app = await startApp();
    const listener = await listen([...PROVIDER, '--allow-invalid', '-f', app.url], WITH_SECRET);
    expect((await forge(listener.url)).body.toString()).toBe('thank you');
    expect((await listener.delivery()).verdict.status).toBe('invalid');
    expect(app.requests).toHaveLength(1);
  });

  it('takes several during a rotation, from flags and files', async () => {
    const cwd = temporaryFolder({ secret: `${SECRET}\n` });
    for (const args of [
      ['--secret', 'the old one', '--secret', SECRET],
      ['--secret', 'the old one', '--secret-file', 'secret'],
    ]) {
      const listener = await listen([...PROVIDER, ...args], { cwd });
      expect((await deliver(listener.url)).status).toBe(200);
    }
  });

  it('tells whose delivery it is from its headers, and uses that provider’s secret', async () => {
    const env = {
      CONNECT2PRINT_WEBHOOK_SECRET: SECRET,
      STANDARD_WEBHOOKS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    };
    const listener = await listen([], { env });
    const sent = async (event: string): Promise<number | null> =>
      (await invoke(['trigger', event, '--to', listener.url], { env })).code;
    expect(await sent('connect2print/order.created')).toBe(0);
    expect(await sent('standard-webhooks/user.created')).toBe(0);
    expect((await listener.deliveries(2)).map(({ provider, verdict }) => [provider, verdict.status])).toEqual([
      ['connect2print', 'valid'],
      ['standard-webhooks', 'valid'],
    ]);
  });

  it('takes --tolerance in place of the provider’s own', async () => {
    const env = { WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    const old = new Date(Date.now() - 600_000).toISOString();
    const strict = await listen(['--provider', 'standard-webhooks'], { env });
    const lax = await listen(['--provider', 'standard-webhooks', '--tolerance', '1h'], { env });
    const trigger = ['trigger', 'user.created', '--provider', 'standard-webhooks', '--timestamp', old];
    expect((await invoke([...trigger, '--to', strict.url, '--expect', '401'], { env })).code).toBe(0);
    expect((await strict.delivery()).verdict.reason).toBe('timestamp_too_old');
    expect((await invoke([...trigger, '--to', lax.url], { env })).code).toBe(0);
  });
});

describe('with a target', () => {
  it('hands on method, headers, path, query and bytes, with its own Host and X-Forwarded-*', async () => {
    const app = await startApp();
    const listener = await listen(['--forward-to', app.url]);
    const body = Buffer.from('\ufeff{"total":499.00,\r\n"raw":"\xff\0"}', 'latin1');
    const host = new URL(listener.url).host;
    const headers = [
      ['Host', host],
      ['x-ODD-Case', '1'],
      ['X-Twice', 'a'],
      ['X-Twice', 'b'],
      ['Connection', 'close, X-Hop'],
      ['X-Hop', 'only to the next'],
      ['Keep-Alive', 'timeout=5'],
      ['TE', 'trailers'],
      ['X-Forwarded-For', '203.0.113.9'],
    ] as const;
    const answer = await send(`${listener.url}/a//b%2Fc?x=1&x=%20`, { method: 'PUT', headers, body });
    expect(answer.status).toBe(200);
    const [got] = await app.received(1);
    expect(got).toMatchObject({ method: 'PUT', path: '/a//b%2Fc?x=1&x=%20' });
    expect(got?.body).toEqual(body);
    expect(got?.headers.filter(([name]) => /odd|twice/i.test(name))).toEqual([
      ['x-ODD-Case', '1'],
      ['X-Twice', 'a'],
      ['X-Twice', 'b'],
    ]);
    for (const hop of ['x-hop', 'keep-alive', 'te']) expect(got?.header(hop)).toEqual([]);
    expect(got?.header('host')).toEqual([new URL(app.url).host]);
    expect(got?.header('x-forwarded-for')).toEqual(['203.0.113.9, 127.0.0.1']);
    expect([got?.header('x-forwarded-host'), got?.header('x-forwarded-proto')]).toEqual([[host], ['http']]);
  });

  it('passes the app’s answer back: status, headers and bytes; hop-by-hop ones aside', async () => {
    const bytes = Buffer.from([0xff, 0, 1]);
    const app = await startApp((_request, response) => {
      response.writeHead(418, ['X-Twice', 'a', 'x-twice', 'b', 'Content-Type', 'application/x-odd', 'Keep-Alive', 'timeout=1']);
      response.end(bytes);
    });
    const listener = await listen(['--forward-to', app.url]);
    const answer = await send(listener.url, { body: BODY });
    expect([answer.status, answer.body]).toEqual([418, bytes]);
    expect(answer.headers.filter(([name]) => /twice/i.test(name))).toEqual([
      ['X-Twice', 'a'],
      ['x-twice', 'b'],
    ]);
    expect(answer.header('content-type')).toEqual(['application/x-odd']);
    expect(answer.header('keep-alive')).not.toEqual(['timeout=1']);
    const told = await listener.delivery();
    expect(told.attempts).toMatchObject([
      { outcome: 'responded', status: 418, body: '/wAB', bodyEncoding: 'base64', replay: false },
    ]);
    expect((await listener.stop()).summary).toMatchObject({ forwarded: 1, failed: 1 });
  });

  it('sends everything to a target that has a path of its own, and passes redirects on', async () => {
    const app = await startApp((_request, response) =>
      response.writeHead(302, { Location: 'http://127.0.0.1:1/elsewhere' }).end(),
    );
    const listener = await listen(['--forward-to', `${app.url}/own/path`]);
    const answer = await send(`${listener.url}/hooks?x=1`, { body: BODY });
    expect([answer.status, answer.header('location')]).toEqual([302, ['http://127.0.0.1:1/elsewhere']]);
    expect(app.requests.map(({ path }) => path)).toEqual(['/own/path?x=1']);
  });

  it('answers 502 where nothing listens, 504 past the timeout; both are kept and told', async () => {
    const gone = await startApp();
    await gone.close();
    const refused = await listen(['--forward-to', gone.url]);
    expect((await send(refused.url, { body: BODY })).status).toBe(502);
    expect((await refused.delivery()).attempts).toMatchObject([{ outcome: 'failed', reason: 'refused' }]);
    const silent = await startApp(() => {});
    const late = await listen(['--forward-to', silent.url, '--timeout', '100ms']);
    expect((await send(late.url, { body: BODY })).status).toBe(504);
    expect((await late.delivery()).attempts).toMatchObject([{ outcome: 'failed', reason: 'timeout' }]);
  });

  it('hands on to several targets; the first one’s answer goes back', async () => {
    const first = await startApp((_request, response) => response.writeHead(201).end('first'));
    const second = await startApp((_request, response) => response.writeHead(500).end('second'));
    const listener = await listen(['-f', first.url, '-f', second.url]);
    const answer = await send(listener.url, { body: BODY });
    expect([answer.status, answer.body.toString()]).toEqual([201, 'first']);
    const { attempts } = await listener.delivery();
    expect(attempts.map(({ target, status }: { target: string; status: number }) => [new URL(target).origin, status])).toEqual([
      [first.url, 201],
      [second.url, 500],
    ]);
    expect((await listener.stop()).summary).toMatchObject({ forwarded: 2, failed: 1 });
  });

  it('routes by event, the first match wins; shows and forwards only --events, and keeps all', async () => {
    const [orders, rest] = [await startApp(), await startApp()];
    const args = ['--route', `order.created=${orders.url}/created`, '--route', `order.*=${orders.url}`, '-f', rest.url];
    const listener = await listen([...PROVIDER, ...args, '--events', '*,!stock.low']);
    for (const event of ['order.created', 'order.updated', 'invoice.paid', 'stock.low']) {
      expect((await send(listener.url, { body: bodyOf(event, event) })).status).toBe(200);
    }
    expect(orders.requests.map(({ path }) => path)).toEqual(['/created', '/']);
    expect(rest.requests.map(({ body }) => JSON.parse(body.toString()).event)).toEqual(['invoice.paid']);
    const { summary } = await listener.stop();
    expect(listener.running.records.filter(({ type }) => type === 'delivery').map(({ delivery }) => delivery.event)).toEqual([
      'order.created',
      'order.updated',
      'invoice.paid',
    ]);
    expect(summary.received).toBe(4);
    const kept = await invoke(['list', '--json', '--store', listener.ready.store]);
    expect(ndjson(kept.stdout).map(({ event }) => event)).toContain('stock.low');
  });

  it('forwards in the order of arrival with --ordered', async () => {
    const answers: Array<() => void> = [];
    const app = await startApp((_request, response) => answers.push(() => response.end()));
    const listener = await listen(['--ordered', '-f', app.url]);
    const sent = [];
    for (const id of ['wh_1', 'wh_2', 'wh_3']) sent.push(send(listener.url, { body: bodyOf('order.created', id) }));
    for (let count = 1; count <= 3; count++) {
      const got = await app.received(count);
      // The next one comes only after this one is answered.
      expect(got).toHaveLength(count);
      answers.shift()?.();
    }
    await Promise.all(sent);
  });

  it('replaces and drops headers with -H', async () => {
    const app = await startApp();
    const own = ['-H', 'X-Env: test', '-H', 'X-Drop:', '-H', 'user-agent: mine', '-H', 'Host: shop.test'];
    const listener = await listen(['-f', app.url, ...own]);
    await send(listener.url, {
      headers: [
        ['X-Drop', '1'],
        ['User-Agent', 'theirs'],
      ],
    });
    const [got] = await app.received(1);
    expect(['x-env', 'x-drop', 'user-agent', 'host'].map((name) => got?.header(name))).toEqual([
      ['test'],
      [],
      ['mine'],
      ['shop.test'],
    ]);
  });

  it('finishes what is in flight when it is ended', async () => {
    let release = (): void => {};
    const app = await startApp((_request, response) => {
      release = () => response.end('late');
    });
    const listener = await listen(['-f', app.url]);
    const sent = send(listener.url, { body: BODY });
    await app.received(1);
    listener.running.send('SIGTERM');
    release();
    expect((await sent).body.toString()).toBe('late');
    expect((await listener.running.ended).code).toBe(0);
    expect(listener.running.records.map(({ type }) => type)).toEqual(['ready', 'delivery', 'summary']);
  });
});

describe('what it is told wrong', () => {
  it.each([
    [['--port', '70000'], 'usage', /--port takes a whole number from 0 to 65535/],
    [['--port', 'abc'], 'usage', /--port/],
    [['--provider', 'conect2print'], 'provider_unknown', /Did you mean connect2print/],
    [['--forward-to', 'ftp://localhost'], 'usage', /http and https/],
    [['--forward-to', 'http://'], 'usage', /not the URL of a server/],
    [['--route', 'order.*'], 'usage', /is not a route.*--route 'order/],
    [['--respond', '99'], 'usage', /--respond/],
    [['--respond-body', '@absent.txt'], 'input_unreadable', /There is no file 'absent.txt'/],
    [['--fail', 'some'], 'usage', /--fail 3 or --fail 20%/],
    [['--fail', '101%'], 'usage', /--fail/],
    [['--delay', 'soon'], 'usage', /soon/],
    [['--for', '-1s'], 'usage', /./],
    [['--max-body', 'large'], 'usage', /large/],
    [['--print', 'all'], 'usage', /--print takes headers, body, response or none, not 'all'/],
    [['--events', ''], 'usage', /./],
    [['--exit-after', '0'], 'usage', /--exit-after takes a whole number from 1/],
    [['-H', 'no colon'], 'usage', /'no colon' is not a header/],
    [['--secret-file', 'absent'], 'input_unreadable', /The secret file 'absent' does not exist/],
    [['--secret', ''], 'secret_malformed', /--secret/],
    [['--concurrency', '0'], 'usage', /--concurrency/],
    [['--tolerance', 'forever'], 'usage', /forever/],
    [['--host', '203.0.113.1'], 'address_unavailable', /203\.0\.113\.1/],
    [['http://localhost:3000'], 'usage', /--forward-to/],
    [['--prot', '1'], 'usage', /--port/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, code, said) => {
    const { stdout, stderr, code: exit } = await invoke(['listen', '--json', '--port', '0', ...args]);
    expect([exit, stdout]).toEqual([2, '']);
    const [error, ...more] = ndjson(stderr);
    expect(more).toEqual([]);
    expect(error).toMatchObject({ type: 'error', code, hint: expect.stringMatching(/\S/) });
    expect(`${error.message} ${error.hint}`).toMatch(said);
    expect(error.message).toMatch(/^['A-Z0-9-].*[.?!]$/);
  });

  it('a port in use says what to try', async () => {
    const { url } = await listen();
    const port = Number(new URL(url).port);
    const { code, stderr } = await invoke(['listen', '--port', String(port)]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: Port ${port} on 127.0.0.1 is in use.\n       Another 'webhook listen' may be running. Take another port with -p ${port === 65_535 ? 4_401 : port + 1}, or any free one with -p 0.\n`,
    );
  });

  it('a store that cannot be written says so before anything is received', async () => {
    const cwd = temporaryFolder({ file: '' });
    const { code, stderr } = await invoke(['listen', '--port', '0', '--store', 'file/deliveries.db'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*\n +\S/);
  });
});

describe('what it is sent wrong', () => {
  it('a sender that hangs up half way is told of, nothing of it is kept, and the next one is served', async () => {
    const listener = await listen();
    const { port } = new URL(listener.url);
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf of', () => socket.destroy());
    });
    expect(await listener.running.record(({ type }) => type === 'warning')).toMatchObject({ code: 'aborted' });
    expect((await send(listener.url, { body: '{}' })).status).toBe(200);
    expect((await listener.stop()).summary.received).toBe(1);
  });

  it.each([
    ['what is no HTTP', 'GARBAGE\r\n\r\n'],
    ['a header without a colon', 'POST / HTTP/1.1\r\nHost: x\r\nnonsense\r\nContent-Length: 0\r\n\r\n'],
    ['a header with a control character', 'POST / HTTP/1.1\r\nHost: x\r\nX-A: \u0001\r\nContent-Length: 0\r\n\r\n'],
    ['two lengths that differ', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a length and chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk that is none', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s gets 400, a warning says why, and the next one is served', async (_what, bytes) => {
    const listener = await listen();
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(listener.url).port), '127.0.0.1', () => socket.write(bytes));
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(await listener.running.record(({ type }) => type === 'warning')).toMatchObject({ code: 'malformed_request' });
    expect((await send(listener.url, { body: '{}' })).status).toBe(200);
    expect((await listener.stop()).summary.received).toBe(1);
  });

  it('a URL of any form is kept as it came', async () => {
    const listener = await listen();
    const { host } = new URL(listener.url);
    const targets = ['//a//b', '/%zz%00', '/?', '/#', '*', 'http://elsewhere/absolute?x=1'];
    for (const target of targets) {
      const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
      socket.end(
        Buffer.from(`POST ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`, 'latin1'),
      );
      await new Promise((resolve) => socket.on('close', resolve).resume());
    }
    const { summary } = await listener.stop();
    const told = listener.running.records.filter(({ type }) => type === 'delivery').map(({ delivery }) => delivery.request.path);
    expect([summary.received, told]).toEqual([targets.length, targets]);
  });
});

describe('--expect and --assert-valid', () => {
  const expecting = (args: readonly string[]): Promise<Listener> => listen([...PROVIDER, ...args], WITH_SECRET);
  const ended = async (
    listener: Listener,
  ): Promise<{ code: number | null; stderr: string; expectation: unknown; last: string }> => {
    const { code, stderr, stdout } = await listener.running.ended;
    const records = ndjson(stdout);
    return { code, stderr, expectation: records.find(({ type }) => type === 'expectation'), last: records.at(-1).type };
  };

  it('ends with 0 as soon as everything has arrived, in any order', async () => {
    const listener = await expecting(['--expect', 'order.created x2, order.shipped', '--for', '20s']);
    for (const [event, id] of [
      ['order.shipped', 'wh_1'],
      ['order.created', 'wh_2'],
      ['order.created', 'wh_3'],
    ] as const) {
      await deliver(listener.url, bodyOf(event, id));
    }
    expect(await ended(listener)).toEqual({
      code: 0,
      stderr: '',
      expectation: { type: 'expectation', ok: true, missing: [], extra: [], notValid: 0 },
      last: 'summary',
    });
  });

  it('ends with 4 and says what is missing and what is extra', async () => {
    const listener = await expecting(['--expect', 'order.created x2, order.shipped', '--exit-after', '2']);
    await deliver(listener.url, bodyOf('order.created', 'wh_1'));
    await deliver(listener.url, bodyOf('stock.low', 'wh_2'));
    const { code, stderr, expectation } = await ended(listener);
    expect(code).toBe(4);
    expect(JSON.parse(stderr)).toMatchObject({
      type: 'error',
      code: 'expectation_failed',
      message: expect.stringContaining('Missing: order.created (1 of 2), order.shipped (0 of 1). Not expected: stock.low (1).'),
    });
    expect(expectation).toMatchObject({ ok: false, extra: [{ event: 'stock.low', arrived: 1 }] });
  });

  it('waits no longer than --for, and is asked too when it is interrupted', async () => {
    const late = await expecting(['--expect', 'order.created', '--for', '50ms']);
    expect((await ended(late)).code).toBe(4);
    const stopped = await expecting(['--expect', 'order.created']);
    const { outcome } = await stopped.stop('SIGINT');
    expect(outcome.code).toBe(4);
  });

  it('does not take a forged delivery for one that arrived; --assert-valid fails on it', async () => {
    const listener = await expecting(['--expect', 'order.created', '--assert-valid', '--exit-after', '1']);
    await forge(listener.url);
    const { code, stderr } = await ended(listener);
    expect(code).toBe(4);
    expect(stderr).toContain('Missing: order.created (0 of 1). Not valid: 1 of 1.');

    const valid = await expecting(['--assert-valid', '--exit-after', '1']);
    await deliver(valid.url);
    expect((await ended(valid)).code).toBe(0);
  });

  it('leaves the end to a command, whose own failure counts first', async () => {
    const run = (code: number): Promise<{ code: number | null }> =>
      invoke(
        ['listen', '--port', '0', '--expect', 'order.created', '--', process.execPath, '-e', `process.exit(${code})`],
        WITH_SECRET,
      );
    expect((await run(7)).code).toBe(7);
    expect((await run(0)).code).toBe(4);
  });

  it('refuses what is no list of events', async () => {
    const { code, stderr } = await invoke(['listen', '--port', '0', '--expect', 'order.created 2']);
    expect(code).toBe(2);
    expect(stderr).toContain("--expect 'order.created x2, order.shipped'");
  });
});

describe('--fetch-certificate', () => {
  it('answers 401 to what names a certificate elsewhere, and fetches nothing', async () => {
    const body = JSON.stringify({
      ...{ Type: 'Notification', MessageId: '1', TopicArn: 'arn:aws:sns:us-east-1:1:t', Message: 'x', Timestamp: '2026' },
      ...{ SignatureVersion: '2', Signature: 'AAAA', SigningCertURL: 'https://sns.us-east-1.amazonaws.com.evil.test/a.pem' },
    });
    const listener = await listen(['--fetch-certificate']);
    expect((await send(listener.url, { headers: [['x-amz-sns-message-type', 'Notification']], body })).status).toBe(401);
    const { provider, verdict } = await listener.delivery();
    expect([provider, verdict.status]).toEqual(['sns', 'invalid']);
    const warning = await listener.running.record(({ type }) => type === 'warning');
    expect(warning.message).toContain('nothing was fetched');
  });
});

describe('what a provider never signs', () => {
  it('is taken although there is a secret, and only that', async () => {
    const listener = await listen(['--provider', 'mollie'], { env: { MOLLIE_WEBHOOK_SECRET: SECRET } });
    const classic = await send(listener.url, {
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: 'id=tr_7UhSN1zuXS',
    });
    const forged = await send(listener.url, { headers: [], body: '{"type":"payment-link.paid","id":"event_1"}' });
    expect([classic.status, forged.status]).toEqual([200, 401]);
    const [first] = await listener.deliveries(2);
    expect(first).toMatchObject({
      event: 'payment.changed',
      verdict: { status: 'unchecked', reason: 'no_secret', message: expect.stringContaining('Mollie does not sign') },
    });
  });
});
