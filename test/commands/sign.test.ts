import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { ndjson } from '../support/running.js';

const SECRET = 'a secret that nobody guesses';
const WITH_SECRET = { env: { CONNECT2PRINT_WEBHOOK_SECRET: SECRET } };
const hexOf = (body: string | Uint8Array): string => createHmac('sha256', SECRET).update(body).digest('hex');

describe('sign', () => {
  it.each([
    ['JSON', '{"total":499.00}\r\n'],
    ['nothing', ''],
    ['a BOM and a NUL', '\ufeff{}\0'],
    ['bytes of no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['what looks like an HTTP message', 'POST / HTTP/1.1\r\nHost: a\r\n\r\n{}'],
  ])('signs the bytes as they are: %s, from a file and from a pipe', async (_what, body) => {
    const cwd = temporaryFolder({ body });
    const args = ['sign', '--provider', 'connect2print'];
    const file = await invoke([...args, 'body'], { cwd, ...WITH_SECRET });
    expect(file).toMatchObject({ code: 0, stdout: `X-Webhook-Signature: ${hexOf(body)}\n`, stderr: '' });
    const pipe = await invoke([...args, '-', '--json'], { input: body, ...WITH_SECRET });
    expect(ndjson(pipe.stdout)).toEqual([{ headers: [['X-Webhook-Signature', hexOf(body)]] }]);
  });

  it('makes the published signature with the id and time that are given', async () => {
    // https://github.com/standard-webhooks/standard-webhooks, in each of its libraries' tests.
    const args = ['--provider', 'standard-webhooks', '--id', 'msg_p5jXN8AQM9LWM0D4loKWxJek', '--timestamp', '1614265330'];
    const { stdout } = await invoke(['sign', '-', ...args], {
      input: '{"test": 2432232314}',
      env: { STANDARD_WEBHOOKS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    });
    expect(stdout.split('\n')).toContain('webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('takes the secret from a file, a flag, the environment and the config, in that order', async () => {
    const cwd = temporaryFolder({
      body: '{}',
      secret: 'of a file\n',
      'webhook.config.json': `{"provider":"connect2print","secret":"\${MINE}"}`,
    });
    const signed = async (args: readonly string[], env: Record<string, string>): Promise<string> =>
      (await invoke(['sign', 'body', ...args], { cwd, env: { MINE: 'of the config', ...env } })).stdout.trim().split(' ')[1] ??
      '';
    const by = (secret: string): string => createHmac('sha256', secret).update('{}').digest('hex');
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: 'of the provider', WEBHOOK_SECRET: 'of any' };
    expect(await signed([], {})).toBe(by('of the config'));
    expect(await signed([], { WEBHOOK_SECRET: env.WEBHOOK_SECRET })).toBe(by('of any'));
    expect(await signed([], env)).toBe(by('of the provider'));
    expect(await signed(['--secret', 'of a flag'], env)).toBe(by('of a flag'));
    expect(await signed(['--secret-file', 'secret'], env)).toBe(by('of a file'));
  });

  it.each([
    [['absent', '--provider', 'connect2print'], /There is no file 'absent'/],
    [['.', '--provider', 'connect2print'], /is a folder/],
    [['body'], /--provider <name>/],
    [['body', '--provider', 'conect2print'], /Did you mean connect2print/],
    [['body', '--provider', 'standard-webhooks'], /STANDARD_WEBHOOKS_WEBHOOK_SECRET/],
    [['body', '--provider', 'standard-webhooks', '--secret', 'whsec_!'], /whsec_ followed by base64/],
    [['body', '--provider', 'connect2print', '--timestamp', 'soon'], /not a time/],
    [[], /Missing required argument/],
  ])('%j: exit 2, a sentence and a next step', async (args, said) => {
    const cwd = temporaryFolder({ body: '{}' });
    const { code, stdout, stderr } = await invoke(['sign', ...args], { cwd, ...WITH_SECRET });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
    expect(stderr).toMatch(said);
  });
});
