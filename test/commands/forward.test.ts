import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type ClientRequest, request } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { startLossyNetwork } from '../support/lossy-network.js';
import type { Json, Running, RunOptions } from '../support/running.js';
import { startSmeeServer } from '../support/smee-server.js';
import { freePort, startTunnelServer, type TunnelServer } from '../support/tunnel-server.js';

const SECRET = 'a secret that nobody guesses';
const ENV = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET };

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Posts to a public URL of a tunnel server on loopback, signed as Connect2Print would. */
function post(url: string, body: Uint8Array, how: { chunked?: boolean; timeoutMs?: number } = {}): Promise<Answer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const headers = {
    Host: host,
    'Content-Type': 'application/json',
    'X-Webhook-Signature': createHmac('sha256', SECRET).update(body).digest('hex'),
    ...(how.chunked === true ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(body.length) }),
  };
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = request(
      {
        host: hostname.endsWith('localhost') ? '127.0.0.1' : hostname,
        port,
        path: pathname + search,
        method: 'POST',
        headers,
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.setTimeout(how.timeoutMs ?? 50_000, () => outgoing.destroy(new Error('no answer in time')));
    if (how.chunked !== true) outgoing.end(body);
    else {
      for (let at = 0; at < body.length; at += 1_000) outgoing.write(body.subarray(at, at + 1_000));
      outgoing.end();
    }
  });
}

interface Forward {
  readonly running: Running;
  readonly publicUrl: string;
  readonly ready: Json;
  stop(): Promise<{ code: number | null; records: readonly Json[] }>;
}

async function forward(
  server: Pick<TunnelServer, 'host'>,
  target: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Forward> {
  const own = ['forward', target, '--json', '--port', '0', '--provider', 'connect2print', '--tunnel-host', server.host];
  const running = startHere([...own, ...args], { ...options, env: { ...ENV, ...options.env } });
  onTestFinished(async () => {
    running.send('SIGTERM');
    await running.ended.catch(() => {});
  });
  const ready = await running.record(({ type }) => type === 'ready');
  await running.record(({ type, state }) => type === 'tunnel' && state === 'up');
  return {
    running,
    ready,
    publicUrl: ready.publicUrl,
    async stop() {
      running.send('SIGINT');
      const { code } = await running.ended;
      return { code, records: running.records };
    },
  };
}

describe('through a real localtunnel server', () => {
  it('carries every kind of body byte for byte, and its signature holds', { timeout: 60_000 }, async () => {
    const server = await startTunnelServer();
    const hashes: string[] = [];
    const app = await startApp(({ body }, response) => {
      hashes.push(createHash('sha256').update(body).digest('hex'));
      response.writeHead(201, { 'X-App': 'mine' }).end('from the app');
    });
    const { publicUrl, stop } = await forward(server, `${app.url}/webhooks`, ['--subdomain', 'my-shop', '--print', 'none']);
    expect(publicUrl).toBe(`http://my-shop.lt.localhost:${server.port}`);
    const bodies: ReadonlyArray<readonly [body: Uint8Array, chunked: boolean]> = [
      [Buffer.from('{"id":"wh_1","event":"order.created","data":{"total":499.00}}'), false],
      [Buffer.from('{\r\n  "event": "order.created"\r\n}\r\n'), false],
      [Buffer.alloc(0), false],
      [randomBytes(5_000), false],
      [randomBytes(20_000_000), false],
      [randomBytes(50_000), true],
    ];
    for (const [body, chunked] of bodies) {
      expect(await post(`${publicUrl}/hooks?x=1`, body, { chunked })).toEqual({ status: 201, body: 'from the app' });
    }
    expect(hashes).toEqual(bodies.map(([body]) => createHash('sha256').update(body).digest('hex')));
    expect(app.requests.map(({ path }) => path)).toEqual(bodies.map(() => '/webhooks?x=1'));
    expect(app.requests[0]?.header('x-forwarded-proto')).toEqual(['http']);
    expect(app.requests[0]?.header('x-forwarded-host')).toEqual([`my-shop.lt.localhost:${server.port}`]);
    const { code, records } = await stop();
    expect(code).toBe(0);
    expect(records.at(-1)).toMatchObject({
      type: 'summary',
      received: bodies.length,
      valid: bodies.length,
      forwarded: bodies.length,
    });
    // Looks of its own through the tunnel are no deliveries.
    expect(records.filter(({ type }) => type === 'delivery')).toHaveLength(bodies.length);
  });

  it('answers 50 at once, of an app that takes its time', { timeout: 60_000 }, async () => {
    const server = await startTunnelServer();
    const app = await startApp((_request, response) => void setTimeout(() => response.end('ok'), 200));
    const { publicUrl, stop } = await forward(server, app.url);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => post(publicUrl, Buffer.from(`{"n":${n}}`))));
    expect(answers).toEqual(answers.map(() => ({ status: 200, body: 'ok' })));
    expect(app.requests).toHaveLength(50);
    expect((await stop()).code).toBe(0);
  });

  it('comes back by itself with the same URL when the server was killed and restarted under load', {
    timeout: 60_000,
  }, async () => {
    const server = await startTunnelServer();
    const app = await startApp();
    const { publicUrl, running, stop } = await forward(server, app.url);
    let sent = 0;
    let answered = 0;
    let done = false;
    const load = Promise.all(
      Array.from({ length: 5 }, async () => {
        while (!done) {
          const answer = await post(publicUrl, Buffer.from(`{"n":${sent++}}`), { timeoutMs: 2_000 }).catch(() => null);
          // A server that has no tunnel for the name yet says 404 itself.
          if (answer?.status === 200) answered++;
          else await new Promise((resolve) => setImmediate(resolve));
        }
      }),
    );
    await app.received(20);
    await server.kill();
    await running.record(({ type, state }) => type === 'tunnel' && state === 'down');
    const before = app.requests.length;
    await server.restart();
    await app.received(before + 20);
    done = true;
    await load;
    const { code, records } = await stop();
    expect(code).toBe(0);
    expect(records.filter(({ type }) => type === 'tunnel').map(({ state, url }) => [state, url])).toEqual([
      ['up', publicUrl],
      ['down', publicUrl],
      ['up', publicUrl],
    ]);
    // Every request that got an answer came here, and everything that came here is accounted for.
    const { received, forwarded, failed } = records.at(-1);
    expect(received).toBe(app.requests.length);
    expect([forwarded, failed]).toEqual([received, 0]);
    expect(answered).toBeLessThanOrEqual(received);
    // Forty came through; what was in flight when the server was killed (five at most, each time) may have lost its answer.
    expect(answered).toBeGreaterThanOrEqual(30);
  });

  it('notices that the network is lost though nothing was closed, and comes back with the same URL', {
    timeout: 60_000,
  }, async () => {
    const network = await startLossyNetwork(await startTunnelServer());
    const app = await startApp();
    const { publicUrl, running, stop } = await forward(network, app.url, ['--probe', '200ms']);
    expect((await post(publicUrl, Buffer.from('{"n":1}'))).status).toBe(200);
    network.lose();
    const { reason } = await running.record(({ type, state }) => type === 'tunnel' && state === 'down');
    expect(reason).toBeTruthy();
    network.restore();
    const told = (): unknown[] => running.records.filter(({ type }) => type === 'tunnel').map(({ state, url }) => [state, url]);
    await running.record(({ type, state }) => type === 'tunnel' && state === 'up' && told().length > 2);
    expect((await post(publicUrl, Buffer.from('{"n":2}'))).status).toBe(200);
    expect(told()).toEqual([
      ['up', publicUrl],
      ['down', publicUrl],
      ['up', publicUrl],
    ]);
    expect((await stop()).code).toBe(0);
  });

  it('says loudly that a name is taken', { timeout: 60_000 }, async () => {
    const server = await startTunnelServer();
    const app = await startApp();
    const first = await forward(server, app.url, ['--subdomain', 'my-shop']);
    const second = await forward(server, app.url, ['--subdomain', 'my-shop']);
    expect(second.publicUrl).not.toBe(first.publicUrl);
    expect(second.running.records).toContainEqual(
      expect.objectContaining({ type: 'warning', message: "The subdomain 'my-shop' is taken: the URL is another one." }),
    );
  });

  it('says clearly where the server is down, and ends', async () => {
    const port = await freePort();
    const outcome = await invoke([
      'forward',
      'http://localhost:1',
      '--port',
      '0',
      '--tunnel-host',
      `http://lt.localhost:${port}`,
    ]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(`The tunnel server lt.localhost:${port} gave no URL.`);
    expect(outcome.stderr).toContain('connection refused');
  });
});

describe('through a channel of smee', () => {
  it('says what can break there, keeps the URL, and is back after the stream was dropped', async () => {
    const server = await startSmeeServer();
    const app = await startApp();
    const channel = `${server.url}/my-channel`;
    const args = ['--tunnel', 'smee', '--path', '/hooks'];
    const { running, publicUrl, stop } = await forward({ host: channel }, app.url, args);
    // The path that is listened on is none of the channel's.
    expect(publicUrl).toBe(channel);
    const codes = running.records.flatMap(({ type, code }) => (type === 'warning' ? [code] : []));
    expect(codes).toEqual(['tunnel_bytes', 'tunnel_replies']);
    let count = 0;
    const delivered = async (body: string): Promise<Json> => {
      count++;
      await post(channel, Buffer.from(body));
      const deliveries = (): Json[] => running.records.filter(({ type }) => type === 'delivery');
      await running.record(({ type }) => type === 'delivery' && deliveries().length >= count);
      return deliveries()[count - 1].delivery;
    };
    const compact = '{"id":"wh_1","event":"order.created","total":499.5}';
    expect(await delivered(compact)).toMatchObject({
      verdict: { status: 'valid' },
      request: { path: '/hooks', body: compact },
    });
    // The reason is looked for only so long: on a machine that is busy, not for long enough the first time.
    await vi.waitFor(async () => {
      const { verdict } = await delivered('{"id":"wh_2","event":"order.created","total":499.00}');
      expect(verdict).toMatchObject({ status: 'invalid', reason: 'mismatch' });
      expect(verdict.diagnosis.map(({ code }: Json) => code)).toContain('number_rewritten');
    }, 20_000);
    server.drop();
    await server.subscribed(2);
    expect((await delivered(compact)).verdict.status).toBe('valid');
    expect(server.subscriptions).toEqual([null, expect.stringMatching(/^\d+$/)]);
    const { code, records } = await stop();
    expect(code).toBe(0);
    const states = records.flatMap(({ type, state, url }) => (type === 'tunnel' ? [[state, url]] : []));
    expect(states.slice(0, 3)).toEqual([
      ['up', channel],
      ['down', channel],
      ['up', channel],
    ]);
  });
});

describe('--queue', () => {
  it('keeps what comes while the app is down, over a restart of its own, and hands it on in order', {
    timeout: 60_000,
  }, async () => {
    const cwd = temporaryFolder();
    const port = await freePort();
    const args = [
      'listen',
      '--json',
      '--port',
      '0',
      '--provider',
      'connect2print',
      '--queue',
      '--forward-to',
      `http://127.0.0.1:${port}`,
    ];
    const first = startHere(args, { cwd, env: { ...ENV, WEBHOOK_STORE: `${cwd}/d.db` } });
    const { url } = await first.record(({ type }) => type === 'ready');
    for (let n = 0; n < 5; n++) {
      expect(await post(url, Buffer.from(`{"event":"order.created","n":${n}}`))).toEqual({
        status: 202,
        body: '{"queued":true}',
      });
    }
    first.send('SIGTERM');
    expect((await first.ended).code).toBe(0);
    expect(first.records).toContainEqual(expect.objectContaining({ type: 'warning', code: 'queue_left' }));

    const app = await startApp(undefined, port);
    const second = startHere(args, { cwd, env: { ...ENV, WEBHOOK_STORE: `${cwd}/d.db` } });
    await second.record(({ type, state }) => type === 'queue' && state === 'empty');
    expect(app.requests.map(({ body }) => JSON.parse(body.toString()).n)).toEqual([0, 1, 2, 3, 4]);
    const after = await second.record(({ type }) => type === 'ready');
    expect((await post(after.url, Buffer.from('{"event":"order.created","n":5}'))).status).toBe(200);
    second.send('SIGTERM');
    expect((await second.ended).code).toBe(0);
    expect(app.requests).toHaveLength(6);
    expect(second.records.filter(({ code }) => code === 'maybe_delivered_twice')).toEqual([]);
  });

  it('left out the next time: what still waits is told of, in list and show too', async () => {
    const cwd = temporaryFolder();
    const target = `http://127.0.0.1:${await freePort()}/`;
    const args = ['listen', '--json', '--port', '0', '--forward-to'];
    const options = { cwd, env: { WEBHOOK_STORE: `${cwd}/d.db` } };
    const first = startHere([...args, target, '--queue'], options);
    const { url } = await first.record(({ type }) => type === 'ready');
    for (const body of ['1', '2']) await post(url, Buffer.from(body));
    // To one that hands it on already, it is not left.
    const beside = startHere([...args, target], options);
    await post((await beside.record(({ type }) => type === 'ready')).url, Buffer.from('3'));
    await beside.record(({ type }) => type === 'delivery');
    beside.send('SIGTERM');
    await beside.ended;
    expect(beside.records.filter(({ code }) => code === 'queue_left')).toEqual([]);
    first.send('SIGTERM');
    await first.ended;

    for (const [to, rest] of [
      [target, ''],
      ['http://127.0.0.1:1/', ', which is no target now'],
    ] as const) {
      const next = startHere([...args, to], options);
      const { message } = await next.record(({ code }) => code === 'queue_left');
      expect(message).toBe(`2 deliveries wait in the queue for ${target}${rest}.`);
      next.send('SIGTERM');
      await next.ended;
    }
    expect((await invoke(['list'], options)).stdout.match(/waits|→ failed/g)).toEqual(['waits', 'waits', '→ failed']);
    expect((await invoke(['show', 'last:2'], options)).stdout.match(/Waits .*/g)).toEqual([
      `Waits       in the queue for ${target}`,
    ]);
  });

  it('names what the app did not take in the end, and how to hand it on again', async () => {
    const cwd = temporaryFolder();
    const port = await freePort();
    const store = `${cwd}/d.db`;
    const target = `http://127.0.0.1:${port}/`;
    const args = ['listen', '--port', '0', '--queue', '--forward-to', target, '--store', store];
    const down = startHere([...args, '--json'], { cwd });
    const { url } = await down.record(({ type }) => type === 'ready');
    await post(url, Buffer.from('{}'));
    const { delivery } = await down.record(({ type }) => type === 'delivery');
    down.send('SIGTERM');
    await down.ended;

    await startApp((_request, response) => response.writeHead(500).end(), port);
    const up = startHere(args, { cwd });
    await up.line('stderr', (line) => line.includes('--store'));
    up.send('SIGTERM');
    const { stdout, stderr } = await up.ended;
    // The mark says what is known of the delivery, not what the app made of it.
    expect(stdout).toMatch(/○ POST .* → 500/);
    const said = stderr.replace(/\s+/g, ' ');
    expect(said).toContain(`${target} gets the delivery that waited for it`);
    expect(said).toContain(`nothing waits for ${target} any more, but it did not take 1 of what did`);
    expect(said).toContain(`webhook replay ${delivery.id} --to ${target} --store ${store}`);
    expect(said).not.toContain('is down');
  });

  it('without it, an app that is down is a 502 at once', async () => {
    const running = startHere(['listen', '--json', '--port', '0', '--forward-to', `http://127.0.0.1:${await freePort()}`]);
    const { url } = await running.record(({ type }) => type === 'ready');
    expect((await post(url, Buffer.from('{}'))).status).toBe(502);
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});

describe('--retry', () => {
  it('hands on again after an answer that is not 2xx, and the sender gets the last answer', async () => {
    let calls = 0;
    const app = await startApp((_request, response) => response.writeHead(++calls < 3 ? 500 : 200).end());
    const running = startHere(['listen', '--json', '--port', '0', '--forward-to', app.url, '--retry', '1ms,1ms']);
    const { url } = await running.record(({ type }) => type === 'ready');
    expect((await post(url, Buffer.from('{}'))).status).toBe(200);
    const { delivery } = await running.record(({ type }) => type === 'delivery');
    expect(delivery.attempts.map(({ status }: { status: number }) => status)).toEqual([500, 500, 200]);
    running.send('SIGTERM');
    await running.ended;
    expect(running.records.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  it.each([
    ['1ms,30s', [], 'Only the first of 2 retries can be made: the sender waits 10 s for its answer.'],
    ['1ms,1ms,5s', ['--provider', 'slack'], 'Only the first 2 of 3 retries can be made: Slack waits 3 s for its answer.'],
    ['1h', ['--provider', 'connect2print'], 'No retry can be made: Connect2Print waits 10 s for its answer.'],
  ])('%s %j: says at the start what its sender does not wait for', async (schedule, args, message) => {
    const running = startHere([
      'listen',
      '--json',
      '--port',
      '0',
      '--forward-to',
      'http://127.0.0.1:1',
      '--retry',
      schedule,
      ...args,
    ]);
    expect(await running.record(({ code }) => code === 'retry_cut_short')).toMatchObject({ message });
    running.send('SIGTERM');
    await running.ended;
  });

  it('says of a delivery that it is not tried again, as its sender does not wait that long', async () => {
    const app = await startApp((_request, response) => response.writeHead(503, { 'Retry-After': '60' }).end());
    const running = startHere(['listen', '--port', '0', '--forward-to', app.url, '--retry', '1s']);
    const banner = await running.line('stderr', (line) => line.includes('listening on'));
    expect((await post(/http:\S+/.exec(banner)?.[0] ?? '', Buffer.from('{}'))).status).toBe(503);
    await running.line('stdout', (line) => line.includes('not tried again in 1 min: its sender does not wait that long'));
    running.send('SIGTERM');
    await running.ended;
  });
});

describe.skipIf(process.platform !== 'linux')('--copy where no program fills a clipboard', () => {
  async function copied(term: string, columns?: number): Promise<string> {
    const args = ['forward', '3000', '--copy', '--port', '0', '--no-save', '--public-url', 'https://a.example'];
    const options = { env: { TERM: term, PATH: temporaryFolder() }, ...(columns === undefined ? {} : { columns }) };
    const running = startHere([...args, '--probe', '1h', '--no-color'], options);
    await running.line('stderr', (line) => /clipboard/.test(line));
    running.send('SIGINT');
    return (await running.ended).stderr;
  }

  it('asks the terminal, and says so', async () => {
    const said = await copied('xterm-256color', 80);
    expect(said).toContain('\x1b]52;c;aHR0cHM6Ly9hLmV4YW1wbGU=\x07');
    expect(said).toContain("The public URL was sent to the terminal's clipboard; not every one takes it.\n");
    expect(said).not.toContain('no clipboard');
  });

  it('says that there is none where nothing takes it', async () => {
    for (const said of [await copied('dumb', 80), await copied('xterm-256color')]) {
      expect(said).not.toContain('\x1b]52');
      expect(said).toContain('warning: There is no clipboard here to copy the URL to.');
    }
  });
});

describe('usage', () => {
  it('a target that is the listener itself is refused, and its port is free again', async () => {
    const port = await freePort();
    for (const extra of [[], ['--public-url', 'https://hooks.example.com']]) {
      const { code, stderr } = await invoke(['forward', String(port), '--port', String(port), ...extra], { columns: 200 });
      expect([code, stderr]).toEqual([2, expect.stringContaining(`http://localhost:${port}/ is where webhook itself listens`)]);
    }
    const { code } = await invoke(['listen', '--port', String(port), '--for', '1ms']);
    expect(code).toBe(0);
  });

  it.each([
    [['forward'], 'It is not said where to forward to.'],
    [['forward', '3000', '--tunnel', 'localtunel'], "There is no tunnel driver 'localtunel'."],
    [['forward', '3000', '--subdomain', 'No'], "'No' cannot be a subdomain."],
    [['forward', '3000', '--listen-https'], 'A tunnel brings HTTPS of its own'],
    [['forward', '3000', '--public-url', 'hooks.example.com'], "The public URL 'hooks.example.com' is not a whole one."],
    [['forward', 'https//localhost:3000'], "'https//localhost:3000' is not a URL."],
    [['forward', '3000', '--tunnel-pattern', 'x'], '--tunnel-pattern means nothing to the tunnel driver localtunnel.'],
    [
      ['forward', '3000', '--tunnel-command', 'x', '--subdomain', 'shop'],
      '--subdomain means nothing to the tunnel driver command.',
    ],
    [['listen', '--tunnel-host', 'http://127.0.0.1'], '--tunnel-host is for a tunnel, and there is none.'],
    [['forward', '3000', '--retry', '1s,often'], "--retry takes a number of tries or the waits between them, not '1s,often'."],
    [['listen', '--queue'], '--queue is for deliveries that are forwarded.'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await invoke([...args, '--port', '0'], { columns: 200 });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
