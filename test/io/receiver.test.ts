import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebhookError } from '../../src/core/errors.js';
import type { HttpResponse } from '../../src/core/http/message.js';
import type { Handle } from '../../src/io/exchange.js';
import { openReceiver, type ReceiverOptions } from '../../src/io/receiver.js';
import { type WatchedReceiver, watchedReceiver } from '../support/receiver.js';
import { dial, exchange, post, rest } from '../support/wire.js';

const OK: HttpResponse = { status: 200, headers: [['Content-Type', 'text/plain']], body: Buffer.from('fine') };
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

const open = (handle: Handle = async () => OK, options: Partial<ReceiverOptions> = {}): Promise<WatchedReceiver> =>
  watchedReceiver({ maxBody: 1_000, now: () => 1_700_000_000_000, ...options, handle });

/** A promise and what settles it. */
function deferred<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve = (_value: T): void => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('what is received', () => {
  it('keeps headers in order, case and number, and Latin-1 bytes', async () => {
    const { receiver, received } = await open();
    const head =
      'POST /hooks HTTP/1.1\r\nhOST: x\r\nX-Sig: a\r\nx-sig: b\r\nX-Sig:  c \r\nX-Name: caf\xe9\r\nX-Empty:\r\nConnection: close\r\n\r\n';
    await exchange(receiver.port, head);
    expect(received[0]?.request.headers).toEqual([
      ['hOST', 'x'],
      ['X-Sig', 'a'],
      ['x-sig', 'b'],
      ['X-Sig', 'c'],
      ['X-Name', 'caf\xe9'],
      ['X-Empty', ''],
      ['Connection', 'close'],
    ]);
    expect(received[0]).toMatchObject({ receivedAt: 1_700_000_000_000, remoteAddress: '127.0.0.1', protocol: 'http' });
  });

  it('keeps more headers than node:http does by default', async () => {
    const { receiver, received } = await open();
    await exchange(receiver.port, post('a:1\r\n'.repeat(2_500)));
    expect(received[0]?.request.headers.filter(([name]) => name === 'a')).toHaveLength(2_500);
  });

  it.each(['//hooks?x=1&&y=%2F', '/a/../b/./c', 'http://example.com:80//a?b', '/?', '/%zz;x'])(
    'keeps the path %s',
    async (path) => {
      const { receiver, received } = await open();
      await exchange(receiver.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(received[0]?.request).toMatchObject({ method: 'GET', path, body: Buffer.alloc(0) });
    },
  );

  it('keeps any bytes of a body, however it is cut up, sized or chunked', async () => {
    const { receiver, received } = await open(undefined, { maxBody: 100_000 });
    const parts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(parts, fc.boolean(), async (chunks, chunked) => {
        received.length = 0;
        const body = Buffer.concat(chunks);
        const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
        const head = `PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${length}\r\n\r\n`;
        const wire = chunked
          ? [...chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']), '0\r\n\r\n']
          : chunks;
        await exchange(receiver.port, head, ...wire);
        expect(received).toHaveLength(1);
        expect(Buffer.compare(received[0]?.request.body ?? Buffer.alloc(1), body)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('does not decompress', async () => {
    const { receiver, received } = await open();
    const body = gzipSync('{"a":1}');
    await exchange(receiver.port, post('Content-Encoding: gzip\r\n', body));
    expect(received[0]?.request.body).toEqual(body);
  });

  it('takes 20 MB', async () => {
    const { receiver, received } = await open(undefined, { maxBody: 25_000_000 });
    const body = Buffer.alloc(20_000_000, 'abc\r\n\0');
    expect(await exchange(receiver.port, post('', body))).toContain(' 200 ');
    expect(received[0]?.request.body.length).toBe(body.length);
    expect(body.equals(received[0]?.request.body ?? Buffer.alloc(0))).toBe(true);
  });

  it.each(['GET', 'DELETE', 'OPTIONS', 'PATCH', 'REPORT'])('takes a body with %s', async (method) => {
    const { receiver, received } = await open();
    const answer = await exchange(receiver.port, `${method} / HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`);
    expect(answer).toContain('\r\n\r\nfine');
    expect(received[0]?.request).toMatchObject({ method, body: Buffer.from('{}') });
  });

  it('takes HTTP/1.0, a request without Host, and one that asks for an upgrade', async () => {
    const { receiver, received, problems } = await open();
    expect(await exchange(receiver.port, 'GET /old HTTP/1.0\r\n\r\n')).toContain('\r\n\r\nfine');
    expect(
      await exchange(
        receiver.port,
        'POST /up HTTP/1.1\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\nContent-Length: 1\r\n\r\nx',
      ),
    ).toContain(' 200 ');
    expect(received.map(({ request }) => [request.path, request.body.length])).toEqual([
      ['/old', 0],
      ['/up', 1],
    ]);
    expect(problems).toEqual([]);
  });

  it('says 100 Continue to who waits for it', async () => {
    const { receiver, received } = await open();
    const socket = await dial(receiver.port);
    const answer = rest(socket);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    const [first] = await once(socket, 'data');
    expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('body');
    expect(await answer).toContain('\r\n\r\nfine');
    expect(received[0]?.request.body.toString()).toBe('body');
  });

  it('answers pipelined requests in their order', async () => {
    const slow = deferred<HttpResponse>();
    const { receiver, received } = await open(async ({ request }) =>
      request.path === '/1' ? slow.promise : { ...OK, body: Buffer.from(request.path) },
    );
    const socket = await dial(receiver.port);
    const answer = rest(socket);
    const last = 'GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    socket.write(`GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab${last}`);
    while (received.length < 3) await new Promise(setImmediate);
    slow.resolve({ ...OK, body: Buffer.from('/1') });
    expect([...(await answer).matchAll(/\r\n\r\n(\/\d)/g)].map(([, path]) => path)).toEqual(['/1', '/2', '/3']);
  });
});

describe('what is refused', () => {
  it('answers 413 to an announced body over the limit before it is read', async () => {
    const { receiver, received, problem } = await open();
    const answer = await exchange(receiver.port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n');
    expect(answer).toMatch(
      /^HTTP\/1\.1 413 [\s\S]*Connection: close[\s\S]*\r\n\r\n\{"error":"The body is over the limit of 1 kB\."\}$/,
    );
    expect(received).toEqual([]);
    expect(await problem('body_too_large')).toMatchObject({ remoteAddress: '127.0.0.1' });
  });

  it('answers 413 to chunks as soon as they are over the limit', async () => {
    const { receiver, received, problem } = await open();
    const socket = await dial(receiver.port);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n');
    socket.write(`${'x'.repeat(1_000)}\r\n1\r\ny\r\n`);
    const [first] = await once(socket, 'data');
    expect(String(first)).toContain('HTTP/1.1 413 ');
    await problem('body_too_large');
    expect(received).toEqual([]);
  });

  it('lets a sender that is still sending see the 413', async () => {
    const { receiver } = await open();
    const answer = await exchange(receiver.port, post('', Buffer.alloc(8_000_000)));
    expect(answer).toContain('HTTP/1.1 413 ');
  });

  it('refuses early who asks first (Expect: 100-continue)', async () => {
    const { receiver, problem } = await open();
    const answer = await exchange(
      receiver.port,
      'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    await problem('body_too_large');
  });

  it('takes a body of exactly the limit, sized or chunked', async () => {
    const { receiver } = await open();
    expect(await exchange(receiver.port, post('', 'x'.repeat(1_000)))).toContain(' 200 ');
    const chunked = `POST / HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n${'x'.repeat(1_000)}\r\n0\r\n\r\n`;
    expect(await exchange(receiver.port, chunked)).toContain(' 200 ');
  });

  it.each([
    ['noise', '\x00\x01\x02 hello\r\n\r\n'],
    ['an unknown method', 'HOOK / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n'],
    [
      'Content-Length with Transfer-Encoding',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'Transfer-Encoding with Content-Length',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
    ],
    ['two Content-Lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['a chunk without a size', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('answers 400 to %s', async (_what, bytes) => {
    const { receiver, received, problem } = await open();
    expect(await exchange(receiver.port, bytes)).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*\r\n\r\n\{"error":"The request is not valid HTTP\."\}$/,
    );
    expect(received).toEqual([]);
    expect((await problem('malformed_request')).message).toMatch(/not valid HTTP/);
  });

  it('answers the sound request before a broken one, then closes', async () => {
    const release = deferred<HttpResponse>();
    const { receiver, problem } = await open(() => release.promise);
    const socket = await dial(receiver.port);
    const answer = rest(socket);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n\x00garbage\r\n\r\n');
    await problem('malformed_request');
    release.resolve(OK);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*fine$/);
  });

  it('answers 431 to headers beyond 64 KiB', async () => {
    const { receiver, problem } = await open();
    expect(await exchange(receiver.port, post(`X-Long: ${'x'.repeat(70_000)}\r\n`))).toMatch(/^HTTP\/1\.1 431 /);
    await problem('headers_too_large');
  });

  it.each([
    ['headers', 'POST / HTTP/1.1\r\nHost:'],
    ['a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc'],
  ])('answers 408 to %s that do not come in time', async (_what, bytes) => {
    const { receiver, received, problem } = await open(undefined, { headersTimeoutMs: 40, requestTimeoutMs: 60 });
    expect(await exchange(receiver.port, bytes)).toMatch(/^HTTP\/1\.1 408 [\s\S]*The request did not arrive in time/);
    await problem('request_timeout');
    expect(received).toEqual([]);
  });

  it('says what happened to who speaks HTTPS', async () => {
    const { receiver, problem } = await open();
    const socket = connectTls({ port: receiver.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => {});
    expect((await problem('malformed_request')).message).toContain('plain HTTP');
    socket.destroy();
  });
});

describe('a sender that hangs up', () => {
  it.each([
    'Content-Length: 9\r\n\r\nabc',
    'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    'Content-Length: 9\r\n\r\n',
    'X-Half',
  ])('half-way hands nothing on (%j)', async (part) => {
    const { receiver, received, problem } = await open();
    const socket = await dial(receiver.port);
    socket.end(`POST / HTTP/1.1\r\nHost: x\r\n${part}`);
    expect((await problem('aborted')).message).toMatch(/hung up/);
    expect(received).toEqual([]);
  });

  it('by a reset in the middle of the body', async () => {
    const { receiver, received, problem } = await open();
    const socket = await dial(receiver.port);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n');
    await once(socket, 'data');
    socket.resetAndDestroy();
    await problem('aborted');
    expect(received).toEqual([]);
  });

  it('while the handler runs aborts its signal', async () => {
    const started = deferred<void>();
    const { receiver, problem } = await open(async (_received, waiting) => {
      started.resolve();
      await once(waiting.signal, 'abort');
      return OK;
    });
    const socket = await dial(receiver.port);
    socket.write(post('', 'x'));
    await started.promise;
    socket.destroy();
    expect((await problem('unanswered')).message).toContain('(200)');
  });

  it('is known from a signal that is asked for late', async () => {
    const [started, later, asked] = [deferred<void>(), deferred<void>(), deferred<boolean>()];
    const { receiver } = await open(async ({ request }, waiting) => {
      if (request.path === '/other') return OK;
      started.resolve();
      await later.promise;
      asked.resolve(waiting.signal.aborted);
      return null;
    });
    const socket = await dial(receiver.port);
    socket.write(post('', 'x'));
    await started.promise;
    socket.destroy();
    await once(socket, 'close');
    // By the time another sender has come and gone twice, the end of this connection was noticed.
    for (let i = 0; i < 2; i += 1) await exchange(receiver.port, 'GET /other HTTP/1.1\r\nConnection: close\r\n\r\n');
    later.resolve();
    expect(await asked.promise).toBe(true);
  });
});

describe('what is answered', () => {
  async function answerTo(
    answer: HttpResponse | null,
    request = post(''),
  ): Promise<{ head: string[]; body: string; bench: WatchedReceiver }> {
    const bench = await open(async () => answer);
    const text = await exchange(bench.receiver.port, request);
    const cut = text.indexOf('\r\n\r\n');
    return { head: text.slice(0, cut).split('\r\n'), body: text.slice(cut + 4), bench };
  }

  it('keeps order, case, duplicates and Latin-1 of headers, and the bytes', async () => {
    const headers = [
      ['x-b', '1'],
      ['Set-Cookie', 'a=1'],
      ['X-A', 'caf\xe9'],
      ['set-cookie', 'b=2'],
      ['CONTENT-LENGTH', '3'],
      ['Date', 'yesterday'],
    ] as const;
    const { head, body } = await answerTo({ status: 418, headers, body: Buffer.from([0xff, 0, 0x0a]) });
    expect(head).toEqual([
      "HTTP/1.1 418 I'm a Teapot",
      'x-b: 1',
      'Set-Cookie: a=1',
      'X-A: caf\xe9',
      'set-cookie: b=2',
      'CONTENT-LENGTH: 3',
      'Date: yesterday',
      'Connection: close',
    ]);
    expect(body).toBe('\xff\0\n');
  });

  it('adds the length and leaves out what belongs to the other connection', async () => {
    const headers = [
      ['Transfer-Encoding', 'chunked'],
      ['Connection', 'keep-alive, X-Hop'],
      ['X-Hop', '1'],
      ['Keep-Alive', 'timeout=99'],
      ['X-Kept', '1'],
    ] as const;
    const { head, body } = await answerTo({ status: 200, headers, body: Buffer.from('abc') });
    expect(head.slice(1).filter((line) => !line.startsWith('Date'))).toEqual([
      'X-Kept: 1',
      'Content-Length: 3',
      'Connection: close',
    ]);
    expect(body).toBe('abc');
  });

  it.each([['99'], ['x'], ['4, 4']])('corrects a Content-Length of %s', async (length) => {
    const { head, body } = await answerTo({ status: 200, headers: [['Content-Length', length]], body: Buffer.from('abc') });
    expect(head.filter((line) => /^content-length/i.test(line))).toEqual(['Content-Length: 3']);
    expect(body).toBe('abc');
  });

  it.each([204, 304])('sends no body with %d', async (status) => {
    const { head, body } = await answerTo({ status, headers: [['ETag', '"a"']], body: Buffer.from('abc') });
    expect(head[0]).toContain(String(status));
    expect(head.join()).not.toMatch(/content-length|transfer-encoding/i);
    expect(body).toBe('');
  });

  it('keeps the length of an answer to HEAD', async () => {
    const request = Buffer.from('HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const { head, body } = await answerTo({ status: 200, headers: [['Content-Length', '1234']], body: Buffer.alloc(0) }, request);
    expect(head).toContain('Content-Length: 1234');
    expect(body).toBe('');
  });

  it('says length 0 of an empty body', async () => {
    expect((await answerTo({ status: 200, headers: [], body: Buffer.alloc(0) })).head).toContain('Content-Length: 0');
  });

  it.each([
    ['X-Bad\r\nX-Injected', '1'],
    ['X-Bad', 'a\r\nX-Injected: 1'],
    ['X-Bad', '\u2713'],
    ['', 'x'],
  ])('leaves out the header %j: %j', async (name, value) => {
    const { head, body, bench } = await answerTo({
      status: 200,
      headers: [
        [name, value],
        ['X-Good', '1'],
      ],
      body: Buffer.from('ok'),
    });
    expect(head.join('\n')).not.toMatch(/Bad|Injected/);
    expect(head).toContain('X-Good: 1');
    expect(body).toBe('ok');
    await bench.problem('invalid_response');
  });

  it.each([0, 101, 199, 1_000, 200.5, Number.NaN])('answers 502 for the status %d', async (status) => {
    const { head, body, bench } = await answerTo({ status, headers: [], body: Buffer.alloc(0) });
    expect(head[0]).toBe('HTTP/1.1 502 Bad Gateway');
    expect(body).toMatch(/^\{"error":/);
    await bench.problem('invalid_response');
  });

  it('is nothing at all for null', async () => {
    const { head } = await answerTo(null);
    expect(head).toEqual(['']);
  });

  it('is a 500 without details where the handler throws', async () => {
    const bench = await open(async () => {
      throw new Error('the secret is hunter2');
    });
    const text = await exchange(bench.receiver.port, post(''));
    expect(text).toMatch(/^HTTP\/1\.1 500 [\s\S]*\r\n\r\n\{"error":"The delivery could not be handled\."\}$/);
    expect((await bench.problem('handler_failed')).message).toBe('the secret is hunter2');
  });

  it('keeps the connection for the next request', async () => {
    const { receiver, received } = await open();
    const socket = await dial(receiver.port);
    for (const method of ['GET', 'POST', 'HEAD', 'GET']) {
      socket.write(`${method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx`);
      const [bytes] = await once(socket, 'data');
      expect(String(bytes)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: keep-alive/);
    }
    expect(received).toHaveLength(4);
  });
});

describe('the address', () => {
  it('is told as bound', async () => {
    const { receiver } = await open();
    expect(receiver.url).toBe(`http://127.0.0.1:${receiver.port}`);
    const everywhere = await open(undefined, { host: '0.0.0.0' });
    expect(everywhere.receiver.url).toBe(`http://0.0.0.0:${everywhere.receiver.port}`);
  });

  it.runIf(hasIpv6)('has brackets for IPv6', async () => {
    const { receiver } = await open(undefined, { host: '::1' });
    expect(receiver.url).toBe(`http://[::1]:${receiver.port}`);
  });

  async function failure(options: { host: string; port: number }): Promise<WebhookError> {
    const error = await openReceiver({ ...options, maxBody: 1, handle: async () => OK, now: Date.now }).catch(
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof WebhookError)) throw new Error('it did not fail as it should');
    return error;
  }

  it('in use is an error that says what to try', async () => {
    const { receiver } = await open();
    const { code, message, hint } = await failure({ host: '127.0.0.1', port: receiver.port });
    expect({ code, message }).toEqual({ code: 'port_in_use', message: `Port ${receiver.port} on 127.0.0.1 is in use.` });
    expect(hint).toMatch(/webhook listen.* -p \d+.* -p 0/);
  });

  it('of another machine, and of none, is an error that says so', async () => {
    const foreign = await failure({ host: '192.0.2.1', port: 0 });
    expect(foreign.code).toBe('address_unavailable');
    expect(foreign.hint).toContain('192.0.2.1 must be an address of this machine');
    const unknown = await failure({ host: 'no-such-host.invalid', port: 0 });
    expect(unknown.code).toBe('address_unavailable');
    expect(unknown.message).toContain("'no-such-host.invalid'");
  });
});

describe('closing', () => {
  it('lets what is in flight finish and ends idle connections', async () => {
    const [started, release] = [deferred<void>(), deferred<HttpResponse>()];
    const { receiver } = await open(() => {
      started.resolve();
      return release.promise;
    });
    const [busy, idle] = [await dial(receiver.port), await dial(receiver.port)];
    const [answer, silence] = [rest(busy), rest(idle)];
    busy.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await started.promise;
    const closed = receiver.close();
    expect(receiver.close()).toBe(closed);
    release.resolve({ ...OK, body: Buffer.alloc(3_000_000, 'z') });
    const text = await answer;
    expect(text).toContain('Connection: close');
    expect(text.length).toBeGreaterThan(3_000_000);
    await closed;
    expect(await silence).toBe('');
    const refused = connect(receiver.port, '127.0.0.1');
    const [error] = await once(refused, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('does not wait for ever', async () => {
    const started = deferred<void>();
    const { receiver } = await open(
      () => {
        started.resolve();
        return new Promise(() => {});
      },
      { closeTimeoutMs: 30 },
    );
    const socket = await dial(receiver.port);
    const answer = rest(socket);
    socket.write(post(''));
    await started.promise;
    await receiver.close();
    expect(await answer).toBe('');
  });

  it('does not wait for who was refused and stays', async () => {
    const { receiver } = await open();
    const socket = connect({ port: receiver.port, host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.write('nonsense\r\n\r\n');
    await once(socket, 'data');
    await receiver.close();
  });

  it('waits for a handler whose sender has hung up', async () => {
    const [started, release] = [deferred<void>(), deferred<HttpResponse>()];
    let kept = false;
    const { receiver } = await open(async (_received, waiting) => {
      started.resolve();
      await once(waiting.signal, 'abort');
      const answer = await release.promise;
      kept = true;
      return answer;
    });
    const socket = await dial(receiver.port);
    socket.write(post(''));
    await started.promise;
    socket.destroy();
    const closed = receiver.close();
    release.resolve(OK);
    await closed;
    expect(kept).toBe(true);
  });
});
