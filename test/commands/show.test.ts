import { describe, expect, it } from 'vitest';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import { refused, responded } from '../io/store/samples.js';
import { invoke } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { DRIVES_A_TERMINAL, ndjson } from '../support/running.js';

const BYTES = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x00, 0x0d, 0x0a, 0xff, 0xfe, 0x1b, 0x5b, 0x33, 0x31, 0x6d]);
const HEADERS = [
  ['Content-Type', 'application/json'],
  ['x-ODD-Case', '1'],
  ['X-Twice', 'a'],
  ['X-Twice', 'b'],
  ['X-Webhook-Signature', 'c0ffee'],
  ['Authorization', 'Bearer canary'],
  ['Cookie', 'session=canary'],
] as const;
const raw = { method: 'PUT', path: '/hooks?x=1', headers: HEADERS, body: BYTES };

describe('show', () => {
  it.each(['last', 'the id', 'a prefix', 'nothing'])('shows the newest by %s', async (by) => {
    const { cwd, kept } = await projectWith({ event: 'first.one' }, { event: 'second.one' });
    const id = kept[1]?.id ?? '';
    const args = { last: ['last'], 'the id': [id], 'a prefix': [id.slice(4)], nothing: [] }[by] ?? [];
    const { code, stdout } = await invoke(['show', ...args], { cwd });
    expect([code, stdout.includes('second.one'), stdout.includes('first.one')]).toEqual([0, true, false]);
    expect(stdout).toContain(id);
  });

  it('--body is the exact bytes, also of several one after another', async () => {
    const { cwd } = await projectWith({ request: raw }, { request: { ...raw, body: Buffer.from('second') } });
    const one = await invoke(['show', 'last:1', '--body'], { cwd });
    expect(one.bytes).toEqual(Buffer.from('second'));
    const both = await invoke(['show', 'last:2', '--body'], { cwd });
    expect(both.bytes).toEqual(Buffer.concat([BYTES, Buffer.from('second')]));
  });

  it('--raw is the request as it would stand on the wire', async () => {
    const { cwd } = await projectWith({ request: raw });
    const { bytes } = await invoke(['show', '--raw'], { cwd });
    const head = `PUT /hooks?x=1 HTTP/1.1\r\n${HEADERS.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    expect(bytes).toEqual(Buffer.concat([Buffer.from(head), BYTES]));
  });

  it('--json is the delivery, with all that is known of it', async () => {
    const { cwd, kept } = await projectWith({ request: raw, attempts: [responded(200), refused()] });
    const { stdout } = await invoke(['show', '--json'], { cwd });
    const [told] = ndjson(stdout);
    expect(told).toEqual(JSON.parse(JSON.stringify(deliveryToJson(kept[0] as (typeof kept)[number]))));
    expect([told.request.bodyEncoding, Buffer.from(told.request.body, 'base64')]).toEqual(['base64', BYTES]);
  });

  it('--json holds the bytes that --body and --raw write', async () => {
    const { cwd, kept } = await projectWith({ request: raw });
    const [body] = ndjson((await invoke(['show', '--body', '--json'], { cwd })).stdout);
    expect(body).toEqual({ type: 'body', id: kept[0]?.id, body: BYTES.toString('base64'), bodyEncoding: 'base64' });
    const [message] = ndjson((await invoke(['show', '--raw', '--json'], { cwd })).stdout);
    expect(message).toMatchObject({ type: 'http', id: kept[0]?.id });
    const plain = await invoke(['show', '--raw'], { cwd });
    expect(Buffer.from(message.body, message.bodyEncoding)).toEqual(plain.bytes);
  });

  it('parts one delivery from the next', async () => {
    const { cwd, kept } = await projectWith({ request: raw }, { request: raw });
    const { stdout } = await invoke(['show', 'last:2'], { cwd });
    expect(stdout).toContain(`\n\n  ${kept[1]?.id}\n`);
    expect(stdout.startsWith(`  ${kept[0]?.id}\n`)).toBe(true);
  });

  it('hides what signs and authorises from a person, unless asked', async () => {
    const { cwd } = await projectWith({ request: raw });
    const hidden = await invoke(['show'], { cwd });
    expect(hidden.stdout).not.toMatch(/canary|c0ffee/);
    expect(hidden.stdout).toContain('X-Webhook-Signature: [redacted]');
    const shown = await invoke(['show', '--show-secrets'], { cwd });
    expect(shown.stdout).toMatch(/Bearer canary[\s\S]*session=canary/);
    expect(shown.stdout).toContain('X-Webhook-Signature: c0ffee');
  });

  it('hides what else of the path and of the body is a secret by the provider’s own account', async () => {
    const path = '/hooks?token=canary&x=1';
    const headers = [['X-Slack-Signature', 'v0=c0ffee']] as const;
    const request = (body: string) => ({ method: 'POST', path, headers, body: Buffer.from(body) });
    const { cwd } = await projectWith(
      { provider: 'slack', request: request('{"token":"canary","type":"event_callback"}') },
      { provider: 'slack', request: request('token=canary&command=%2Fprint') },
    );
    for (const which of ['last:1', 'last:2']) {
      const hidden = await invoke(['show', which], { cwd });
      expect(hidden.stdout).not.toMatch(/canary|c0ffee/);
      expect(hidden.stdout).toContain('POST /hooks?token=[redacted]&x=1');
      const shown = await invoke(['show', which, '--show-secrets'], { cwd });
      expect(shown.stdout.match(/canary/g)).toHaveLength(which === 'last:1' ? 2 : 4);
    }
    const { stdout } = await invoke(['show', 'last:2'], { cwd });
    expect(stdout).toContain('"token": "[redacted]"');
    expect(stdout).toContain('token=[redacted]&command=%2Fprint');
  });

  it('lets no byte from outside drive the terminal', async () => {
    const evil = '\u001b]0;owned\u0007\u009b31m\u202e';
    const { cwd } = await projectWith({
      event: evil,
      eventId: evil,
      request: {
        method: 'POST',
        path: '/\u001b[2J',
        headers: [['X-Evil', '\u009b31m']],
        body: Buffer.from(`{"a":"${evil}"}`),
      },
      attempts: [
        Object.assign(responded(200, evil), { headers: [['X-Evil', '\u009b31m']] }),
        Object.assign(refused(), { message: `it said ${evil}.` }),
      ],
    });
    for (const args of [['show'], ['list'], ['show', '--show-secrets'], ['list', '--json'], ['show', '--json']]) {
      for (const options of [{ cwd }, { cwd, columns: 80 }]) {
        const { stdout, stderr } = await invoke([...args, '--no-color'], options);
        expect(stdout + stderr).not.toMatch(DRIVES_A_TERMINAL);
      }
    }
    const curl = await invoke(['show', '--curl'], { cwd, columns: 80 });
    expect(curl.stdout).not.toMatch(DRIVES_A_TERMINAL);
  });

  it('shows a body that is binary, empty or compressed for what it is', async () => {
    const { gzipSync } = await import('node:zlib');
    const zipped = {
      ...raw,
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Encoding', 'gzip'],
      ] as const,
      body: gzipSync('{"total":499.00}'),
    };
    const { cwd } = await projectWith(
      { request: zipped },
      { request: { ...raw, body: Buffer.alloc(0) } },
      { request: { ...raw, headers: [], body: Buffer.from([0, 1, 2, 0xff]) } },
    );
    const [first, second, third] = await Promise.all(
      ['last:3', 'last:2', 'last:1'].map((one) => invoke(['show', one, '--limit', '3'], { cwd })),
    );
    expect(first?.stdout).toMatch(/gzip[\s\S]*"total": 499\.00/);
    expect(second?.stdout).toMatch(/empty/i);
    expect(third?.stdout).toMatch(/00 01 02 ff/);
    // Kept and given as it was sent.
    const body = await invoke(['show', 'last:3', '--body'], { cwd });
    expect(body.bytes.subarray(0, zipped.body.length)).toEqual(zipped.body);
  });

  it('--curl is a command that goes to where the request came', async () => {
    const { cwd } = await projectWith({ request: { ...raw, headers: [['Host', 'localhost:4400'], ...HEADERS] } });
    const { stdout } = await invoke(['show', '--curl'], { cwd });
    expect(stdout).toContain("curl -X PUT 'http://localhost:4400/hooks?x=1'");
    const [told] = ndjson((await invoke(['show', '--curl', '--json'], { cwd })).stdout);
    expect(told).toEqual({ type: 'curl', command: stdout.trimEnd() });
  });

  it.each([
    [['--body', '--raw'], /--body, --curl and --raw/],
    [['nope'], /nope/],
    [['--event', 'no.such'], /webhook list/],
    [['--bdy'], /--body/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, said) => {
    const { cwd } = await projectWith({});
    const { code, stdout, stderr } = await invoke(['show', ...args], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
    expect(stderr).toMatch(said);
  });
});
