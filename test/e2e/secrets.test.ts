/** Every command of the packed program, with secrets in all places: none of them comes out anywhere, nor what would forge a delivery. */
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verbs } from '../../src/commands/index.js';
import { type App, startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { startListener } from '../support/listener.js';
import { run, start } from '../support/program.js';
import type { Outcome, RunOptions } from '../support/running.js';
import { send } from '../support/send.js';

/** One for each place that a secret is read from, so that what came out says where it was. */
const CANARIES = {
  environment: 'canaryEnvQ7mZ4tR9wL2x',
  general: 'canaryAnyH3kV8nB5pJ6y',
  config: 'canaryCfgT6dF1sG9cX4z',
  flag: 'canaryArgM2bN7vC5qW8k',
  file: 'canaryFilP4rS9jD3hK6m',
  apiKey: 'c2p_test_canaryKeyU8yE2oI5aL',
  password: 'canaryPasZ1xQ6wB4nM9v',
} as const;
const BODY = '{"id":"wh_canary","event":"order.created","data":{"order":{"total":499.00}}}';
const WRONG = 'ab'.repeat(32);

/** Each spelling of a secret that a careless line might hold. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // In the middle of other text, base64 has three looks; the first and last letters depend on the neighbours.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(2)])
      .toString('base64')
      .slice(4, -8),
  );
  return [secret, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64, [...secret].reverse().join('')];
}

/** The signature a body would need, in each spelling. */
function signatures(body: string): string[] {
  return Object.values(CANARIES).flatMap((secret) =>
    (['hex', 'base64'] as const).map((encoding) => createHmac('sha256', secret).update(body).digest(encoding)),
  );
}

function leaks(text: string | Buffer, where: string, forbidden: readonly string[] = []): string[] {
  const bytes = Buffer.from(text as string);
  const named = Object.entries(CANARIES).flatMap(([place, secret]) =>
    spellings(secret).some((form) => bytes.includes(form)) ? [`${where} holds the secret of ${place}`] : [],
  );
  const forging = forbidden.some((signature) => bytes.includes(signature)) ? [`${where} holds the expected signature`] : [];
  return [...named, ...forging];
}

interface World {
  readonly cwd: string;
  readonly app: App;
  readonly options: RunOptions;
}

/** A project with a secret in every place, and a delivery that was refused and one that was taken in its store. */
async function world(): Promise<World> {
  const app = await startApp((request, response) => {
    // An app that says too much: what was sent to it, but for the secrets, which it never got.
    response.statusCode = request.path.startsWith('/api') ? 401 : 400;
    const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'authorization');
    response.end(`${headers.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${request.body}`);
  });
  const cwd = temporaryFolder({
    'package.json': '{}',
    'webhook.config.json': JSON.stringify({ provider: 'connect2print', secret: CANARIES.config }),
    'secret.txt': `${CANARIES.file}\n`,
    'body.json': BODY,
    'home/empty.txt': '',
  });
  const options: RunOptions = {
    cwd,
    env: {
      CONNECT2PRINT_WEBHOOK_SECRET: CANARIES.environment,
      WEBHOOK_SECRET: CANARIES.general,
      CONNECT2PRINT_API_KEY: CANARIES.apiKey,
      HOME: join(cwd, 'home'),
      XDG_DATA_HOME: join(cwd, 'home'),
    },
  };
  return { cwd, app, options };
}

/** The app's URL, with a user and a password in it. */
const withPassword = ({ url }: App): string => `http://user:${CANARIES.password}@${new URL(url).host}/hooks`;

const FLAGS = ['--secret', CANARIES.flag, '--secret-file', 'secret.txt'];
const SIGNATURE = ['-H', `X-Webhook-Signature: ${WRONG}`];

/** What each command is run with, in this order; one without an entry fails the test. */
const RUNS: Readonly<Record<string, (world: World) => ReadonlyArray<readonly string[]>>> = {
  // These two go on until they are ended: see below.
  listen: () => [],
  forward: () => [],
  trigger: ({ app }) => [
    ['order.created', '--to', withPassword(app), '--save'],
    ['order.created', '--to', app.url, ...FLAGS, '--save', '--debug'],
    ['order.created', '--to', 'http://127.0.0.1:9/', ...FLAGS],
    ['order.created', '--to', app.url, '--dry-run', ...FLAGS],
    ['order.created', '--to', app.url, '--curl', ...FLAGS],
    ['no.such.event', '--to', app.url, ...FLAGS, '--debug'],
  ],
  check: ({ app }) => [
    [app.url, '--timeout', '2s', ...FLAGS],
    [app.url, '--timeout', '2s', '--json'],
  ],
  'test-event': ({ app }) => [
    ['42', '--api-url', `${app.url}/api`, '--debug'],
    ['42', '--api-url', 'http://127.0.0.1:9/api', '--json'],
  ],
  verify: () => [
    ['body.json', ...SIGNATURE],
    ['body.json', ...SIGNATURE, ...FLAGS, '--debug'],
    ['body.json', ...SIGNATURE, '--json'],
    ['body.json', ...FLAGS],
    ['last', '--debug'],
    ['no-such-file', ...FLAGS, '--debug'],
    ['body.json', ...SIGNATURE, `--secrt=${CANARIES.flag}`],
    ['body.json', ...SIGNATURE, '--provider', 'stripe', '--secret', `whsec_${CANARIES.flag}!`],
    ['body.json', ...SIGNATURE, '--provider', 'standard-webhooks', '--secret', `whsec_${CANARIES.flag}!`],
    ['body.json', ...SIGNATURE, '--provider', 'discord', '--secret', CANARIES.flag, '--debug'],
  ],
  sign: () => [['body.json'], ['body.json', ...FLAGS, '--json'], ['body.json', '--provider', 'discord', ...FLAGS, '--debug']],
  list: () => [[], ['--json'], ['--debug', '--limit', 'x']],
  show: () => [['last'], ['last', '--json'], ['last', '--raw'], ['last', '--curl'], ['last', '--show-secrets']],
  diff: () => [['last:2'], ['last:2', '--json'], ['last', '--fixture']],
  replay: ({ app }) => [
    ['last', '--to', app.url, '--resign'],
    ['last', '--to', withPassword(app), '--resign', ...FLAGS, '--json'],
    ['last', '--to', 'http://127.0.0.1:9/', '--debug'],
    ['last', '--to', app.url, '--dry-run', '--resign', ...FLAGS],
  ],
  export: () =>
    ['json', 'har', 'curl', 'http'].flatMap((format) => [
      ['--format', format, '-o', `out/${format}/`],
      ['--format', format],
    ]),
  import: () => [['out/json'], ['body.json', '--debug']],
  prune: () => [
    ['last', '--dry-run'],
    ['last', '--yes'],
  ],
  store: () => [[], ['check'], ['--json']],
  fixtures: () => [
    ['show', 'order.created', '--signed', ...FLAGS],
    ['capture', 'last', '--as', 'order.created', '--debug'],
    ['eject', 'order.updated'],
    ['validate'],
    ['list', '--json'],
  ],
  events: () => [[], ['connect2print', '--json']],
  providers: () => [[], ['connect2print'], ['--json']],
  keys: () => [['connect2print'], ['discord', '-o', 'keys']],
  tunnels: () => [[], ['--json']],
  init: () => [
    ['--provider', 'connect2print', '--app', 'http://localhost:3000', '--debug'],
    ['--provider', 'connect2print', '--app', 'http://localhost:3000', '--force'],
  ],
  completion: () => [['bash'], ['zsh'], ['fish']],
};

/** Where a secret stands because somebody put it there. */
const GIVEN = new Set(['webhook.config.json', 'secret.txt']);

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What was written: the store with its log, exports, keys, whatever else. */
function leaksInFiles(cwd: string, what: string, forbidden: readonly string[] = []): string[] {
  return filesUnder(cwd)
    .filter((path) => !GIVEN.has(path.slice(cwd.length + 1)))
    .flatMap((path) => leaks(readFileSync(path), `${path.slice(cwd.length + 1)} after ${what}`, forbidden));
}

function leaksIn({ stdout, stderr }: Outcome, what: string, forbidden: readonly string[] = []): string[] {
  return [...leaks(stdout, `stdout of ${what}`, forbidden), ...leaks(stderr, `stderr of ${what}`, forbidden)];
}

describe('secrets', () => {
  it('come out of no command, in no output, file, store or stack trace', async () => {
    const place = await world();
    const found: string[] = [];
    expect(Object.keys(RUNS).sort()).toEqual(verbs.map(({ name }) => name).sort());

    for (const [verb, args] of [
      ['listen', ['--print', 'headers,body,response', ...FLAGS, '--forward-to', place.app.url, '--allow-invalid']],
      ['listen', ['--debug', '--print', 'headers,body,response']],
      ['listen', ['--forward-to', withPassword(place.app), '--queue', '--allow-invalid', '--json']],
      [
        'listen',
        [
          '--forward-to',
          'http://user:PASSWORD@127.0.0.1:9/'.replace('PASSWORD', CANARIES.password),
          '--queue',
          '--allow-invalid',
        ],
      ],
      ['forward', [place.app.url, '--public-url', 'https://example.test/hooks', '--json', ...FLAGS]],
    ] as const) {
      const what = `${verb} ${args.length}`;
      const running = start([verb, '--port', '0', ...args], place.options);
      onTestFinished(() => running.send('SIGKILL'));
      const line = await running.line(args.includes('--json' as never) ? 'stdout' : 'stderr', (text) =>
        text.includes('http://127.0.0.1:'),
      );
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
      for (const body of [BODY, BODY.replace('499.00', '499'), 'not json']) {
        const answer = await send(`${url}/hooks`, {
          headers: [
            ['X-Webhook-Signature', WRONG],
            ['X-Webhook-Event', 'order.created'],
          ],
          body,
        });
        found.push(...leaks(JSON.stringify(answer.headers) + answer.body, `the answer of ${what}`, signatures(body)));
        // While it runs, what was kept last stands in the store's log.
        found.push(...leaksInFiles(place.cwd, what, signatures(body)));
      }
      running.send('SIGTERM');
      const outcome = await running.ended;
      expect({ what, code: outcome.code }).toEqual({ what, code: 0 });
      found.push(...leaksIn(outcome, what, signatures(BODY)));
    }

    for (const [name, argsOf] of Object.entries(RUNS)) {
      for (const args of argsOf(place)) {
        const what = [name, ...args].join(' ').slice(0, 60);
        const outcome = await run([name, ...args], place.options);
        expect({ what, bug: outcome.code === 1, said: outcome.stderr.includes('This is a bug') }).toEqual({
          what,
          bug: false,
          said: false,
        });
        // To sign is to show a signature; to judge one is not.
        found.push(...leaksIn(outcome, what, name === 'verify' || name === 'check' ? signatures(BODY) : []));
        found.push(...leaksInFiles(place.cwd, what));
      }
    }
    // What stays in a file is told once, after the command that put it there.
    const first = found.filter(
      (leak, index) => found.findIndex((one) => one.split(' after ')[0] === leak.split(' after ')[0]) === index,
    );
    expect(first).toEqual([]);
  }, 120_000);

  it('are in no message about a config that is wrong', async () => {
    const canary = CANARIES.config;
    const wrong = [
      `{"secret": "${canary}"`,
      `{"secret": "${canary}" "provider": 1}`,
      `{"secret": "${canary}",}`,
      `{"secret": ["${canary}", 5]}`,
      `{"secret": {"value": "${canary}"}}`,
      `{"secrets": "${canary}"}`,
      `{"secret": "\${NOT_SET_ANYWHERE}${canary}"}`,
      `{"secret": "${canary}", "provider": "no-such-provider"}`,
      `{"provider": "stripe", "secret": "whsec_${canary}!"}`,
      `secret: ${canary}\n  provider: x`,
      `secret: "${canary}\nprovider: x`,
    ];
    const found: string[] = [];
    for (const content of wrong) {
      for (const name of content.startsWith('{') ? ['.webhookrc.json', '.webhookrc'] : ['.webhookrc.yaml', '.webhookrc']) {
        const cwd = temporaryFolder({ 'package.json': '{}', [name]: content, 'body.json': BODY });
        const outcome = await run(['verify', 'body.json', ...SIGNATURE, '--debug', '--config', name], { cwd });
        expect([2, 3]).toContain(outcome.code);
        found.push(...leaksIn(outcome, `${name}: ${content.replace(canary, '…')}`));
      }
    }
    expect(found).toEqual([]);
  });

  it('are not in what it prints when it crashes', async () => {
    const { cwd, options } = await world();
    const broken = encodeURIComponent("JSON.parse = () => { throw new TypeError('boom'); };");
    for (const args of [
      ['sign', 'body.json', ...FLAGS],
      ['trigger', 'order.created', '--to', 'http://127.0.0.1:9/', ...FLAGS],
    ]) {
      const env = { ...options.env, NODE_OPTIONS: `--import=data:text/javascript,${broken}` };
      const outcome = await run([...args, '--debug'], { ...options, env });
      expect(outcome.stderr).toMatch(/boom/);
      expect([...leaksIn(outcome, args[0] ?? ''), ...leaksInFiles(cwd, args[0] ?? '')]).toEqual([]);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'are in files that only their owner reads: the store, keys and configs that were written',
    async () => {
      const cwd = temporaryFolder({ 'package.json': '{}' });
      const listener = await startListener(start, [], { cwd });
      await send(`${listener.url}/`, { body: '{}' });
      const modes = (): Record<string, string> =>
        Object.fromEntries(
          readdirSync(cwd, { recursive: true, encoding: 'utf8' })
            .filter((path) => path !== 'package.json')
            .map((path) => [path, (statSync(join(cwd, path)).mode & 0o777).toString(8)]),
        );
      // With its log, as it is while somebody listens.
      expect(modes()).toMatchObject({
        '.webhook': '700',
        '.webhook/deliveries.db': '600',
        '.webhook/deliveries.db-wal': '600',
        '.webhook/deliveries.db-shm': '600',
      });
      await listener.stop();
      await run(['keys', 'discord', '-o', 'keys'], { cwd });
      await run(['init', '--provider', 'connect2print', '--app', 'http://localhost:3000'], { cwd });
      const written = modes();
      expect(written).toMatchObject({ keys: '700', 'webhook.config.json': '600' });
      expect(
        Object.entries(written)
          .filter(([path]) => path.startsWith('keys/'))
          .map(([, mode]) => mode),
      ).toEqual(['600', '600']);
    },
  );
});
