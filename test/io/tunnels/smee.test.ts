import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { OpenRequest, Tunnel } from '../../../src/io/tunnels/driver.js';
import { replayOf, smee } from '../../../src/io/tunnels/smee.js';
import { type App, startApp } from '../../support/app.js';
import { openRequest } from '../../support/open-request.js';
import { send } from '../../support/send.js';
import { startSmeeServer } from '../../support/smee-server.js';
import { freePort } from '../../support/tunnel-server.js';

async function open(server: string, app: App, over: Partial<OpenRequest> = {}): Promise<Tunnel> {
  const { port } = new URL(app.url);
  const tunnel = await smee.open(openRequest(Number(port), { server, ...over }));
  onTestFinished(tunnel.close);
  return tunnel;
}

describe('a channel of smee', () => {
  it('needs nothing', async () => {
    expect(await smee.check({ env: {}, cwd: '.' })).toEqual({ ready: true, detail: 'built in' });
    await expect(smee.open(openRequest(1, { subdomain: 'shop' }))).rejects.toMatchObject({ code: 'usage' });
  });

  it('is a new one of the server, or the one that is named', async () => {
    const server = await startSmeeServer();
    const app = await startApp();
    expect((await open(server.url, app)).url).toBe(`${server.url}/channel-0`);
    expect((await open(`${server.url}/mine/`, app)).url).toBe(`${server.url}/mine`);
  });

  it('hands on what is posted to it: the bytes of the body as they came out of the channel, headers and query', async () => {
    const server = await startSmeeServer();
    const app = await startApp();
    const { url } = await open(server.url, app);
    const body = '{"event":"order.created","total":499.50,"text":"\\u00e9 / \\u2028","n":1e2}';
    const headers = [
      ['Content-Type', 'application/json'],
      ['X-Signature', createHmac('sha256', 's').update(body).digest('hex')],
    ] as const;
    expect((await send(`${url}?shop=1&tag=a%20b`, { body, headers })).status).toBe(200);
    const [request] = await app.received(1);
    // The relay has spelled it anew: that is what it does to signatures. Here it is not spelled once more.
    expect(request?.body.toString()).toBe(JSON.stringify(JSON.parse(body)));
    expect([request?.method, request?.path]).toEqual(['POST', '/?shop=1&tag=a+b']);
    expect(request?.header('x-signature')).toEqual([headers[1][1]]);
    expect(request?.header('content-length')).toEqual([String(request?.body.length)]);
    expect(request?.header('x-forwarded-host')).toEqual([new URL(server.url).host]);
    expect(request?.header('x-forwarded-proto')).toEqual(['http']);
    for (const name of ['query', 'timestamp', 'body']) expect(request?.header(name)).toEqual([]);
  });

  it('is read in whatever pieces it comes, and what is no delivery is passed over', async () => {
    const server = await startSmeeServer();
    const app = await startApp();
    await open(server.url, app, { local: { ...openRequest(Number(new URL(app.url).port)).local, path: '/hooks' } });
    const text = 'data: {"body":{"a":"é"},"x-n":1}\n\n';
    server.write('event: ping\ndata: {}\n\n: a comment\n\ndata: no JSON\n\ndata: [1]\n\ndata: {"timestamp":1}\n\n');
    for (const piece of [text.slice(0, 20), text.slice(20)]) server.write(piece);
    const [request] = await app.received(1);
    expect([request?.path, request?.body.toString(), request?.header('x-n')]).toEqual(['/hooks', '{"a":"é"}', ['1']]);
    expect(app.requests).toHaveLength(1);
  });

  it('is lost when its stream ends, and the next one goes on after the last event', async () => {
    const server = await startSmeeServer();
    const app = await startApp();
    const first = await open(server.url, app);
    await send(first.url, { body: '{"n":1}' });
    await app.received(1);
    server.drop();
    expect(await first.lost).toMatch(/^The stream of 127\.0\.0\.1:\d+ ended/);
    const second = await open(server.url, app, { again: first });
    expect(second.url).toBe(first.url);
    // Its own "ready" was the first event, the delivery the second.
    expect(server.subscriptions).toEqual([null, '1']);
    await send(second.url, { body: '{"n":2}' });
    expect((await app.received(2))[1]?.body.toString()).toBe('{"n":2}');
  });

  it('is lost when nothing comes for long, not even what keeps it alive', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await startSmeeServer();
    const tunnel = await open(`${server.url}/mine`, await startApp());
    vi.advanceTimersByTime(70_000);
    expect(await tunnel.lost).toMatch(/ended: nothing came any more\.$/);
  });

  it('finishes what it is handing on before it is closed', async () => {
    const server = await startSmeeServer();
    let answer = (): void => {};
    const app = await startApp((_request, response) => {
      answer = () => void response.end();
    });
    const tunnel = await open(server.url, app);
    await send(tunnel.url, { body: '{}' });
    await app.received(1);
    let closed = false;
    const closing = tunnel.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    answer();
    await closing;
  });

  it('tells of a delivery that did not reach the listener', async () => {
    const server = await startSmeeServer();
    let told = (_message: string): void => {};
    const heard = new Promise<string>((resolve) => {
      told = resolve;
    });
    const tunnel = await smee.open(openRequest(await freePort(), { server: server.url, tell: (message) => told(message) }));
    onTestFinished(tunnel.close);
    await send(tunnel.url, { body: '{}' });
    expect(await heard).toMatch(/^A delivery from 127\.0\.0\.1:\d+ did not reach the listener: .*connection refused/);
  });

  it('that cannot be had is an error in words', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const page = await startApp((_request, response) => response.writeHead(404, { 'Content-Type': 'text/html' }).end('<html>'));
    for (const [server, message] of [
      [nobody, 'connection refused'],
      [`${nobody}/mine`, 'Nothing listens on'],
      [page.url, 'It answered 404 and named no channel.'],
      [`${page.url}/mine`, 'answered 404, and not with a stream of events.'],
    ] as const) {
      await expect(open(server, page)).rejects.toMatchObject({
        code: 'tunnel_unavailable',
        message: expect.stringContaining(message),
      });
    }
    const given = new AbortController();
    given.abort();
    await expect(open(`${page.url}/mine`, page, { signal: given.signal })).rejects.toMatchObject({ code: 'tunnel_unavailable' });
  });
});

describe('what a channel says', () => {
  const request = openRequest(4400);
  const replay = (message: unknown): ReturnType<typeof replayOf> =>
    replayOf(JSON.stringify(message), request, 'https://smee.io/abc');

  it('of gosmee has the bytes themselves', () => {
    const bytes = Buffer.from([0, 255, 13, 10]);
    expect(Buffer.from(replay({ bodyB: bytes.toString('base64'), body: 'ignored' })?.body ?? [])).toEqual(bytes);
  });

  it('of a text body is that text', () => {
    expect(Buffer.from(replay({ body: 'a=1&b=é' })?.body ?? []).toString()).toBe('a=1&b=é');
  });

  it('drives nothing but headers that can be sent', () => {
    const sent = replay({
      body: {},
      host: 'smee.io',
      'x-a': ['1', '2'],
      'x-bad\r\nname': '1',
      'x-split': 'a\r\nb: c',
      'x-o': {},
    });
    expect(sent?.headers).toEqual([
      ['x-a', '1, 2'],
      ['X-Forwarded-Host', 'smee.io'],
      ['X-Forwarded-Proto', 'https'],
    ]);
  });

  it('keeps what a proxy before it has said of the sender', () => {
    const sent = replay({
      body: {},
      host: 'x',
      'x-forwarded-host': 'smee.io',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '1.2.3.4',
    });
    expect(sent?.headers.map(([name]) => name)).toEqual(['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for']);
  });
});
