/** What a stranger who reaches the port can do to `listen`: nothing that good senders notice, and nothing that is kept by mistake. */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../src/core/http/message.js';
import type { ReceiverOptions } from '../../src/io/receiver.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { startListener } from '../support/listener.js';
import { type WatchedReceiver, watchedReceiver } from '../support/receiver.js';
import { DRIVES_A_TERMINAL, ndjson } from '../support/running.js';
import { send } from '../support/send.js';
import { dial, exchange, post, rest } from '../support/wire.js';

const OK: HttpResponse = { status: 200, headers: [], body: Buffer.from('fine') };
const CLOSE = 'Host: x\r\nConnection: close\r\n';

const open = (options: Partial<ReceiverOptions> = {}): Promise<WatchedReceiver> =>
  watchedReceiver({ maxBody: 25_000_000, now: Date.now, handle: async () => OK, ...options });

/** One request of a good sender, answered as it should be. */
async function good({ url }: { readonly url: string }): Promise<void> {
  expect((await send(`${url}/good`, { body: '{"good":true}' })).status).toBe(200);
}

/** Bytes of live objects and buffers, after everything else is collected. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('requests that two readers could read differently', () => {
  const chunked = (body: string, headers = ''): string =>
    `POST /bad HTTP/1.1\r\n${CLOSE}${headers}Transfer-Encoding: chunked\r\n\r\n${body}`;
  const refused: ReadonlyArray<readonly [what: string, bytes: string, status?: number]> = [
    [
      'both lengths, chunks meant',
      `POST /bad HTTP/1.1\r\n${CLOSE}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['both lengths, chunked first', chunked('0\r\n\r\n', '').replace('\r\n\r\n', '\r\nContent-Length: 5\r\n\r\n')],
    ['two lengths', `POST /bad HTTP/1.1\r\n${CLOSE}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
    ['the same length twice', `POST /bad HTTP/1.1\r\n${CLOSE}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`],
    ...['3, 3', '+3', '-3', '0x3', '3 3', '', '99999999999999999999999', '3e0'].map(
      (length) => [`Content-Length: ${length}`, `POST /bad HTTP/1.1\r\n${CLOSE}Content-Length: ${length}\r\n\r\nabc`] as const,
    ),
    ['more bytes than announced', `POST /bad HTTP/1.1\r\n${CLOSE}Content-Length: 3\r\n\r\nabcdef`],
    ...['chunked, gzip', 'chunked, chunked', '\x0bchunked', 'chunked\0'].map(
      (coding) => [`Transfer-Encoding: ${coding}`, chunked('0\r\n\r\n').replace(': chunked', `: ${coding}`)] as const,
    ),
    ...['xchunked', 'gzip, chunked', 'identity'].map(
      (coding) => [`Transfer-Encoding: ${coding}`, chunked('0\r\n\r\n').replace(': chunked', `: ${coding}`), 501] as const,
    ),
    ['Transfer-Encoding twice', chunked('0\r\n\r\n', 'Transfer-Encoding: chunked\r\n')],
    ['a space before the colon', chunked('0\r\n\r\n').replace('Encoding:', 'Encoding :')],
    ['a folded Transfer-Encoding', chunked('0\r\n\r\n').replace(': chunked', ':\r\n chunked')],
    ['a folded header', `POST /bad HTTP/1.1\r\n${CLOSE}X-A: a\r\n b\r\nContent-Length: 3\r\n\r\nabc`],
    ['white space before the first header', `POST /bad HTTP/1.1\r\n X-A: a\r\n${CLOSE}\r\n`],
    ['bare line feeds', 'POST /bad HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 3\n\nabc'],
    ['one bare line feed', 'POST /bad HTTP/1.1\r\nHost: x\nConnection: close\r\n\r\n'],
    ['a bare carriage return', `POST /bad HTTP/1.1\r\n${CLOSE}X-A: a\rX-B: b\r\n\r\n`],
    ['a NUL in a header', `POST /bad HTTP/1.1\r\n${CLOSE}X-A: a\0b\r\n\r\n`],
    ['an escape sequence in a header', `POST /bad HTTP/1.1\r\n${CLOSE}X-A: \x1b[2J\r\n\r\n`],
    ['chunks with bare line feeds', chunked('3\nabc\n0\n\n')],
    ['a chunk longer than it says', chunked('2\r\nabc\r\n0\r\n\r\n')],
    ...['-3', '0x3', ' 3', '3 ', 'fffffffffffffffff', 'g'].map(
      (size) => [`a chunk of size '${size}'`, chunked(`${size}\r\nabc\r\n0\r\n\r\n`)] as const,
    ),
    ['a chunk extension that ends in a line feed', chunked('3;a\nabc\r\n0\r\n\r\n')],
    ['chunk extensions without end', chunked(`3;${'a'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`)],
    ['a Content-Length in the trailer', chunked('3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n')],
    ['a control character in the path', `POST /b\x01ad HTTP/1.1\r\n${CLOSE}\r\n`],
    ['a tab in the path', `POST /b\tad HTTP/1.1\r\n${CLOSE}\r\n`],
    ['a C1 control in the path', `POST /b\x9bad HTTP/1.1\r\n${CLOSE}\r\n`],
    ['a target that is none', `POST bad HTTP/1.1\r\n${CLOSE}\r\n`],
    ['a path of 100 kB', `POST /${'a'.repeat(100_000)} HTTP/1.1\r\n${CLOSE}\r\n`, 431],
    ['ten thousand long headers', `POST /bad HTTP/1.1\r\n${CLOSE}${'X-Bomb: b\r\n'.repeat(10_000)}\r\n`, 431],
    ['a tunnel asked for', 'CONNECT bad.example:443 HTTP/1.1\r\nHost: bad.example:443\r\n\r\n', 405],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['another version', `POST /bad HTTP/1.2\r\n${CLOSE}\r\n`],
  ];

  it('are refused, told of, and nothing of them is kept', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const listener = await startListener(startHere, [], { cwd });
    const { port } = new URL(listener.url);
    const answers = await Promise.all(refused.map(([, bytes]) => exchange(Number(port), bytes)));
    const seen = answers.map((answer, index) => ({
      what: refused[index]?.[0],
      statuses: answer.match(/(?<=HTTP\/1\.1 )\d+/g)?.map(Number),
      closes: /\r\nConnection: close\r\n/.test(answer),
    }));
    expect(seen).toEqual(refused.map(([what, , status = 400]) => ({ what, statuses: [status], closes: true })));
    await good(listener);
    const { summary, outcome } = await listener.stop();
    expect(summary).toMatchObject({ received: 1 });
    const told = ndjson(outcome.stdout).filter(({ type }) => type === 'warning');
    expect(told).toHaveLength(refused.length);
    expect(told.filter(({ message }) => DRIVES_A_TERMINAL.test(message))).toEqual([]);
    const kept = ndjson((await invoke(['list', '--json'], { cwd })).stdout);
    expect(kept.map(({ request }) => request.path)).toEqual(['/good']);
  });

  it('do not open a way for what is smuggled behind them', async () => {
    const { receiver, received } = await open();
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
    await Promise.all(refused.map(([, bytes]) => exchange(receiver.port, bytes + smuggled)));
    expect(received.map(({ request }) => request.path)).toEqual([]);
  });
});

describe('requests that are odd, and sound', () => {
  const taken: ReadonlyArray<readonly [what: string, bytes: string, got: readonly [method: string, path: string, body: string]]> =
    [
      ['HTTP/1.0', 'POST /old HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi', ['POST', '/old', 'hi']],
      ['HTTP/0.9', 'GET /older\r\n\r\n', ['GET', '/older', '']],
      ['empty lines first', `\r\n\r\nPOST / HTTP/1.1\r\n${CLOSE}Content-Length: 2\r\n\r\nhi`, ['POST', '/', 'hi']],
      ['the whole server as target', `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`, ['OPTIONS', '*', '']],
      ['two slashes', `POST // HTTP/1.1\r\n${CLOSE}Content-Length: 2\r\n\r\nhi`, ['POST', '//', 'hi']],
      [
        'a URL as target',
        `GET http://elsewhere.example/a?b HTTP/1.1\r\n${CLOSE}\r\n`,
        ['GET', 'http://elsewhere.example/a?b', ''],
      ],
      ['a long path', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n${CLOSE}\r\n`, ['GET', `/${'a'.repeat(40_000)}`, '']],
      ['TRACE', `TRACE /t HTTP/1.1\r\n${CLOSE}X-Secret: s\r\n\r\n`, ['TRACE', '/t', '']],
      [
        'an upgrade that is not granted',
        `GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
        ['GET', '/ws', ''],
      ],
      [
        'an expectation nobody knows',
        `POST /e HTTP/1.1\r\n${CLOSE}Expect: 200-maybe\r\nContent-Length: 2\r\n\r\nhi`,
        ['POST', '/e', 'hi'],
      ],
      [
        'Expect and the body at once',
        `POST /e HTTP/1.1\r\n${CLOSE}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`,
        ['POST', '/e', 'hi'],
      ],
      [
        'chunk extensions and a trailer',
        `POST /c HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n2;a="b"\r\nhi\r\n0\r\nX-T: 1\r\n\r\n`,
        ['POST', '/c', 'hi'],
      ],
      [
        'chunks in capitals',
        `POST /c HTTP/1.1\r\n${CLOSE}Transfer-Encoding: CHUNKED\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
        ['POST', '/c', 'hi'],
      ],
    ];

  it.each(taken)('are taken as they are: %s', async (_what, bytes, [method, path, body]) => {
    const { receiver, received, problems } = await open();
    const answer = await exchange(receiver.port, bytes);
    expect(answer.replace('HTTP/1.1 100 Continue\r\n\r\n', '')).toMatch(/^HTTP\/1\.1 200 /);
    // TRACE would send the headers back: a listener does not.
    expect(answer).not.toContain('X-Secret');
    expect(received.map(({ request }) => [request.method, request.path, request.body.toString()])).toEqual([
      [method, path, body],
    ]);
    expect(problems).toEqual([]);
  });

  it('end the connection where HTTP/1.0 sends chunks, which it does not have', async () => {
    const { receiver, received } = await open();
    const head = 'POST /c HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await exchange(receiver.port, `${head}2\r\nhi\r\n0\r\n\r\n`)).toMatch(/\r\nConnection: close\r\n/);
    expect(received[0]?.request.body.toString()).toBe('hi');
  });
});

describe('senders that take their time', () => {
  const limits = { headersTimeoutMs: 240, requestTimeoutMs: 480 };
  /** Headers have a limit of their own: nobody waits for the whole request's. */
  const headersOnly = { headersTimeoutMs: 240, requestTimeoutMs: 600_000 };

  it.each([
    ['headers', headersOnly, 'POST / HTTP/1.1\r\n', 'X: y\r\n'],
    ['a body', limits, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n', 'z'],
    ['chunks', limits, 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nz\r\n'],
  ])('are cut off, however steadily %s drip in, and hold up nobody', async (_what, bounds, start, drop) => {
    const { receiver, received, problem } = await open(bounds);
    const slow = await Promise.all(Array.from({ length: 50 }, () => dial(receiver.port)));
    const answers = slow.map(rest);
    for (const socket of slow) socket.write(start);
    let over = false;
    const all = Promise.all(answers).then((texts) => {
      over = true;
      return texts;
    });
    let served = 0;
    while (!over) {
      for (const socket of slow) if (socket.writable) socket.write(drop);
      await good(receiver);
      served++;
    }
    for (const answer of await all) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await problem('request_timeout');
    expect(received).toHaveLength(served);
  });

  it('do not fill the screen where they never said a word', async () => {
    const { receiver, problems } = await open(limits);
    const idle = Promise.all(Array.from({ length: 1_000 }, async () => rest(await dial(receiver.port))));
    await good(receiver);
    expect((await idle).join('')).toBe('');
    expect(problems).toEqual([]);
    await good(receiver);
  });

  it('read no answer, and hold up nobody', async () => {
    const { receiver } = await open({ handle: async () => ({ ...OK, body: Buffer.alloc(3_000_000) }) });
    const deaf = await Promise.all(Array.from({ length: 20 }, () => dial(receiver.port)));
    for (const socket of deaf) {
      socket.pause();
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    }
    await good(receiver);
  });
});

describe('memory', () => {
  it('for bodies that are coming in is bounded for all of them together', async () => {
    const { receiver, problems } = await open({ maxBody: 1_000_000, maxInFlight: { bytes: 5_000_000, requests: 1_000 } });
    const head = `POST /big HTTP/1.1\r\n${CLOSE}Content-Length: 900001\r\n\r\n`;
    const sockets = await Promise.all(Array.from({ length: 20 }, () => dial(receiver.port)));
    const answers = sockets.map(rest);
    for (const socket of sockets) socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(900_000)]));
    expect(await Promise.race(answers)).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: \d+\r\n/);
    // A small one fits all the same, and those that were let in finish.
    await good(receiver);
    for (const socket of sockets) if (socket.writable) socket.write('x');
    const statuses = (await Promise.all(answers)).map((answer) => answer.slice(9, 12));
    expect(statuses.filter((status) => status === '200').length).toBeGreaterThanOrEqual(5);
    expect(statuses.filter((status) => status === '503').length).toBeGreaterThanOrEqual(10);
    expect(problems.filter(({ code }) => code === 'overloaded')).toHaveLength(1);
    await good(receiver);
  });

  it('for a body that comes in crumbs is that of the body', async () => {
    const { receiver, received } = await open();
    const count = 300_000;
    const crumbs = Buffer.from('1\r\nz\r\n'.repeat(count));
    const socket = await dial(receiver.port);
    const answer = rest(socket);
    const before = memoryInUse();
    socket.write(`POST / HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n`);
    await new Promise((resolve) => socket.write(crumbs, resolve));
    // What came before an answered request has been read.
    for (let i = 0; i < 20; i++) await good(receiver);
    const grown = memoryInUse() - before;
    socket.write('0\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(Buffer.from(received.at(-1)?.request.body ?? []).equals(Buffer.alloc(count, 'z'))).toBe(true);
    expect(grown).toBeLessThan(8_000_000);
  });

  it('for requests that wait is bounded, also on one connection', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { receiver, received, problem } = await open({
      maxInFlight: { bytes: 1_000_000, requests: 100 },
      handle: async () => held.then(() => OK),
    });
    const socket = await dial(receiver.port);
    const flood = rest(socket);
    socket.write('GET /flood HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(10_000));
    expect((await problem('overloaded')).message).toMatch(/100 requests/);
    await flood;
    expect(received).toHaveLength(100);
    expect(await exchange(receiver.port, post(''))).toMatch(/^HTTP\/1\.1 503 /);
    release();
    await held;
    await good(receiver);
  });
});

describe('what is kept', () => {
  it('is nothing of uploads that were given up, or were too large', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const listener = await startListener(startHere, ['--max-body', '1kb'], { cwd });
    const port = Number(new URL(listener.url).port);
    for (const part of ['Content-Length: 9\r\n\r\nabc', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'X-Half']) {
      const socket = await dial(port);
      const [gone] = [once(socket, 'close')];
      socket.end(`POST /half HTTP/1.1\r\nHost: x\r\n${part}`);
      await gone;
    }
    const large = `POST /large HTTP/1.1\r\n${CLOSE}Content-Length: 1001\r\n`;
    expect(await exchange(port, `${large}\r\n${'x'.repeat(1_001)}`)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await exchange(port, `${large}Expect: 100-continue\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    const chunks = `POST /large HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1_001)}\r\n0\r\n\r\n`;
    expect(await exchange(port, chunks)).toMatch(/^HTTP\/1\.1 413 /);
    await good(listener);
    await listener.stop();
    const kept = ndjson((await invoke(['list', '--json'], { cwd })).stdout);
    expect(kept.map(({ request }) => request.path)).toEqual(['/good']);
  });

  it('of a gzip bomb is the bomb: showing it decodes a little, keeping it nothing', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const bomb = gzipSync(Buffer.alloc(30_000_000, ' '));
    const listener = await startListener(startHere, [], { cwd });
    const body = {
      headers: [
        ['Content-Encoding', 'gzip'],
        ['Content-Type', 'application/json'],
      ] as const,
      body: bomb,
    };
    expect((await send(`${listener.url}/bomb`, body)).status).toBe(200);
    await good(listener);
    await listener.stop();
    const [kept] = ndjson((await invoke(['list', '--json'], { cwd })).stdout);
    expect(Buffer.from(kept.request.body, 'base64').equals(bomb)).toBe(true);
    const shown = await invoke(['show', kept.id], { cwd });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('it decodes to more than 1 MB');
    expect(shown.stdout.length).toBeLessThan(10_000);
  });
});
