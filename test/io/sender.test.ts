import { once } from 'node:events';
import { createServer as createHttp, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/core/delivery/delivery.js';
import type { HeaderList } from '../../src/core/http/headers.js';
import type { HttpResponse, OutgoingRequest } from '../../src/core/http/message.js';
import { createSender, type Sender, type SenderOptions, type SendOptions, type SendResult } from '../../src/io/sender.js';

// For localhost, 127.0.0.1 and ::1, valid until 2120. It guards nothing.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglJgs3JrYLNUwa09Y
948abO1kpXe4M5xvYmKPhDnaBzOhRANCAAQkQMY66sOXds0d2uMegfhJjOaBuBHE
cOnTnpdRran1pBbGoLq5sOGC5kZNXd3ucb0k9N5xRM9oDfGkZlBOteXV
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBizCCATKgAwIBAgIUYFONMmTjD/BNeCWlgJAbwTmpKCEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQkQMY66sOXds0d2uMegfhJjOaBuBHEcOnTnpdRran1pBbGoLq5sOGC
5kZNXd3ucb0k9N5xRM9oDfGkZlBOteXVo2AwXjAPBgNVHRMBAf8EBTADAQH/MCwG
A1UdEQQlMCOCCWxvY2FsaG9zdIcEfwAAAYcQAAAAAAAAAAAAAAAAAAAAATAdBgNV
HQ4EFgQUQvml4dz+Gn5E8Xas9+78RkAMHn0wCgYIKoZIzj0EAwIDRwAwRAIgEKAZ
niA/yiE/2dEvsQZx9ajQOrPFs0vb4h5XCNdp++4CIAD8Otrh2ul2Ak6pV5NYMD37
yBE+wHZ9eytryMnyk21/
-----END CERTIFICATE-----`;

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function bind(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('bound to no port');
  return address.port;
}

/** A port nothing listens on: one that was just given back. */
async function freePort(): Promise<number> {
  const server = createTcp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** A server that does with the bytes of a connection what the test wants. */
function tcp(onData: (socket: Socket, text: string) => void): Promise<number> {
  const server = createTcp((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      onData(socket, text);
    });
  });
  return bind(server);
}

async function http(listener: RequestListener): Promise<{ server: HttpServer; port: number; url: string }> {
  const server = createHttp(listener);
  const port = await bind(server);
  return { server, port, url: `http://127.0.0.1:${port}/hooks` };
}

/** A server that records the head and body of requests as they stand on the wire. */
async function recorder(): Promise<{ port: number; last(): { lines: string[]; body: string } }> {
  let wire = '';
  const port = await tcp((socket, text) => {
    const end = text.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (end < 0 || text.length < end + 4 + length) return;
    wire = text;
    socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  const last = (): { lines: string[]; body: string } => {
    const cut = wire.indexOf('\r\n\r\n');
    return { lines: wire.slice(0, cut).split('\r\n'), body: wire.slice(cut + 4) };
  };
  return { port, last };
}

function sender(options?: SenderOptions): Sender {
  const made = createSender(options);
  cleanups.push(() => made.close());
  return made;
}

function request(url: string, rest: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return { method: 'POST', url, headers: [], body: Buffer.from('{}'), ...rest };
}

function send(url: string, rest: Partial<OutgoingRequest> = {}, options: Partial<SendOptions> = {}): Promise<SendResult> {
  return sender().send(request(url, rest), { timeoutMs: 10_000, ...options });
}

function responded(result: SendResult): HttpResponse {
  if (result.outcome !== 'responded') throw new Error(result.message);
  return result;
}

/** Counts calls, and lets any number of others wait for one. */
function counter(): { hit(): void; reached(count: number): Promise<void> } {
  let hits = 0;
  const waiting: Array<() => void> = [];
  return {
    hit() {
      hits += 1;
      for (const wake of waiting.splice(0)) wake();
    },
    async reached(count) {
      while (hits < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

describe('what is sent', () => {
  it('keeps headers as given and puts in the ones of this connection', async () => {
    const { port, last } = await recorder();
    const headers: HeaderList = [
      ['X-Sig', 'a'],
      ['hOST', 'sender.example'],
      ['x-sig', 'b'],
      ['CONTENT-TYPE', 'application/json'],
      ['Connection', 'close, X-Hop'],
      ['X-Hop', '1'],
      ['Transfer-Encoding', 'chunked'],
      ['Content-Length', '999'],
      ['Expect', '100-continue'],
      ['X-Sig', 'caf\xe9'],
      ['X-Empty', ''],
    ];
    responded(await send(`http://127.0.0.1:${port}//hooks/%2F?a=1&&b=%zz#no`, { headers, body: Buffer.from([0xff, 0, 13, 10]) }));
    const { lines, body } = last();
    expect(lines).toEqual([
      'POST //hooks/%2F?a=1&&b=%zz HTTP/1.1',
      'host: sender.example',
      'connection: keep-alive',
      'X-Sig: a',
      'x-sig: b',
      'CONTENT-TYPE: application/json',
      'X-Sig: caf\xe9',
      'X-Empty: ',
      'content-length: 4',
    ]);
    expect(body).toBe('\xff\0\r\n');
  });

  it('keeps any path, headers and bytes', async () => {
    const { port, last } = await recorder();
    const own = sender();
    const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
    const header = fc.tuple(
      fc.stringMatching(/^[xX]-[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/),
      fc.stringMatching(/^[\x21-\x7e\x80-\xff]{1,40}$/),
    );
    await fc.assert(
      fc.asyncProperty(printable, fc.array(header), fc.uint8Array({ maxLength: 5_000 }), async (tail, headers, body) => {
        responded(await own.send(request(`http://127.0.0.1:${port}/${tail}`, { headers, body }), { timeoutMs: 10_000 }));
        const { lines, body: sent } = last();
        expect(lines[0]).toBe(`POST /${tail.split('#')[0]} HTTP/1.1`);
        expect(lines.slice(3, -1)).toEqual(headers.map(([name, value]) => `${name}: ${value}`));
        expect(lines.at(-1)).toBe(`content-length: ${body.length}`);
        expect(sent).toBe(Buffer.from(body).toString('latin1'));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['GET', '', undefined],
    ['GET', 'body', '4'],
    ['DELETE', '', undefined],
    ['POST', '', '0'],
    ['PURGE', 'x', '1'],
    ["M-S!#$'", '', undefined],
  ])('sends %s with the body %j', async (method, body, length) => {
    const { port, last } = await recorder();
    responded(await send(`http://127.0.0.1:${port}/x`, { method, body: Buffer.from(body) }));
    expect(last().lines[0]).toBe(`${method} /x HTTP/1.1`);
    expect(last().lines.find((line) => line.startsWith('content-length'))).toBe(length && `content-length: ${length}`);
    expect(last().body).toBe(body);
  });

  it('sends the part of a larger buffer that it was given', async () => {
    const { port, last } = await recorder();
    responded(await send(`http://127.0.0.1:${port}/`, { body: new Uint8Array(Buffer.from('--body--')).subarray(2, 6) }));
    expect(last().body).toBe('body');
  });

  it('sends the Host it is given, once, and else the target’s', async () => {
    const { port, last } = await recorder();
    responded(await send(`http://localhost:${port}/`));
    expect(last().lines[1]).toBe(`host: localhost:${port}`);
    const headers: HeaderList = [
      ['Host', 'shop.test'],
      ['host', 'other.test'],
    ];
    responded(await send(`http://localhost:${port}/`, { headers }));
    expect(last().lines.filter((line) => /^host:/i.test(line))).toEqual(['host: shop.test']);
  });

  it('makes user and password of the URL an Authorization, unless there is one', async () => {
    const { port, last } = await recorder();
    responded(await send(`http://me:p%40ss@127.0.0.1:${port}/`));
    expect(last().lines).toContain('Authorization: Basic bWU6cEBzcw==');
    expect(last().lines[1]).toBe(`host: 127.0.0.1:${port}`);
    responded(await send(`http://me:p%40ss@127.0.0.1:${port}/`, { headers: [['authorization', 'Bearer x']] }));
    expect(last().lines.filter((line) => /^authorization/i.test(line))).toEqual(['authorization: Bearer x']);
  });

  it('takes 20 MB there and back', async () => {
    const { url } = await http((incoming, response) => incoming.pipe(response));
    const body = Buffer.alloc(20_000_000, 'abc\r\n\0');
    expect(body.equals(responded(await send(url, { body })).body)).toBe(true);
  });

  it('must be something HTTP can carry', async () => {
    const { url } = await http((_incoming, response) => response.end());
    const malformed = expect.objectContaining({ code: 'input_malformed' });
    await expect(send(url, { method: 'CONNECT' })).rejects.toEqual(malformed);
    await expect(send(url, { method: 'GET /' })).rejects.toEqual(malformed);
    await expect(send(url, { headers: [['X', 'a\r\nB: c']] })).rejects.toEqual(malformed);
    await expect(send(url, { headers: [[':path', '/']] })).rejects.toEqual(malformed);
    await expect(send('ftp://localhost/')).rejects.toEqual(expect.objectContaining({ code: 'usage' }));
  });
});

describe('what comes back', () => {
  async function answer(bytes: string, method = 'POST', options: Partial<SendOptions> = {}): Promise<SendResult> {
    const port = await tcp((socket) => socket.end(Buffer.from(bytes, 'latin1')));
    return send(`http://127.0.0.1:${port}/`, { method }, options);
  }

  it('keeps headers in order, case and number, and bytes', async () => {
    const result = await answer(
      'HTTP/1.1 299 Odd\r\nx-b: 1\r\nSet-Cookie: a\r\nX-A: caf\xe9\r\nset-cookie: b\r\nContent-Length: 3\r\n\r\n\xff\0\n',
    );
    expect(responded(result)).toMatchObject({
      status: 299,
      headers: [
        ['x-b', '1'],
        ['Set-Cookie', 'a'],
        ['X-A', 'caf\xe9'],
        ['set-cookie', 'b'],
        ['Content-Length', '3'],
      ],
      body: Buffer.from([0xff, 0, 10]),
    });
  });

  it('is an attempt once target and replay are added', async () => {
    const { url } = await http((_incoming, response) => response.end('x'));
    const before = performance.now();
    const result = await sender({ now: () => 1_700_000_000_000 }).send(request(url), { timeoutMs: 10_000 });
    const attempt: Attempt = { ...result, target: url, replay: false };
    expect(attempt).toMatchObject({ startedAt: 1_700_000_000_000, outcome: 'responded', status: 200 });
    expect(attempt.durationMs).toBeGreaterThan(0);
    expect(attempt.durationMs).toBeLessThanOrEqual(performance.now() - before);
  });

  it('is neither decompressed nor followed', async () => {
    const body = gzipSync('hello');
    const { url } = await http((_incoming, response) => {
      response.writeHead(307, { Location: 'http://127.0.0.1:1/', 'Content-Encoding': 'gzip' });
      response.end(body);
    });
    const result = responded(await send(url));
    expect(result.status).toBe(307);
    expect(Buffer.compare(result.body, body)).toBe(0);
  });

  it.each([
    ['after early hints', 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n', 'ok'],
    ['until the connection ends', 'HTTP/1.0 200 OK\r\n\r\nok', 'ok'],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ])('may come %s', async (_how, bytes, body) => {
    expect(Buffer.from(responded(await answer(bytes)).body).toString()).toBe(body);
  });

  it('has no body for HEAD, whatever its length says', async () => {
    const result = responded(await answer('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n', 'HEAD'));
    expect(result.headers).toEqual([['Content-Length', '99']]);
    expect(result.body).toHaveLength(0);
  });

  it('is a failure where the body is over the limit, and the connection ends', async () => {
    const closed = counter();
    const { url, server } = await http((_incoming, response) => {
      response.on('error', () => {});
      const pump = (): void => {
        while (response.write('x'.repeat(10_000)));
      };
      response.on('drain', pump);
      pump();
    });
    server.on('connection', (socket) => socket.on('close', closed.hit));
    const result = await send(url, {}, { maxResponseBody: 50_000 });
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'reset',
      message: expect.stringContaining('over the limit of 50 kB'),
    });
    await closed.reached(1);
    const exact = await http((_incoming, response) => response.end('x'.repeat(50_000)));
    expect(responded(await send(exact.url, {}, { maxResponseBody: 50_000 })).body).toHaveLength(50_000);
  });
});

describe('a failure', () => {
  function failed(reason: string, message: RegExp | string): object {
    const text = typeof message === 'string' ? message : expect.stringMatching(message);
    return expect.objectContaining({ outcome: 'failed', reason, message: text, durationMs: expect.any(Number) });
  }

  it.each(['127.0.0.1', 'localhost'])('is refused where nothing listens on %s', async (host) => {
    const port = await freePort();
    const result = await send(`http://${host}:${port}/`);
    expect(result).toEqual(failed('refused', `Nothing listens on ${host}:${port} (connection refused).`));
  });

  it('is dns where there is no such host', async () => {
    expect(await send('http://no-such-host.invalid/')).toEqual(failed('dns', /no-such-host\.invalid/));
  });

  it('is timeout where no answer comes, or not all of it', async () => {
    const silent = await tcp(() => {});
    expect(await send(`http://127.0.0.1:${silent}/`, {}, { timeoutMs: 40 })).toEqual(
      failed('timeout', `127.0.0.1:${silent} did not answer within 40 ms.`),
    );
    const halting = await tcp((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    expect(await send(`http://127.0.0.1:${halting}/`, {}, { timeoutMs: 500 })).toEqual(
      failed('timeout', /began to answer.*500 ms/),
    );
  });

  it('is none where the timeout is longer than a timer can be set for', async () => {
    const { url } = await http((incoming, response) => {
      incoming.resume().on('end', () => setTimeout(() => response.end(), 20));
    });
    responded(await send(url, {}, { timeoutMs: 30 * 86_400_000 }));
  });

  it('is timeout while it waits for a free connection, and then it is never sent', async () => {
    const seen: string[] = [];
    const port = await tcp((socket, text) => {
      seen.push(text.split(' ')[1] ?? '');
      if (!text.includes('/hold')) socket.write(OK);
    });
    const own = sender({ connections: 1 });
    const abort = new AbortController();
    const held = own.send(request(`http://127.0.0.1:${port}/hold`), { timeoutMs: 10_000, signal: abort.signal });
    const waiting = await own.send(request(`http://127.0.0.1:${port}/late`), { timeoutMs: 30 });
    expect(waiting).toEqual(failed('timeout', `There was no connection to 127.0.0.1:${port} within 30 ms.`));
    abort.abort();
    expect(await held).toEqual(failed('aborted', /given up/));
    responded(await own.send(request(`http://127.0.0.1:${port}/next`), { timeoutMs: 10_000 }));
    expect(seen).toEqual(['/hold', '/next']);
  });

  it('is timeout where TLS never comes about, and closing does not wait for it', async () => {
    const port = await tcp(() => {});
    const own = createSender();
    expect(await own.send(request(`https://127.0.0.1:${port}/`), { timeoutMs: 40 })).toEqual(failed('timeout', /no connection/));
    await own.close();
  });

  it.each([
    ['closes at once', (socket: Socket) => socket.end(), /closed the connection without an answer/],
    ['resets', (socket: Socket) => socket.resetAndDestroy(), /closed the connection without an answer/],
    [
      'stops in the headers',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nX-Half'),
      /closed the connection without an answer/,
    ],
    [
      'stops in the body',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      /closed the connection in the middle of its answer/,
    ],
    ['answers in no HTTP', (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), /not an HTTP\/1\.1 answer/],
    [
      'sends endless headers',
      (socket: Socket) => socket.end(`HTTP/1.1 200 OK\r\n${`X-Long: ${'x'.repeat(9_000)}\r\n`.repeat(40)}\r\n`),
      /headers .* are too large/,
    ],
  ])('is reset where the server %s', async (_what, act, message) => {
    const port = await tcp((socket) => void act(socket));
    const result = await send(`http://127.0.0.1:${port}/`);
    expect(result).toEqual(failed('reset', message));
    expect(result).toEqual(failed('reset', new RegExp(`127\\.0\\.0\\.1:${port}`)));
  });

  it('is aborted by its signal: before, and during', async () => {
    const asked = counter();
    const { url } = await http(asked.hit);
    expect(await send(url, {}, { signal: AbortSignal.abort() })).toEqual(failed('aborted', /given up/));
    const abort = new AbortController();
    const result = send(url, {}, { signal: abort.signal });
    await asked.reached(1);
    abort.abort();
    expect(await result).toEqual(failed('aborted', /given up/));
  });
});

describe('https', () => {
  async function secure(): Promise<number> {
    return bind(createHttps({ key: KEY, cert: CERTIFICATE }, (_incoming, response) => response.end('safe')));
  }

  it('checks certificates, unless told not to', async () => {
    const port = await secure();
    const url = `https://localhost:${port}/`;
    expect(await send(url)).toMatchObject({
      reason: 'tls',
      message: `The certificate of localhost:${port} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Trust it: NODE_EXTRA_CA_CERTS=<file>.`,
    });
    const careless = sender({ insecure: true });
    expect(Buffer.from(responded(await careless.send(request(url), { timeoutMs: 10_000 })).body).toString()).toBe('safe');
    responded(await careless.send(request(`https://127.0.0.1:${port}/`), { timeoutMs: 10_000 }));
    const hosted = request(url, { headers: [['Host', 'shop.test']] });
    responded(await careless.send(hosted, { timeoutMs: 10_000 }));
  });

  it('names plain HTTP behind an https URL, and TLS behind an http one', async () => {
    const plain = await http((_incoming, response) => response.end());
    expect(await send(`https://127.0.0.1:${plain.port}/`)).toMatchObject({
      reason: 'tls',
      message: `127.0.0.1:${plain.port} does not answer in TLS. If it speaks plain HTTP, use http://127.0.0.1:${plain.port}.`,
    });
    const alert = await tcp((socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])));
    expect(await send(`http://127.0.0.1:${alert}/`)).toMatchObject({
      reason: 'tls',
      message: `127.0.0.1:${alert} speaks TLS: use https://127.0.0.1:${alert}.`,
    });
  });

  it('is a tls failure where the server hangs up in the handshake', async () => {
    const port = await tcp((socket) => socket.end());
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({
      reason: 'tls',
      message: expect.stringContaining('handshake'),
    });
  });
});

describe('localhost', () => {
  it('is found on 127.0.0.1', async () => {
    const { port } = await http((incoming, response) => response.end(incoming.headers.host));
    const result = responded(await send(`http://localhost:${port}/`));
    expect(Buffer.from(result.body).toString()).toBe(`localhost:${port}`);
    responded(await send(`http://app.localhost:${port}/`));
  });

  it.runIf(hasIpv6)('is found on ::1', async () => {
    const port = await bind(
      createHttp((_incoming, response) => response.end()),
      '::1',
    );
    responded(await send(`http://localhost:${port}/`));
    responded(await send(`http://[::1]:${port}/`));
    expect(await sender().waitFor(`http://localhost:${port}/`, 10_000)).toBe(true);
  });
});

describe('connections', () => {
  it('are kept for the next request', async () => {
    let connections = 0;
    const { url, server } = await http((incoming, response) => incoming.resume().on('end', () => response.end()));
    server.on('connection', () => {
      connections += 1;
    });
    const own = sender();
    for (let i = 0; i < 30; i += 1) responded(await own.send(request(url), { timeoutMs: 10_000 }));
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('that the server closed while idle are no failure, and nothing is sent twice', async () => {
    const seen: string[] = [];
    const { url, server } = await http((incoming, response) => {
      seen.push(incoming.url ?? '');
      incoming.resume().on('end', () => response.end());
    });
    const own = sender();
    for (let i = 0; i < 40; i += 1) {
      responded(await own.send(request(`${url}?${i}`), { timeoutMs: 10_000 }));
      server.closeIdleConnections();
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => `/hooks?${i}`));
  });

  it('are many at once, up to the limit, and one signal for all is no leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    cleanups.push(() => process.off('warning', onWarning));
    const all = counter();
    let connections = 0;
    const { url, server } = await http(async (_incoming, response) => {
      all.hit();
      await all.reached(20);
      response.end();
    });
    server.on('connection', () => {
      connections += 1;
    });
    const own = sender({ connections: 20 });
    const { signal } = new AbortController();
    const results = await Promise.all(Array.from({ length: 60 }, () => own.send(request(url), { timeoutMs: 10_000, signal })));
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(60).fill('responded'));
    expect(connections).toBe(20);
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });

  it('that the server ends, or speaks on unasked, are not used again', async () => {
    const answers: Array<(socket: Socket) => void> = [
      (socket) => socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'),
      (socket) => {
        socket.write(OK);
        setImmediate(() => socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n'));
      },
      (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nok') && socket.end(),
      (socket) => socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok'),
    ];
    const closed = counter();
    let connections = 0;
    const server = createTcp((socket) => {
      const answer = answers[connections++];
      socket.on('data', () => answer?.(socket));
      socket.on('close', closed.hit);
    });
    const url = `http://127.0.0.1:${await bind(server)}/`;
    const own = sender();
    for (let i = 1; i <= answers.length; i++) {
      expect(Buffer.from(responded(await own.send(request(url), { timeoutMs: 10_000 })).body).toString()).toBe('ok');
      await closed.reached(i);
      expect(connections).toBe(i);
    }
  });

  it('are not used again where the answer came before all of the request was sent', async () => {
    let connections = 0;
    const server = createTcp((socket) => {
      connections += 1;
      socket.once('data', () => {
        socket.pause();
        socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno');
      });
    });
    const url = `http://127.0.0.1:${await bind(server)}/`;
    const own = sender({ connections: 1 });
    const large = Buffer.alloc(50_000_000);
    for (let i = 1; i <= 2; i++) {
      expect(responded(await own.send(request(url, { body: large }), { timeoutMs: 10_000 })).status).toBe(413);
      expect(connections).toBe(i);
    }
  });

  it('that cannot be made fail the requests that wait, one each, and the next is tried anew', async () => {
    const port = await freePort();
    const own = sender({ connections: 2 });
    const url = `http://127.0.0.1:${port}/`;
    const results = await Promise.all(Array.from({ length: 5 }, () => own.send(request(url), { timeoutMs: 10_000 })));
    expect(results.map((result) => result.outcome === 'failed' && result.reason)).toEqual(Array(5).fill('refused'));
    const there = createHttp((_incoming, response) => response.end('ok'));
    await bind(there, '127.0.0.1', port);
    responded(await own.send(request(url), { timeoutMs: 10_000 }));
  });

  it('are closed in the end, after what is in flight', async () => {
    const [asked, closed] = [counter(), counter()];
    let release = (): void => {};
    const { url, server } = await http((incoming, response) => {
      release = () => response.end('done');
      incoming.resume().on('end', asked.hit);
    });
    server.on('connection', (socket) => socket.on('close', closed.hit));
    const own = createSender();
    const result = own.send(request(url), { timeoutMs: 10_000 });
    await asked.reached(1);
    const end = own.close();
    release();
    expect(Buffer.from(responded(await result).body).toString()).toBe('done');
    await end;
    await closed.reached(1);
  });
});

describe('waitFor', () => {
  it('is true at once for a server that is there', async () => {
    const { url } = await http((_incoming, response) => response.end());
    expect(await sender().waitFor(url, 10_000)).toBe(true);
  });

  it.each([20_000, 30 * 86_400_000])('is true once the server comes within %d ms', async (timeoutMs) => {
    const port = await freePort();
    const waiting = sender().waitFor(`http://127.0.0.1:${port}/`, timeoutMs);
    await bind(createTcp(), '127.0.0.1', port);
    expect(await waiting).toBe(true);
  });

  it('is false where it does not come in time, or the signal comes first', async () => {
    const url = 'http://127.0.0.1:1/';
    expect(await sender().waitFor(url, 30)).toBe(false);
    const abort = new AbortController();
    const waiting = sender().waitFor(url, 60_000, abort.signal);
    abort.abort();
    expect(await waiting).toBe(false);
    await expect(sender().waitFor('ftp://x/', 30)).rejects.toEqual(expect.objectContaining({ code: 'usage' }));
  });
});
