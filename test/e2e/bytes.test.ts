/** One delivery's bytes on their whole way, by the tools that people use: curl, the packed program, cmp. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { startListener } from '../support/listener.js';
import { run, shell, start, startProgram } from '../support/program.js';

const BODIES: Readonly<Record<string, Buffer>> = {
  'numbers as they are spelled': Buffer.from('{"total":499.00,"big":12345678901234567890,"e":1E+2,"neg":-0.0}'),
  'CRLF, and one at the end': Buffer.from('{\r\n  "a": 1\r\n}\r\n'),
  'a byte order mark': Buffer.from('\ufeff{"a":1}'),
  NUL: Buffer.from('{"a":"\0"}\0\0'),
  'invalid UTF-8': Buffer.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x7d]),
  'a key twice, escapes as spelled': Buffer.from('{"a":1,"a":2,"u":"\\u00e9\\/\u2028"}'),
  'no JSON at all': Buffer.from('a=1&b=%20+&payload=%7B%7D'),
  nothing: Buffer.alloc(0),
  'all 256 bytes': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  '20 MB': randomBytes(20_000_000),
};
const hasCurl: boolean = spawnSync('curl', ['--version']).status === 0;

describe.skipIf(!hasCurl)('a delivery sent with curl --data-binary', () => {
  it('is forwarded, kept, shown and replayed byte for byte, whatever it holds', { timeout: 60_000 }, async () => {
    const app = await startApp();
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const listener = await startListener(start, ['--forward-to', app.url], { cwd, timeout: 55_000 });
    for (const [what, body] of Object.entries(BODIES)) {
      writeFileSync(join(cwd, 'body'), body);
      const headers = ['x-ODD-Case: 1', 'X-Twice: a', 'X-Twice: b', 'Content-Type: application/octet-stream', 'Expect:'];
      const url = `${listener.url}/hooks/${encodeURIComponent(what)}?x=1&x=%20&y`;
      const curl = await startProgram(
        'curl',
        ['-sS', '--fail', '--data-binary', '@body', ...headers.flatMap((line) => ['-H', line]), url],
        { cwd },
      ).ended;
      expect(curl, what).toMatchObject({ code: 0, stdout: 'thank you' });
    }
    const count = Object.keys(BODIES).length;
    const told = await listener.deliveries(count);
    await listener.stop();

    const target = await startApp();
    expect((await run(['replay', '--since', '1h', '--to', target.url, '--quiet'], { cwd })).code).toBe(0);
    for (const [index, [what, body]] of Object.entries(BODIES).entries()) {
      const path = `/hooks/${encodeURIComponent(what)}?x=1&x=%20&y`;
      for (const got of [app.requests[index], target.requests[index]]) {
        expect([what, got?.path, got?.body.equals(body)]).toEqual([what, path, true]);
        expect(got?.headers.filter(([name]) => /odd|twice/i.test(name))).toEqual([
          ['x-ODD-Case', '1'],
          ['X-Twice', 'a'],
          ['X-Twice', 'b'],
        ]);
      }
      const shown = await shell(`webhook show ${told[index].id} --body > shown`, { cwd }).ended;
      expect(shown, what).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(join(cwd, 'shown')).equals(body), what).toBe(true);
    }
  });

  it('is the body alone, chunked or not; compressed it is kept as it came and shown decoded', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}', body: '{"total":499.00}\r\n', zipped: gzipSync('{"total":499.00}') });
    const app = await startApp();
    const listener = await startListener(start, ['--forward-to', app.url], { cwd });
    const curl = (...args: string[]): Promise<unknown> =>
      startProgram('curl', ['-sS', '--fail', ...args, listener.url], { cwd }).ended;
    await curl('-H', 'Transfer-Encoding: chunked', '--data-binary', '@body');
    await curl('-H', 'Content-Encoding: gzip', '-H', 'Content-Type: application/json', '--data-binary', '@zipped');
    const [chunked, zipped] = await listener.deliveries(2);
    await listener.stop();
    expect(chunked.request.body).toBe('{"total":499.00}\r\n');
    expect(gunzipSync(Buffer.from(zipped.request.body, 'base64')).toString()).toBe('{"total":499.00}');
    expect(app.requests.map(({ body }) => body)).toEqual([readFileSync(join(cwd, 'body')), readFileSync(join(cwd, 'zipped'))]);
    expect(app.requests[1]?.header('content-encoding')).toEqual(['gzip']);
    expect((await run(['show', zipped.id, '--body'], { cwd })).bytes).toEqual(readFileSync(join(cwd, 'zipped')));
    expect((await run(['show', zipped.id], { cwd })).stdout).toMatch(/gzip[\s\S]*"total": 499\.00/);
  });

  it('is sent once more, the same, by the curl that show, replay and trigger print', async () => {
    const app = await startApp();
    const bytes = Buffer.concat([Buffer.from('it\'s $HOME `x` \\ "q" %s\r\n@file\0'), Buffer.from([0xff, 0x80])]);
    const cwd = temporaryFolder({ 'package.json': '{}', body: bytes });
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: 'a secret' };
    const listener = await startListener(start, [], { cwd });
    await startProgram(
      'curl',
      [
        '-sS',
        '-X',
        'PUT',
        '--data-binary',
        '@body',
        '-H',
        "X-Odd: it's $HOME",
        '-H',
        'X-Twice: a',
        '-H',
        'X-Twice: b',
        `${listener.url}/a%20b?x='1'&y=$Z`,
      ],
      { cwd },
    ).ended;
    const { id } = await listener.delivery();
    await listener.stop();
    const sent = async (line: string): Promise<void> => {
      const printed = await shell(`${line} > command && sh ./command`, { cwd, env }).ended;
      expect(printed, line).toMatchObject({ code: 0 });
    };
    await sent(`webhook show ${id} --curl | sed 's#${listener.url}#${app.url}#'`);
    await sent(`webhook replay ${id} --to ${app.url} --curl`);
    for (const got of app.requests) {
      expect([got.method, got.path, got.body]).toEqual(['PUT', "/a%20b?x='1'&y=$Z", bytes]);
      expect(got.headers.filter(([name]) => /^x-/i.test(name))).toEqual([
        ['X-Odd', "it's $HOME"],
        ['X-Twice', 'a'],
        ['X-Twice', 'b'],
      ]);
    }
    expect(app.requests).toHaveLength(2);
    await sent(`webhook trigger connect2print/order.created --to ${app.url} --curl`);
    const signed = app.requests[2];
    writeFileSync(join(cwd, 'signed'), signed?.body ?? '');
    const signature = signed?.header('x-webhook-signature')[0] ?? '';
    expect((await run(['verify', 'signed', '--provider', 'connect2print', '--signature', signature], { cwd, env })).code).toBe(0);
  });
});
