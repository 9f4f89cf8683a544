/** `forward` as it is installed: the public URL and whoever is told of it, TLS, apps that come and go. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCertificate } from '../../src/io/certificate.js';
import { startApp } from '../support/app.js';
import { programFolder, startBeacon } from '../support/fake-program.js';
import { temporaryFolder } from '../support/folder.js';
import { run, start } from '../support/program.js';
import type { Json, Running, RunOptions } from '../support/running.js';
import { send } from '../support/send.js';
import { freePort, startTunnelServer } from '../support/tunnel-server.js';

const posix: boolean = process.platform !== 'win32';
const hasIpv6: boolean = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const { cert, key } = makeCertificate(['localhost', '127.0.0.1'], Date.now(), randomBytes);

type Forward = Running & { readonly pid: number; readonly url: string; readonly publicUrl: string };

/** Starts `forward --json` on a free port, its public URL being one that leads nowhere unless the arguments say otherwise. */
async function forward(target: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Forward> {
  const own = args.some((arg) => arg.startsWith('--tunnel')) ? args : ['--public-url', 'https://hooks.example.com', ...args];
  const running = start(['forward', target, '--json', '--port', '0', ...own], options);
  const { url, publicUrl } = await running.record(({ type }) => type === 'ready');
  return Object.assign(running, { url, publicUrl });
}

async function end(running: Running): Promise<readonly Json[]> {
  running.send('SIGINT');
  expect((await running.ended).code).toBe(0);
  return running.records;
}

describe.skipIf(!posix)('the public URL', () => {
  it('is shown, copied, drawn and told to a command', async () => {
    const server = await startTunnelServer();
    const told = await startApp();
    const folder = programFolder({
      xclip: "require('node:fs').writeFileSync(__filename + '.got', require('node:fs').readFileSync(0))",
      tell: `fetch('${told.url}', { method: 'POST', body: JSON.stringify([process.env.WEBHOOK_PUBLIC_URL, process.env.WEBHOOK_PREVIOUS_URL]) })`,
    });
    const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, DISPLAY: ':0' };
    const host = ['--tunnel-host', server.host, '--subdomain', 'my-shop', '--path', '/hooks'];
    const args = ['forward', '3000', '--port', '0', '--provider', 'connect2print', '--copy', '--qr', '--notify', 'tell'];
    const running = start([...args, ...host], { env });
    const [request] = await told.received(1);
    const url = `http://my-shop.lt.localhost:${server.port}/hooks`;
    expect(JSON.parse(request?.body.toString() ?? '')).toEqual([url, '']);
    await running.line('stderr', (line) => line.includes('tunnel up'));
    await running.line('stderr', (line) => line.includes('copied to the clipboard'));
    running.send('SIGINT');
    const { code, stderr, stdout } = await running.ended;
    expect(code).toBe(0);
    const said = stdout + stderr;
    expect(said.split('\n').filter((line) => line.trim() === url)).toHaveLength(1);
    expect(said).toContain('Settings → Webhooks');
    expect(said.split('\n').filter((line) => /^ {4}[█▀▄ ]{20,}$/.test(line)).length).toBeGreaterThan(10);
    expect(readFileSync(join(folder, 'xclip.got'), 'utf8')).toBe(url);
  });

  it('that changes is a record, copied again and told again, with the one before', async () => {
    const told = await startApp();
    const beacon = await startBeacon();
    const folder = programFolder({
      // Both lead to the listener itself: the first, and after that the second.
      mytunnel: `
const { existsSync, writeFileSync } = require('node:fs');
const again = existsSync(__filename + '.ran');
writeFileSync(__filename + '.ran', '');
console.log('http://' + (again ? 'localhost' : '127.0.0.1') + ':' + process.env.PORT);
${beacon.script}`,
      tell: `fetch('${told.url}', { method: 'POST', body: JSON.stringify([process.env.WEBHOOK_PUBLIC_URL, process.env.WEBHOOK_PREVIOUS_URL]) })`,
    });
    const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
    const tunnel = ['--tunnel', 'command', '--tunnel-command', 'mytunnel', '--tunnel-pattern', '.+', '--notify', 'tell'];
    const running = await forward('3000', tunnel, { env });
    await running.record(({ type, state }) => type === 'tunnel' && state === 'up');
    await told.received(1);
    beacon.end();
    await running.record(({ type, state }) => type === 'tunnel' && state === 'changed');
    const port = new URL(running.url).port;
    const [before, after] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    expect((await told.received(2)).map(({ body }) => JSON.parse(body.toString()))).toEqual([
      [before, ''],
      [after, before],
    ]);
    const records = await end(running);
    expect(records.filter(({ type }) => type === 'tunnel')).toEqual([
      { type: 'tunnel', state: 'up', url: before },
      { type: 'tunnel', state: 'down', url: before, reason: expect.stringMatching(/^The tunnel command ended \(0\)\./) },
      { type: 'tunnel', state: 'changed', url: after },
    ]);
    await beacon.gone();
  });

  it('that cannot be copied, and a command that fails: a warning each, and it goes on', async () => {
    const running = await forward('3000', ['--copy', '--notify', 'exit 3'], { env: { PATH: '/usr/bin:/bin' } });
    await running.record(({ code }) => code === 'not_copied');
    const { message } = await running.record(({ code }) => code === 'notify_failed');
    expect(message).toBe('The command of --notify ended with 3.');
    await end(running);
  });
});

describe('signatures over the URL', () => {
  it('hold through a tunnel, and the app is told what was asked for', { timeout: 60_000 }, async () => {
    const server = await startTunnelServer();
    const app = await startApp();
    const secrets = {
      TWILIO_WEBHOOK_SECRET: 'twilio-secret',
      SQUARE_WEBHOOK_SECRET: 'square-secret',
      HUBSPOT_WEBHOOK_SECRET: 'hubspot-secret',
    };
    const running = await forward(`${app.url}/in`, ['--tunnel', '--tunnel-host', server.host], { env: secrets });
    const events = ['twilio/call.completed', 'square/payment.created', 'hubspot/contact.creation'];
    const sent = await run(['trigger', ...events, '--to', `${running.publicUrl}/hooks?shop=1`, '--json'], { env: secrets });
    expect({ code: sent.code, stderr: sent.stderr }).toEqual({ code: 0, stderr: '' });
    const records = await end(running);
    const verdicts = records.flatMap(({ type, delivery }) =>
      type === 'delivery' ? [[delivery.provider, delivery.verdict.status]] : [],
    );
    expect(verdicts).toEqual([
      ['twilio', 'valid'],
      ['square', 'valid'],
      ['hubspot', 'valid'],
    ]);
    expect(app.requests).toHaveLength(3);
    for (const request of app.requests) {
      expect(request.path).toBe('/in?shop=1');
      expect(request.header('x-forwarded-host')).toEqual([new URL(running.publicUrl).host]);
      expect(request.header('x-forwarded-proto')).toEqual(['http']);
      expect(request.header('x-forwarded-for')[0]).toMatch(/127\.0\.0\.1$/);
    }
  });

  it('hold behind a URL of one’s own, whose proxy speaks plain HTTP to us', async () => {
    const app = await startApp();
    const secrets = { SQUARE_WEBHOOK_SECRET: 'square-secret' };
    const event = 'square/payment.created';
    for (const [publicUrl, path] of [
      ['https://hooks.example.com', '/in?x=1'],
      // The URL that was given to the provider, where a proxy takes away its path.
      ['https://hooks.example.com/shop/hooks', '/'],
    ] as const) {
      const running = await forward(app.url, ['--public-url', publicUrl], { env: secrets });
      const url = publicUrl.endsWith('hooks') ? publicUrl : publicUrl + path;
      const built = await run(['trigger', event, '--to', url, '--dry-run', '--json'], { env: secrets });
      const { method, headers, body } = JSON.parse(built.stdout.split('\n')[0] ?? '');
      const without = headers.filter(([name]: [string]) => !/^(host|content-length)$/i.test(name));
      const answer = await send(running.url + path, { method, headers: [['Host', 'hooks.example.com'], ...without], body });
      expect(answer.status).toBe(200);
      const { delivery } = await running.record(({ type }) => type === 'delivery');
      expect(delivery.verdict).toMatchObject({ status: 'valid' });
      const request = app.requests.at(-1);
      expect([request?.header('x-forwarded-proto'), request?.header('x-forwarded-host')]).toEqual([
        ['https'],
        ['hooks.example.com'],
      ]);
      await end(running);
    }
  });
});

describe('the app', () => {
  it.each([
    ['127.0.0.1', true],
    ['::1', hasIpv6],
  ])('is found at localhost where it listens on %s only', async (host, here) => {
    if (!here) return;
    const app = createServer((_request, response) => response.end('found'));
    await new Promise<void>((resolve) => app.listen(0, host, resolve));
    onTestFinished(() => void app.close());
    const { port } = app.address() as AddressInfo;
    const running = await forward(`http://localhost:${port}`);
    expect((await send(running.url, { body: '{}' })).body.toString()).toBe('found');
    await end(running);
  });

  it('that is down is a 502, at once', async () => {
    const running = await forward(`http://localhost:${await freePort()}`, ['--timeout', '10m', '--retry', '5m']);
    expect((await send(running.url, { body: '{}' })).status).toBe(502);
    const { failed } = (await end(running)).at(-1);
    expect(failed).toBe(1);
  });

  it('that asks for patience gets it: --retry and Retry-After', async () => {
    const times: number[] = [];
    const app = await startApp((_request, response) => {
      times.push(performance.now());
      if (times.length === 1) response.writeHead(503, { 'Retry-After': '1' }).end();
      else response.end('ok');
    });
    const running = await forward(app.url, ['--retry', '1ms']);
    expect((await send(running.url, { body: '{}' })).status).toBe(200);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
    const { delivery } = await running.record(({ type }) => type === 'delivery');
    expect(delivery.attempts.map(({ status }: Json) => status)).toEqual([503, 200]);
    await end(running);
  });

  it('with a certificate of its own is trusted where that is asked for, and only there', async () => {
    const app = createHttpsServer({ cert, key }, (_request, response) => response.end('secret place'));
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void app.close());
    const { port } = app.address() as AddressInfo;
    const cwd = temporaryFolder({ 'ca.pem': cert, 'key.pem': key });
    for (const [args, status] of [
      [[], 502],
      [['--insecure'], 200],
      [['--ca', 'ca.pem'], 200],
    ] as const) {
      const running = await forward(`https://localhost:${port}`, args, { cwd });
      expect([args, (await send(running.url, { body: '{}' })).status]).toEqual([args, status]);
      const { delivery } = await running.record(({ type }) => type === 'delivery');
      if (status === 502) expect(delivery.attempts[0].message).toMatch(/not trusted .* --ca <file>; or take any: --insecure\.$/);
      await end(running);
    }
    expect((await run(['forward', '3000', '--ca', 'key.pem', '--public-url', 'https://a.example'], { cwd })).code).toBe(2);
  });
});

describe('--listen-https', () => {
  /** Posts over TLS; null where the certificate is not trusted. */
  function post(url: string, options: { ca?: string; rejectUnauthorized?: boolean }): Promise<number | null> {
    return new Promise((resolve) => {
      const outgoing = httpsRequest(url, { method: 'POST', agent: false, ...options }, (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode ?? null);
      });
      outgoing.on('error', () => resolve(null));
      outgoing.end('{}');
    });
  }

  it('takes a certificate that is given, and the app is told that it was HTTPS', async () => {
    const app = await startApp();
    const cwd = temporaryFolder({ 'cert.pem': cert, 'key.pem': key });
    const running = await forward(app.url, ['--listen-https', '--cert', 'cert.pem', '--key', 'key.pem'], { cwd });
    expect(running.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect([await post(running.url, { ca: cert }), await post(running.url, {})]).toEqual([200, null]);
    expect(app.requests[0]?.header('x-forwarded-proto')).toEqual(['https']);
    await end(running);
  });

  it('makes one where none is given', async () => {
    const app = await startApp();
    const running = await forward(app.url, ['--listen-https']);
    expect([await post(running.url, { rejectUnauthorized: false }), await post(running.url, {})]).toEqual([200, null]);
    expect(running.records).toContainEqual(expect.objectContaining({ type: 'warning', code: 'self_signed' }));
    await end(running);
  });
});

it.each([
  ['https://hooks.example.com', 'https://hooks.example.com/in'],
  ['https://example.com/shop/hooks', 'https://example.com/shop/hooks'],
])('a path of its own makes %s whole: the command beside it is told the same', async (given, shown) => {
  const command = ['--', process.execPath, '-e', "console.error('told ' + process.env.WEBHOOK_PUBLIC_URL)"];
  const running = start(['forward', '3000', '--json', '--port', '0', '--path', '/in', '--public-url', given, ...command]);
  expect((await running.record(({ type }) => type === 'ready')).publicUrl).toBe(shown);
  await running.line('stderr', (line) => line === `told ${shown}`);
  expect((await running.ended).code).toBe(0);
});

it('leaves nothing in the folder but the store', async () => {
  const cwd = temporaryFolder({ 'package.json': '{}' });
  await end(await forward('3000', ['--no-save'], { cwd }));
  expect(existsSync(join(cwd, '.webhook'))).toBe(false);
});
