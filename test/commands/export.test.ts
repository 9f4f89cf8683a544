import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/delivery/delivery.js';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import { refused, responded } from '../io/store/samples.js';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { ndjson } from '../support/running.js';

const request = (body: string | Uint8Array, host = 'example.com'): Delivery['request'] => ({
  method: 'POST',
  path: '/hooks?token=canary',
  headers: [
    ['Host', host],
    ['X-Webhook-Signature', 'c0ffee'],
    ['X-Twice', 'a'],
    ['x-twice', 'b'],
  ],
  body: Buffer.from(body as string),
});
const jsonOf = (deliveries: readonly Delivery[]): unknown => JSON.parse(JSON.stringify(deliveries.map(deliveryToJson)));

describe('export', () => {
  it('is a list of whole deliveries, oldest first, of what was selected', async () => {
    const { cwd, kept } = await projectWith(
      { event: 'a.b', attempts: [responded(200), refused()] },
      { event: 'c.d' },
      { event: 'a.b', request: request(Uint8Array.of(0xff)) },
    );
    const { code, stdout } = await invoke(['export', '--event', 'a.*'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(jsonOf(kept.filter(({ event }) => event === 'a.b')));
    expect(stdout).toContain('\n        ["X-Twice", "a"],\n        ["x-twice", "b"]\n');
  });

  it('is NDJSON with --json', async () => {
    const { cwd, kept } = await projectWith({}, {});
    const { stdout } = await invoke(['export', '--json'], { cwd });
    expect(ndjson(stdout)).toEqual(jsonOf(kept));
  });

  it('writes a file for each into a folder, and again only what is new', async () => {
    const { cwd, kept } = await projectWith({ event: 'order.created' }, { event: '../../etc/passwd' }, { event: null });
    const first = await invoke(['export', 'last:2', '-o', 'out/', '--json'], { cwd });
    expect(ndjson(first.stdout)).toEqual([{ type: 'exported', path: 'out/', format: 'json', deliveries: 2, unchanged: 0 }]);
    const again = await invoke(['export', '-o', 'out'], { cwd });
    expect(again.stderr).toContain('Exported 3 deliveries to out (2 of them there already).');
    const names = [`${kept[0]?.id}-order.created.json`, `${kept[1]?.id}-etc-passwd.json`, `${kept[2]?.id}.json`];
    expect(readdirSync(join(cwd, 'out'))).toEqual(names);
    expect(names.map((name) => JSON.parse(readFileSync(join(cwd, 'out', name), 'utf8')))).toEqual(jsonOf(kept));
  });

  it('overwrites nothing without --force', async () => {
    const { cwd } = await projectWith({ event: 'order.created' });
    writeFileSync(join(cwd, 'a.json'), 'mine');
    const refusal = await invoke(['export', '-o', 'a.json'], { cwd });
    expect([refusal.code, refusal.stderr]).toEqual([2, expect.stringContaining("'a.json' is already there")]);
    expect(readFileSync(join(cwd, 'a.json'), 'utf8')).toBe('mine');
    await invoke(['export', '-o', 'out/'], { cwd });
    const [name = ''] = readdirSync(join(cwd, 'out'));
    writeFileSync(join(cwd, 'out', name), 'mine');
    expect((await invoke(['export', '-o', 'out/'], { cwd })).code).toBe(2);
    expect(readFileSync(join(cwd, 'out', name), 'utf8')).toBe('mine');
    expect((await invoke(['export', '-o', 'out/', '--force'], { cwd })).code).toBe(0);
    expect((await invoke(['export', '-o', 'a.json', '--force'], { cwd })).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8'))).toHaveLength(1);
  });

  it('leaves no file where it is interrupted, and says so', async () => {
    const { cwd } = await projectWith({}, {});
    for (const [output, said] of [
      ['all.json', 'error: Interrupted: all.json is not written.\n'],
      ['all.har', 'error: Interrupted: all.har is not written.\n'],
      ['all/', 'error: Interrupted after 0 deliveries to all/.\n       Run it again for the rest.\n'],
    ] as const) {
      const running = startHere(['export', '-o', output], { cwd });
      running.send('SIGINT');
      expect(await running.ended).toMatchObject({ code: 130, stderr: said });
    }
    expect(readdirSync(cwd, { recursive: true }).filter((name) => /\.tmp$|^all/.test(String(name)))).toEqual([]);
  });

  it('leaves no file where nothing was selected', async () => {
    const { cwd } = await projectWith({ event: 'order.created' });
    const { code, stderr } = await invoke(['export', '--event', 'none', '-o', 'a.json'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('The one kept delivery does not match.')]);
    expect(readdirSync(cwd)).toEqual(['.webhook', 'package.json']);
  });

  it('leaves secrets out of an HTTP Archive, unless asked', async () => {
    const { cwd } = await projectWith({ request: request('{"a":1}') }, { request: request('{"a":2}') });
    const { code } = await invoke(['export', '-o', 'a.har'], { cwd });
    const text = readFileSync(join(cwd, 'a.har'), 'utf8');
    expect([code, /canary|c0ffee/.test(text)]).toEqual([0, false]);
    expect(JSON.parse(text).log.entries).toHaveLength(2);
    const { stdout } = await invoke(['export', '--format', 'har', '--show-secrets'], { cwd });
    expect(stdout).toMatch(/c0ffee/);
    expect(JSON.parse(stdout).log.entries[0].request.url).toBe('https://example.com/hooks?token=canary');
    expect(ndjson((await invoke(['export', '--format', 'har', '--json'], { cwd })).stdout)).toHaveLength(1);
  });

  it('leaves out of an HTTP Archive what of a body is a secret by the provider’s own account', async () => {
    const slack = { ...request('{"token":"canary","type":"event_callback"}'), path: '/hooks' };
    const { cwd } = await projectWith({ provider: 'slack', request: slack });
    const textOf = async (...args: string[]) =>
      JSON.parse((await invoke(['export', '--format', 'har', ...args], { cwd })).stdout).log.entries[0].request.postData.text;
    expect(await textOf()).toBe('{"token":"[redacted]","type":"event_callback"}');
    expect(await textOf('--show-secrets')).toBe('{"token":"canary","type":"event_callback"}');
  });

  it('leaves out of an HTTP Archive what a body or an answer calls a secret, whoever sent it', async () => {
    const body = Buffer.from('{"token":"canary","n":499.00}');
    const { cwd } = await projectWith({
      provider: null,
      request: { ...request('{"password":"canary","n":499.00}'), path: '/hooks', headers: [] },
      response: { status: 200, headers: [['Content-Type', 'application/json']], body, durationMs: 1 },
    });
    const entryOf = async (...flags: string[]) =>
      JSON.parse((await invoke(['export', '--format', 'har', ...flags], { cwd })).stdout).log.entries[0];
    const hidden = await entryOf();
    expect(hidden.request.postData.text).toBe('{"password":"[redacted]","n":499.00}');
    expect(hidden.response.content).toMatchObject({ text: '{"token":"[redacted]","n":499.00}', size: body.length });
    expect(JSON.stringify(await entryOf('--show-secrets')).match(/canary/g)).toHaveLength(2);
  });

  it('leaves secrets out of compressed bodies of an HTTP Archive', async () => {
    const body = gzipSync('{"event":"recording.completed","download_token":"canary"}');
    const headers: Delivery['request']['headers'] = [['Content-Encoding', 'gzip']];
    const { cwd } = await projectWith({ request: { ...request(''), path: '/', headers, body } });
    const posted = async (...flags: string[]): Promise<Record<string, string>> => {
      const { stdout } = await invoke(['export', '--format', 'har', ...flags], { cwd });
      return JSON.parse(stdout).log.entries[0].request.postData;
    };
    expect(await posted()).toMatchObject({
      text: '{"event":"recording.completed","download_token":"[redacted]"}',
      comment: 'The body was sent encoded (gzip); it is decoded here, as secrets are left out of it.',
    });
    expect(await posted('--show-secrets')).toMatchObject({ text: body.toString('base64'), _encoding: 'base64' });
  });

  it('writes an HTTP message to the byte, and several only into a folder', async () => {
    const { cwd } = await projectWith({ request: request('first') }, { request: request(Uint8Array.of(0, 0xff)) });
    const { bytes } = await invoke(['export', 'last', '--format', 'http'], { cwd });
    expect(bytes.subarray(-6)).toEqual(Buffer.from('\r\n\r\n\0\xff', 'latin1'));
    expect(bytes.toString('latin1')).toMatch(/^POST \/hooks\?token=canary HTTP\/1\.1\r\nHost: example\.com\r\n/);
    const several = await invoke(['export', '-o', 'a.http'], { cwd });
    expect([several.code, several.stderr, existsSync(join(cwd, 'a.http'))]).toEqual([
      2,
      expect.stringContaining('-o messages/'),
      false,
    ]);
    expect((await invoke(['export', '-o', 'out/', '--format', 'http'], { cwd })).code).toBe(0);
    expect(readdirSync(join(cwd, 'out'))).toHaveLength(2);
  });

  it('takes deliveries from files', async () => {
    const { cwd, kept } = await projectWith({}, {});
    await invoke(['export', '-o', 'a.json'], { cwd });
    const { stdout } = await invoke(['export', 'a.json', '--json'], { cwd: cwd, env: { WEBHOOK_STORE: 'none.db' } });
    expect(ndjson(stdout)).toEqual(jsonOf(kept));
  });

  it.each([
    [['export', '--format', 'xml'], '--format is json, har, curl or http'],
    [['export', 'a.json', 'last'], 'Files and ids of kept deliveries cannot be mixed.'],
    [['export', 'a.json', '--failed'], 'What is in files is taken whole'],
    [['export', 'none.json'], "There is no file 'none.json'."],
  ])('%j is refused with a sentence', async (args, message) => {
    const { code, stderr } = await invoke(args, { cwd: temporaryFolder({ 'a.json': '[]' }) });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

const curl = spawnSync('curl', ['--version']).status === 0 && spawnSync('sh', ['-c', ':']).status === 0;
if (!curl) console.warn('SKIPPED: curl or sh is not here, so that exported scripts were not run.');

it.skipIf(!curl)('export --format curl is a script that sends the same bytes, in order', async () => {
  const app = await startApp();
  const bodies = [
    '{"a":"it\'s $HOME `x` \\\\ %s"}\r\n',
    '@file',
    Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    '',
  ];
  const host = new URL(app.url).host;
  const { cwd, kept } = await projectWith(
    ...bodies.map((body, index) => ({ event: index === 0 ? 'a\n rm -rf b' : 'order.created', request: request(body, host) })),
  );
  await invoke(['export', '-o', 'all.sh'], { cwd });
  await promisify(execFile)('sh', ['all.sh'], { cwd });
  expect(app.requests.map(({ body }) => body)).toEqual(kept.map((delivery) => Buffer.from(delivery.request.body)));
  expect(app.requests.map(({ path, header }) => [path, header('x-twice')])).toEqual(
    kept.map(() => ['/hooks?token=canary', ['a', 'b']]),
  );
  const elsewhere = await invoke(['export', 'last', '--format', 'curl', '--to', 'http://localhost:1/there'], { cwd });
  expect(elsewhere.stdout).toContain("'http://localhost:1/there?token=canary'");
});
