/** README, from top to bottom, as a newcomer types it: every command it shows is run, with only the addresses changed. */
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../src/commands/index.js';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { packedProject, shell } from '../support/program.js';
import type { Outcome, Running } from '../support/running.js';
import { startTunnelServer } from '../support/tunnel-server.js';

const root: string = fileURLToPath(new URL('../..', import.meta.url));
const readme: string = readFileSync(join(root, 'README.md'), 'utf8');
const prose: string = readme.replace(/```[\s\S]*?```/g, '');
const spans: string[] = [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '));
const commands: string[] = [
  ...[...prose.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = '']) => line),
  ...spans.filter((span) => /^(webhook|npx webhook-cli) [a-z]/.test(span)),
];
const fence = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? '';

const SECRET = 'a secret that nobody guesses';
const APP = 'http://localhost:3000';

/** The app under development: it checks signatures, and can be told to be broken. */
async function startStory(): Promise<Story> {
  const story = { broken: false };
  const app = await startApp(({ body, header }, response) => {
    const genuine = createHmac('sha256', SECRET).update(body).digest('hex') === header('x-webhook-signature')[0];
    response.writeHead(story.broken ? 500 : genuine ? 200 : 401).end();
  });
  const cwd = temporaryFolder({
    'package.json': '{"name":"app","scripts":{"test":"webhook trigger order.created --to $WEBHOOK_URL --count 3"}}',
  });
  const env = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET, WEBHOOK_PORT: '0', URL: app.url };
  const start = (line: string): Running => shell(line.replaceAll(APP, app.url), { cwd, env });
  const succeed = async (line: string): Promise<Outcome> => {
    const outcome = await start(line).ended;
    expect(outcome, line).toMatchObject({ code: 0 });
    return outcome;
  };
  return Object.assign(story, { app, cwd, start, succeed });
}

interface Story {
  broken: boolean;
  readonly app: Awaited<ReturnType<typeof startApp>>;
  readonly cwd: string;
  start(line: string): Running;
  succeed(line: string): Promise<Outcome>;
}

/** Runs a listener as README shows it, does something while it listens, and ends it. */
async function whileListening({ start }: Story, line: string, work: (url: string) => Promise<unknown>): Promise<string> {
  // The shell makes way for it, so that the signal reaches it.
  const listener = start(`exec ${line}`);
  const banner = await listener.line('stderr', (text) => text.includes('listening on'));
  await work(/http:\/\/[\d.:]+/.exec(banner)?.[0] ?? '');
  listener.send('SIGINT');
  const { code, stdout } = await listener.ended;
  expect(code, line).toBe(0);
  return stdout;
}

const delivered = async ({ app, succeed }: Story, line: string): Promise<void> => {
  const before = app.requests.length;
  await succeed(line);
  expect(app.requests.length, line).toBeGreaterThan(before);
};

/** Every command README shows, in its order, and what it has to do. */
const STORY: ReadonlyArray<readonly [line: string, (story: Story, line: string) => Promise<unknown>]> = [
  // These three are what a clone, this run, and a registry are for; the demo has a test of its own.
  ['npm run demo', async () => expect(scripts()).toHaveProperty('demo')],
  ['npm ci && npm test', async () => expect(scripts()).toHaveProperty('test')],
  [
    'npm install --global webhook-cli',
    async ({ succeed }) => expect((await succeed('webhook-cli --version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/),
  ],
  ['export CONNECT2PRINT_WEBHOOK_SECRET=…', async ({ succeed }, line) => succeed(line)],
  [
    `webhook init --provider connect2print --app ${APP}/webhooks`,
    async ({ cwd, app, succeed }, line) => {
      await succeed(line);
      expect(JSON.parse(readFileSync(join(cwd, 'webhook.config.json'), 'utf8'))).toMatchObject({
        provider: 'connect2print',
        to: `${app.url}/webhooks`,
      });
    },
  ],
  [
    'webhook listen',
    async (story, line) => {
      const said = await whileListening(story, line, (url) => story.succeed(`webhook trigger order.created --to ${url}`));
      expect(said).toMatch(/✓ order\.created .* 200 /);
      expect(story.app.requests).toHaveLength(1);
    },
  ],
  [
    `webhook listen --forward-to ${APP}/webhooks --events 'order.*,!order.updated'`,
    async (story, line) => {
      story.broken = true;
      const said = await whileListening(story, line, (url) =>
        story.succeed(`webhook trigger order.updated invoice.paid order.shipped --to ${url} --expect 200,500`),
      );
      story.broken = false;
      expect(said).toMatch(/order\.shipped .* 500 /);
      expect(said).not.toMatch(/order\.updated|invoice\.paid/);
      expect(story.app.requests).toHaveLength(2);
    },
  ],
  [
    `webhook forward ${APP}/webhooks`,
    async ({ app, start, succeed }, line) => {
      const server = await startTunnelServer();
      const forward = start(`exec ${line} --tunnel-host ${server.host} --subdomain my-shop`);
      await forward.line('stderr', (text) => text.includes('tunnel up'));
      const before = app.requests.length;
      await succeed(`webhook trigger order.created --to http://my-shop.lt.localhost:${server.port}`);
      expect(app.requests).toHaveLength(before + 1);
      forward.send('SIGINT');
      expect((await forward.ended).code).toBe(0);
    },
  ],
  ['webhook tunnels', async ({ succeed }, line) => expect((await succeed(line)).stdout).toContain('localtunnel')],
  [
    'webhook test-event 42 --wait-for 30s',
    async ({ cwd, start }, line) => {
      const listener = start('exec webhook listen --json');
      const { url } = JSON.parse(await listener.line('stdout', (text) => text.includes('"ready"')));
      const api = await startApp((_request, response) => {
        response.end();
        start(`webhook trigger order.created --to ${url}`).ended.catch(() => {});
      });
      const env = `CONNECT2PRINT_API_KEY=c2p_test_0123 CONNECT2PRINT_API_URL=${api.url}`;
      const { code, stdout } = await start(`${env} ${line}`).ended;
      expect([code, stdout]).toEqual([0, expect.stringMatching(/✓ connect2print\/order\.created .*→ 200/)]);
      expect(api.requests.map(({ path }) => path)).toEqual(['/api/v1/webhooks/42/test']);
      listener.send('SIGINT');
      expect((await listener.ended).code, cwd).toBe(0);
    },
  ],
  ['webhook trigger order.created', delivered],
  ['webhook trigger order.created --set data.order.total=12.50 --expect 200 --within 2s', delivered],
  [
    `webhook trigger --all --to ${APP}/webhooks --wait 30s`,
    async (story, line) => {
      const before = story.app.requests.length;
      await story.succeed(line);
      expect(story.app.requests.length - before).toBe(16);
    },
  ],
  ['webhook trigger order.created --corrupt signature --expect 401', delivered],
  [
    "webhook list --event 'order.*' --since 2h",
    async ({ succeed }, line) => {
      const { stdout } = await succeed(line);
      for (const event of ['order.created', 'order.updated', 'order.shipped']) expect(stdout).toContain(event);
      expect(stdout).not.toContain('invoice.paid');
    },
  ],
  [
    'webhook list --search Zoë --where data.order.customer.id=456',
    async ({ succeed }, line) => {
      const { stdout } = await succeed(line);
      expect(stdout).toContain('order.created');
      expect(stdout).not.toContain('invoice.paid');
    },
  ],
  ['webhook show last', async ({ succeed }, line) => expect((await succeed(line)).stdout).toContain('order.created')],
  [
    'webhook verify body.json --signature 5257a869…',
    async ({ cwd, succeed }, line) => {
      writeFileSync(join(cwd, 'body.json'), '{"total":499.00}\r\n');
      const signature = createHmac('sha256', SECRET).update('{"total":499.00}\r\n').digest('hex');
      expect((await succeed(line.replace('5257a869…', signature))).stdout).toContain('Signature valid');
    },
  ],
  [
    'webhook verify last --at received',
    async ({ succeed }, line) => expect((await succeed(line)).stdout).toContain('Signature valid'),
  ],
  ['webhook replay last', delivered],
  [
    'webhook replay --failed --since 1d --set data.order.status=paid --expect 200',
    async (story, line) => {
      await delivered(story, line);
      expect(story.app.requests.at(-1)?.body.toString()).toContain('"status":"paid"');
    },
  ],
  [
    'webhook list --follow',
    async ({ succeed, start }, line) => {
      const following = start(`exec ${line}`);
      await following.line('stdout', (text) => text.includes('order.created'));
      await succeed('webhook trigger stock.low --save');
      await following.line('stdout', (text) => text.includes('stock.low'));
      following.send('SIGINT');
      expect((await following.ended).code).toBe(0);
    },
  ],
  [
    'webhook prune --older-than 30d --yes',
    async ({ succeed }, line) => expect((await succeed(line)).stderr).toContain('There is nothing to delete.'),
  ],
  ['webhook store check', async ({ succeed }, line) => expect((await succeed(line)).stdout).toContain('sound')],
  [
    'webhook diff last:2',
    async ({ succeed }, line) => expect((await succeed(line)).stdout).toMatch(/\d differences? · \d expected/),
  ],
  [
    `webhook check ${APP}/webhooks`,
    async ({ succeed }, line) => expect((await succeed(line)).stdout).toMatch(/ passed, \d+ not tried · \d+ requests/),
  ],
  [
    "webhook export --event 'order.*' -o deliveries/",
    async ({ cwd, succeed }, line) => {
      await succeed(line);
      expect(readdirSync(join(cwd, 'deliveries'))).toContainEqual(expect.stringMatching(/^dlv_\w+-order\.shipped\.json$/));
    },
  ],
  [
    'webhook export --since 2h -o session.har',
    async ({ cwd, succeed }, line) => {
      await succeed(line);
      expect(JSON.parse(readFileSync(join(cwd, 'session.har'), 'utf8')).log.version).toBe('1.2');
    },
  ],
  [
    'webhook import deliveries/ session.har',
    async ({ succeed }, line) => expect((await succeed(line)).stderr).toMatch(/Imported 0 deliveries.*were kept already/s),
  ],
  [
    'webhook replay last --edit',
    async (story, line) => {
      await delivered(story, `EDITOR='sed -i.bak s/:/:/' ${line}`);
      expect(story.app.requests.at(-1)?.body.toString()).not.toMatch(/\n$/);
    },
  ],
  [
    "webhook export --event 'order.*' -o recorded/",
    async ({ cwd, succeed }, line) => {
      await succeed(line);
      expect(readdirSync(join(cwd, 'recorded'))).toContainEqual(expect.stringMatching(/^dlv_\w+-order\.shipped\.json$/));
    },
  ],
  [
    'webhook replay recorded/ --expect-same',
    // It was broken when order.shipped came.
    async ({ start }, line) =>
      expect(await start(line).ended).toMatchObject({ code: 4, stdout: expect.stringMatching(/status +500 → 200/) }),
  ],
  [
    'webhook fixtures capture last --as order.created',
    async ({ cwd, succeed }, line) => {
      await succeed('webhook trigger order.created --save');
      expect((await succeed(line)).stdout).toContain('e-mail address');
      const made = readFileSync(join(cwd, 'webhook-fixtures', 'connect2print', 'order.created.json'), 'utf8');
      expect(made).toContain('person1@example.com');
    },
  ],
  ['webhook fixtures validate', async ({ succeed }, line) => expect((await succeed(line)).stderr).toContain('all good')],
  [
    'webhook fixtures eject stock.low',
    async ({ cwd, succeed }, line) => {
      await succeed(line);
      expect(readdirSync(join(cwd, 'webhook-fixtures', 'connect2print'))).toContain('stock.low.json');
    },
  ],
  [
    'webhook listen --port 0 --exit-after 3 -- npm test',
    async ({ succeed }, line) => expect((await succeed(line)).stderr).toContain('3 received: 3 valid'),
  ],
  ['npx webhook-cli trigger order.created --to $URL', async (story, line) => delivered(story, line.replace('npx ', ''))],
  [
    'webhook events connect2print',
    async ({ succeed }, line) => expect((await succeed(line)).stdout).toContain('production.job.created'),
  ],
  [
    'webhook sign body.json --provider connect2print',
    async ({ succeed }, line) => {
      const signature = createHmac('sha256', SECRET).update('{"total":499.00}\r\n').digest('hex');
      expect((await succeed(line)).stdout).toContain(signature);
    },
  ],
  [
    'webhook providers <name>',
    async ({ succeed }, line) =>
      expect((await succeed(line.replace('<name>', 'printone'))).stdout).toContain('x-webhook-hmac-sha256'),
  ],
  ['webhook providers', async ({ succeed }, line) => expect((await succeed(line)).stdout).toContain('standard-webhooks')],
  ['webhook keys stripe', async ({ succeed }, line) => expect((await succeed(line)).stdout).toContain('whsec_')],
  ['webhook keys discord', async ({ succeed }, line) => expect((await succeed(line)).stdout).toMatch(/[0-9a-f]{64}/)],
  [
    'webhook trigger slack/url_verification',
    async ({ succeed }, line) => expect((await succeed(`${line} --dry-run`)).stdout).toContain('"challenge"'),
  ],
  ['webhook completion bash', async ({ succeed }, line) => succeed(`${line} | bash -n`)],
];

function scripts(): Record<string, string> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
}

// The lines are a shell's.
describe.skipIf(process.platform === 'win32')('README', () => {
  it('shows no command that is not run here', () => {
    expect([...commands].sort()).toEqual(STORY.map(([line]) => line).sort());
  });

  it('works from top to bottom', { timeout: 120_000 }, async () => {
    const story = await startStory();
    for (const [line, step] of STORY) await step(story, line);
  });

  it('names no flag that no command has', async () => {
    const flags = new Set(['--global', '--json']);
    for (const { name, load } of verbs) {
      for (const option of (await load()).define(new Command(name)).options) flags.add(option.long ?? '');
    }
    const named = [...readme.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag);
    expect(named.filter((flag) => !flags.has(flag))).toEqual([]);
  });

  it('shows a config that is good: its provider signs, verifies and is told from the headers', async () => {
    const cwd = temporaryFolder({ 'webhook.config.json': fence('json'), 'body.json': '{"type":"thing.made","id":"1"}' });
    const env = { ACME_WEBHOOK_SECRET: SECRET };
    const signed = await shell('webhook sign body.json', { cwd, env }).ended;
    expect(signed).toMatchObject({ code: 0, stdout: expect.stringMatching(/X-Acme-Signature: v1=[0-9a-f]{64}/) });
    writeFileSync(join(cwd, 'headers'), signed.stdout);
    const verified = await shell('webhook verify body.json --headers headers', { cwd, env }).ended;
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('acme · thing.made') });
  });

  it('says which Node it needs, as the package does', () => {
    const { engines } = JSON.parse(readFileSync(join(packedProject(), 'node_modules', 'webhook-cli', 'package.json'), 'utf8'));
    expect(readme).toContain(`Node ${engines.node.replace('>=', '')}`);
  });
});
