import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type App, type AppAnswer, startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { type InvokeOptions, invoke, startHere } from '../support/invoke.js';
import { ndjson, type Outcome } from '../support/running.js';

const KEY = 'c2p_test_0123456789abcdef';
const LIVE = 'c2p_live_0123456789abcdef';
const SECRET = 'a secret that nobody guesses';

/** Asks an API of its own for a test event of webhook 42. Wherever it ends, the key was shown nowhere. */
async function asked(
  args: readonly string[] = [],
  options: InvokeOptions & { answer?: AppAnswer; key?: string } = {},
): Promise<{ app: App; outcome: Outcome }> {
  const app = await startApp(options.answer);
  const key = options.key ?? KEY;
  const outcome = await invoke(['test-event', '42', '--api-url', app.url, ...args], {
    ...options,
    env: { CONNECT2PRINT_API_KEY: key, ...options.env },
  });
  if (key !== '') expect(outcome.stdout + outcome.stderr).not.toContain(key);
  return { app, outcome };
}

describe('test-event', () => {
  it('has the provider send its test event', async () => {
    const { app, outcome } = await asked(['--json']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(ndjson(outcome.stdout)).toEqual([
      {
        type: 'test_event',
        provider: 'connect2print',
        webhook: '42',
        url: `${app.url}/api/v1/webhooks/42/test`,
        status: 200,
        mode: 'test',
      },
    ]);
    const [request] = app.requests;
    expect([request?.method, request?.path]).toEqual(['POST', '/api/v1/webhooks/42/test']);
    expect(request?.header('authorization')).toEqual([`Bearer ${KEY}`]);
    expect((await asked()).outcome.stderr).toContain('took the request for a test event to webhook 42 (200).');
  });

  it('takes key and address from the config, and expands the key only here', async () => {
    const app = await startApp();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a config names an environment variable
    const config = { api: { connect2print: { url: app.url, key: '${PRINT_KEY}' } } };
    const cwd = temporaryFolder({ 'webhook.config.json': JSON.stringify(config) });
    expect((await invoke(['test-event', '42'], { cwd, env: { PRINT_KEY: KEY } })).code).toBe(0);
    expect(app.requests[0]?.header('authorization')).toEqual([`Bearer ${KEY}`]);
    expect((await invoke(['providers', '--json'], { cwd })).code).toBe(0);
    const unset = await invoke(['test-event', '42'], { cwd });
    expect([unset.code, unset.stderr]).toEqual([
      2,
      expect.stringContaining('api.connect2print.key needs the environment variable'),
    ]);
    const own = await startApp();
    const env = { CONNECT2PRINT_API_KEY: `${KEY}x`, CONNECT2PRINT_API_URL: own.url };
    expect((await invoke(['test-event', '42'], { cwd, env })).code).toBe(0);
    expect(own.requests[0]?.header('authorization')).toEqual([`Bearer ${KEY}x`]);
  });

  it('asks for --yes with a live key, where there is nobody to ask', async () => {
    const refused = await asked([], { key: LIVE });
    expect(refused.outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --yes') });
    expect(refused.app.requests).toEqual([]);
    expect((await asked(['--yes'], { key: LIVE })).outcome.code).toBe(0);
  });

  it.each<[string, readonly string[], InvokeOptions & { key?: string }, string]>([
    ['no key', [], { key: '' }, 'There is no API key.'],
    ['another service’s key', [], { key: 'sk_live_0123456789' }, 'does not begin with c2p_test_ or c2p_live_'],
    ['a signing secret', [], { key: 'whsec_0123456789' }, 'Is it a signing secret'],
    ['plain http', ['--api-url', 'http://print.example'], {}, 'plain http: the API key could be read on its way'],
    ['a password in the address', ['--api-url', 'https://a:b@print.example'], {}, 'has a password, a query or a fragment'],
    ['a provider without one', ['--provider', 'stripe'], {}, 'Stripe has no API for test events'],
    ['no store to look into', ['--wait-for', '1s'], {}, 'Nothing has been kept yet'],
    ['no duration', ['--wait-for', 'soon'], {}, 'Write it like'],
  ])('sends nothing: %s', async (_, args, options, said) => {
    const { app, outcome } = await asked(args, options);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
    expect(app.requests).toEqual([]);
  });

  it.each<[number, Record<string, string>, string]>([
    [401, {}, 'does not accept the API key'],
    [403, {}, 'webhooks:write'],
    [404, {}, "no webhook '42'"],
    [429, { 'Retry-After': '30' }, 'Try again in 30 s.'],
    [503, {}, 'try again later'],
  ])('says what %i means', async (status, headers, said) => {
    const { outcome } = await asked([], { answer: (_request, response) => response.writeHead(status, headers).end(KEY) });
    expect(outcome).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining(said) });
  });

  it('carries the key to no other address', async () => {
    const elsewhere = await startApp();
    const answer: AppAnswer = (_request, response) => response.writeHead(307, { Location: elsewhere.url }).end();
    const { outcome } = await asked([], { answer });
    expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('which is not followed') });
    expect(elsewhere.requests).toEqual([]);
  });

  it('says that the API is not there, or does not answer', async () => {
    const app = await startApp();
    await app.close();
    const gone = await asked(['--api-url', app.url]);
    expect(gone.outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('connection refused') });
    const slow = await asked(['--timeout', '50ms'], { answer: () => {} });
    expect(slow.outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('did not answer within 50 ms') });
  });
});

describe('test-event --wait-for', () => {
  /** A running listener, and an API that sends to it what it is told to. */
  async function project(signature: (body: string) => string) {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET };
    const listener = startHere(['listen', '--port', '0', '--json', '--provider', 'connect2print'], { cwd, env });
    const { url } = JSON.parse(await listener.line('stdout', (text) => text.includes('"ready"')));
    const answer: AppAnswer = (_request, response) => {
      const body = '{"id":"wh_test1","event":"webhook.test","timestamp":"2026-11-22T14:00:00Z","data":{}}';
      response.writeHead(202).end();
      void fetch(url, { method: 'POST', body, headers: { 'X-Webhook-Signature': signature(body) } });
    };
    return { cwd, answer, end: () => listener.send('SIGINT') };
  }

  const sign = (body: string): string => createHmac('sha256', SECRET).update(body).digest('hex');

  it('waits until a listener has it, and shows the verdict', async () => {
    const { cwd, answer, end } = await project(sign);
    // Longer than a timer can be set for.
    const { outcome } = await asked(['--wait-for', '30d', '--json'], { cwd, answer });
    end();
    const [, record] = ndjson(outcome.stdout);
    expect(record).toMatchObject({ type: 'delivery', delivery: { event: 'webhook.test', verdict: { status: 'valid' } } });
    expect(outcome.code).toBe(0);
  });

  it('ends with 3 where it is not genuine', async () => {
    const { cwd, answer, end } = await project(() => '00'.repeat(32));
    const { outcome } = await asked(['--wait-for', '20s'], { cwd, answer });
    end();
    expect(outcome).toMatchObject({ code: 3, stdout: expect.stringContaining('webhook.test') });
  });

  it('ends with 4 where it does not come', async () => {
    const { cwd, end } = await project(sign);
    const { outcome } = await asked(['--wait-for', '50ms'], { cwd });
    end();
    expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('did not arrive within 50 ms') });
  });
});
