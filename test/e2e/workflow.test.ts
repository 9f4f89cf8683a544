/** The GitHub action, the example workflow and the GitLab snippet: their steps are run as the runners would, against a real app. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { bareEnvironment } from '../support/folder.js';
import { packedProject } from '../support/program.js';
import { parseXml } from '../support/xml.js';

const root: string = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { description: string; required?: boolean; default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const ACTION = '.github/actions/webhook/action.yml';
const action: Action = parse(read(ACTION));

/** A handler with nothing wrong in it, or (with a false `verifies`) with everything. */
const appOf = (port: number, verifies: boolean): string => `import { createServer } from 'node:http';
import { verify } from 'webhook-cli';
const secret = process.env.CONNECT2PRINT_WEBHOOK_SECRET;
createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { status } = verify({ provider: 'connect2print', body: Buffer.concat(chunks), headers: request.headers, secret });
    response.writeHead(${verifies} && status !== 'valid' ? 401 : 200).end();
  });
}).listen(${port}, '127.0.0.1');
`;

const SHIP = `import { compose } from 'webhook-cli';
const url = process.env.WEBHOOK_URL, secret = process.env.CONNECT2PRINT_WEBHOOK_SECRET;
const payload = { id: 'wh_1', event: 'order.shipped', timestamp: '2026-11-22T14:00:00Z', data: {} };
await fetch(url, compose({ provider: 'connect2print', event: 'order.shipped', payload, url, secret }));
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A checked-out project, beside the installed package; what is written for port 3000 is for a free one here. */
async function checkout(verifies = true) {
  const folder = realpathSync(mkdtempSync(join(packedProject(), 'job-')));
  const port = await freePort();
  const scripts = { start: 'node app.mjs', 'ship-an-order': 'node ship.mjs' };
  const files = {
    'package.json': JSON.stringify({ name: 'app', version: '1.0.0', private: true, scripts }),
    'package-lock.json': '{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"app","version":"1.0.0"}}}',
    'app.mjs': appOf(port, verifies),
    'ship.mjs': SHIP,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, '.runner'));
  const groups: number[] = [];
  onTestFinished(() => {
    // What a step left in the background ends with the job.
    for (const group of groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // Nothing was left.
      }
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  /** Runs a script as GitHub does: from a file, by bash; what it leaves in the background goes on. */
  function bash(script: string, env: Readonly<Record<string, string>>, cwd = '.'): Promise<{ code: number; said: string }> {
    const path = join(folder, '.runner', `${groups.length}.sh`);
    writeFileSync(path, script);
    const log = join(folder, '.runner', `${groups.length}.log`);
    const own = {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      // Nothing may be fetched: the package is the one that is installed.
      npm_config_offline: 'true',
      ...env,
    };
    const child = spawn('bash', ['-c', `exec bash --noprofile --norc -eo pipefail "$0" > "$1" 2>&1`, path, log], {
      cwd: join(folder, cwd),
      env: bareEnvironment(folder, own),
      stdio: 'ignore',
      detached: true,
    });
    groups.push(child.pid as number);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => resolve({ code: code ?? -1, said: readFileSync(log, 'utf8') }));
    });
  }

  return { folder, port, bash };
}

type Job = Awaited<ReturnType<typeof checkout>>;

/** Puts inputs in, as GitHub does before anything runs. Any other expression is not known here. */
function substituted(text: string, inputs: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = inputs[expression.replace(/^inputs\./, '')];
    if (!expression.startsWith('inputs.') || value === undefined) throw new Error(`what is \${{ ${expression} }}?`);
    return value;
  });
}

/** Uses the action, as a step does. */
async function useAction(job: Job, given: Readonly<Record<string, string | number>>, env: Readonly<Record<string, string>> = {}) {
  const defaults = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [name, value] as const);
  const inputs: Record<string, string> = { ...Object.fromEntries(defaults) };
  for (const [name, value] of Object.entries(given)) {
    if (!(name in inputs)) throw new Error(`the action has no input ${name}`);
    inputs[name] = String(value);
  }
  let outcome = { code: 0, said: '' };
  for (const step of action.runs.steps) {
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, substituted(value, inputs)] as const);
    const cwd = substituted(step['working-directory'] ?? '.', inputs);
    outcome = await job.bash(step.run ?? '', { ...env, ...Object.fromEntries(own) }, cwd);
    if (outcome.code !== 0) break;
  }
  return outcome;
}

/** Runs a job's steps: those of others (checkout, setup, upload) are theirs to prove. */
async function runJob(job: Job, file: string) {
  const workflow = parse(read(file).replaceAll('3000', String(job.port)));
  const [{ env, steps }] = Object.values<{ env: Record<string, string>; steps: Step[] }>(workflow.jobs) as [
    { env: Record<string, string>; steps: Step[] },
  ];
  const ran: Array<{ name: string; code: number; said: string }> = [];
  for (const step of steps) {
    const failed = ran.some(({ code }) => code !== 0);
    const runs = step.if === 'always()' || (step.if === 'failure()' ? failed : !failed && step.if === undefined);
    if (!runs || /^actions\//.test(step.uses ?? '')) continue;
    const name = step.name ?? step.run ?? '';
    if (step.uses === undefined) ran.push({ name, ...(await job.bash(step.run ?? '', { ...env, ...step.env })) });
    else {
      expect(`${step.uses}/action.yml`).toBe(`./${ACTION}`);
      ran.push({ name, ...(await useAction(job, step.with ?? {}, env)) });
    }
  }
  return ran;
}

// They are bash's, and the runners' of these files are Linux.
describe.skipIf(process.platform === 'win32')('the example workflow', () => {
  it('starts an app, judges it, plays an order, and asserts what arrives', { timeout: 90_000 }, async () => {
    const job = await checkout();
    const ran = await runJob(job, 'docs/ci/github.yml');
    expect(ran.map(({ name, code, said }) => [name, code, code === 0 ? '' : said])).toEqual([
      ['npm ci', 0, ''],
      ['Start the app', 0, ''],
      ['Judge its endpoint', 0, ''],
      ['Play the life of an order', 0, ''],
      ['Assert what arrives', 0, ''],
    ]);
    expect(Number(parseXml(readFileSync(join(job.folder, 'webhook.xml'), 'utf8')).attributes.tests)).toBeGreaterThan(30);
    expect(JSON.parse(readFileSync(join(job.folder, 'webhook.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(readFileSync(join(job.folder, 'summary.md'), 'utf8')).toContain('connect2print');
    expect(ran[3]?.said).toContain('order.completed');
    expect(ran[4]?.said).toContain('order.shipped');
  });

  it('fails where the endpoint does, and says why', { timeout: 90_000 }, async () => {
    const job = await checkout(false);
    const ran = await runJob(job, 'docs/ci/github.yml');
    expect(ran.map(({ name, code }) => [name, code])).toEqual([
      ['npm ci', 0],
      ['Start the app', 0],
      ['Judge its endpoint', 4],
      ['Show what the app said', 0],
    ]);
    expect(ran[2]?.said).toMatch(/^::error title=.*signature/m);
    expect(existsSync(join(job.folder, 'webhook.xml'))).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('the GitLab snippet', () => {
  it('starts an app, judges it, and plays an order', { timeout: 90_000 }, async () => {
    const job = await checkout();
    const { webhooks } = parse(read('docs/ci/gitlab.yml').replaceAll('3000', String(job.port)));
    const { code, said } = await job.bash(webhooks.script.join('\n'), webhooks.variables);
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('order.completed') });
    expect(webhooks.artifacts.reports.junit).toBe('webhook.xml');
    expect(parseXml(readFileSync(join(job.folder, 'webhook.xml'), 'utf8')).name).toBe('testsuites');
  });
});

describe('the action', () => {
  it('says what each input is, and uses each', () => {
    const used = JSON.stringify(action.runs);
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(description.length, name).toBeGreaterThan(10);
      expect(used, name).toContain(`\${{ inputs.${name} }}`);
    }
    const named = [...used.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => name === undefined || !(name in action.inputs))).toEqual([]);
    expect(action.runs.using).toBe('composite');
    for (const step of action.runs.steps) expect(step.shell).toBe('bash');
  });

  it('is documented, input for input', () => {
    const page = read('docs/CI.md');
    expect(Object.keys(action.inputs).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('puts no expression into a script, nor does any workflow here', () => {
    const workflows = readdirSync(join(root, '.github', 'workflows')).map((name) => `.github/workflows/${name}`);
    const scripts = [...workflows, ACTION, 'docs/ci/github.yml'].flatMap((path) => runsIn(parse(read(path))));
    expect(scripts.length).toBeGreaterThan(4);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

function runsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'run' && typeof inner === 'string' ? [inner] : runsIn(inner)));
}

describe.skipIf(process.platform === 'win32')('the action’s inputs', () => {
  const ATTACKS = [
    '$(touch pwned)',
    '`touch pwned`',
    '"; touch pwned; "',
    "'; touch pwned; '",
    'x\ntouch pwned',
    '&& touch pwned',
  ];
  const names = Object.keys(action.inputs).filter((name) => name !== 'run' && name !== 'working-directory');

  /** What the program would be started with. */
  async function argumentsOf(job: Job, inputs: Record<string, string>): Promise<readonly string[] | null> {
    const bin = join(job.folder, '.runner', 'bin');
    const told = join(job.folder, '.runner', 'arguments');
    mkdirSync(bin, { recursive: true });
    rmSync(told, { force: true });
    writeFileSync(join(bin, 'npx'), `#!/bin/sh\nprintf '%s\\0' "$WEBHOOK_URL" "$@" > '${told}'\n`, { mode: 0o755 });
    await useAction(job, inputs, { PATH: `${bin}:${process.env.PATH}` });
    return existsSync(told) ? readFileSync(told, 'utf8').split('\0').slice(0, -1) : null;
  }

  it('become arguments, each one whole', async () => {
    const job = await checkout();
    const trigger = {
      command: 'trigger',
      url: 'http://a/?b=c d',
      events: 'order.created\n\nPush Hook\n',
      args: '--set\na=b c\n',
    };
    expect(await argumentsOf(job, { ...trigger, provider: 'acme', version: '1.2.3' })).toEqual([
      'http://a/?b=c d',
      ...['--yes', 'webhook-cli@1.2.3', 'trigger', '--provider', 'acme', '--set', 'a=b c', 'order.created', 'Push Hook'],
    ]);
    expect(await argumentsOf(job, { command: 'listen', url: 'http://a', run: 'npm test && echo "$HOME"' })).toEqual([
      '',
      ...['--yes', 'webhook-cli', 'listen', '--forward-to', 'http://a', '--', 'bash', '-c', 'npm test && echo "$HOME"'],
    ]);
  });

  it.each(names)('%s runs nothing', async (name) => {
    const job = await checkout();
    for (const attack of ATTACKS) {
      const inputs = { command: 'trigger', url: 'http://a', provider: 'acme', events: 'order.created', [name]: attack };
      const given = await argumentsOf(job, inputs);
      // It is there as it was written, or nothing is.
      if (name !== 'secret' && given !== null) expect(given.join('\n')).toContain(attack);
    }
    expect(existsSync(join(job.folder, 'pwned'))).toBe(false);
  });

  it('are refused where they cannot be meant', async () => {
    const job = await checkout();
    const refused = async (inputs: Record<string, string>): Promise<string> => {
      const { code, said } = await useAction(job, inputs);
      expect(code).toBe(2);
      return said;
    };
    expect(await refused({ command: 'init' })).toContain('::error title=webhook::command is check, trigger or listen.');
    expect(await refused({ command: 'trigger', events: '--all' })).toContain('events are names, one a line.');
    expect(await refused({ command: 'check', version: '../evil' })).toContain('version is one such as 1.2.3.');
  });

  it('keep the secret out of arguments, and out of what is run', async () => {
    const job = await checkout();
    writeFileSync(join(job.folder, 'look.mjs'), "console.log(process.env.WEBHOOK_SECRET, 'IN_SECRET' in process.env);");
    const { said } = await useAction(job, { command: 'listen', secret: 's3cret-of-ci', args: '--port\n0', run: 'node look.mjs' });
    expect(said).toContain('s3cret-of-ci false');
    expect(action.runs.steps.map(({ run }) => run).join('\n')).not.toMatch(/--secret/);
  });
});
