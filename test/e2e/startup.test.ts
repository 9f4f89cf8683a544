/** What a command loads before it does anything: a slow start creeps in a file at a time, and times are too noisy to catch it. */
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { builtinProviders } from '../../src/core/providers/list.js';
import { outlineOf } from '../../src/core/providers/outline.js';
import { temporaryFolder } from '../support/folder.js';
import { packedProject, run } from '../support/program.js';

const SECRET = { CONNECT2PRINT_WEBHOOK_SECRET: 'a secret' };
const BODY = '{"id":"wh_1","event":"order.created","total":499.00}';

/** The modules of Node's own that a run loads on top of what `node` does by itself. */
async function builtinsOf(args: readonly string[]): Promise<string[]> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'body.json'), BODY);
  const [spy, list] = [join(cwd, 'spy.cjs'), join(cwd, 'list.json')];
  writeFileSync(
    spy,
    `const before = new Set(process.moduleLoadList);
    const { writeFileSync } = require('node:fs');
    process.on('exit', () => writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList.filter((one) => !before.has(one)))));`,
  );
  expect((await run(args, { cwd, env: { ...SECRET, NODE_OPTIONS: `--require=${spy}` } })).code).toBe(0);
  return (JSON.parse(readFileSync(list, 'utf8')) as string[]).map((name) => name.replace('NativeModule ', ''));
}

/** The program's own files that a run loads, by name, with their bytes together. */
async function loadedBy(
  args: readonly string[],
  body: string = BODY,
): Promise<{ files: string[]; bytes: number; code: number | null }> {
  const cwd = temporaryFolder();
  const coverage = temporaryFolder();
  writeFileSync(join(cwd, 'body.json'), body);
  const { code } = await run(args, { cwd, env: { ...SECRET, NODE_V8_COVERAGE: coverage } });
  const urls = readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as { result: ReadonlyArray<{ url: string }> };
    return result.map(({ url }) => url).filter((url) => url.includes('/dist/'));
  });
  const paths = [...new Set(urls)].map((url) => fileURLToPath(url));
  return {
    code,
    files: paths.map((path) => path.replace(/^.*[\\/]dist[\\/]program[\\/]/, '')).sort(),
    bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
  };
}

describe('start-up', () => {
  it('--version loads one file', async () => {
    expect((await loadedBy(['--version'])).files).toEqual(['main.cjs']);
  });

  it('sign loads its own file, one provider and what it speaks with, and no more', async () => {
    const { files, bytes, code } = await loadedBy(['sign', 'body.json', '--provider', 'connect2print']);
    expect(code).toBe(0);
    expect(files).toEqual([
      'cli.cjs',
      'commands.sign.cjs',
      'core.providers.catalogue.connect2print.cjs',
      'main.cjs',
      'render.speaker.cjs',
    ]);
    expect(bytes).toBeLessThan(150_000);
  });

  it('begins with no part of Node that a small command can do without', async () => {
    const slow = ['perf_hooks', 'fs/promises', 'readline', 'net', 'tty', 'http', 'worker_threads', 'child_process'];
    expect(
      (await builtinsOf(['sign', 'body.json', '--provider', 'connect2print'])).filter((name) => slow.includes(name)),
    ).toEqual([]);
    expect((await builtinsOf(['--version'])).filter((name) => [...slow, 'crypto', 'stream'].includes(name))).toEqual([]);
  });

  it('verify loads the diagnosis only when a signature does not match', async () => {
    const signature = createHmac('sha256', SECRET.CONNECT2PRINT_WEBHOOK_SECRET).update(BODY).digest('hex');
    const verify = (value: string) => loadedBy(['verify', 'body.json', '--provider', 'connect2print', '--signature', value]);
    const valid = await verify(signature);
    expect(valid.code).toBe(0);
    expect(valid.files.filter((file) => /diagnos|list|outlines|human/.test(file))).toEqual([]);
    expect(valid.bytes).toBeLessThan(200_000);
    const invalid = await verify('0'.repeat(64));
    expect(invalid.code).toBe(3);
    expect(invalid.files).toContain('core.signature.diagnosis.diagnose.cjs');
    expect(invalid.files).not.toContain('core.providers.list.cjs');
  });

  it('of the providers, loads those that a request can be from', async () => {
    const body = '{"id":"wh_1","event":"order.created","timestamp":"2026-11-22T14:02:11Z","data":{}}';
    const signature = createHmac('sha256', SECRET.CONNECT2PRINT_WEBHOOK_SECRET).update(body).digest('hex');
    const told = await loadedBy(['verify', 'body.json', '-H', `X-Webhook-Signature: ${signature}`], body);
    expect(told.code).toBe(0);
    const named = await loadedBy(['trigger', 'order.created', '--dry-run', '--json']);
    expect(named.code).toBe(0);
    for (const { files } of [told, named]) {
      expect(files.filter((file) => /providers/.test(file))).toEqual([
        'core.providers.catalogue.connect2print.cjs',
        'core.providers.outlines.cjs',
      ]);
    }
  });

  const chunk = (name: string) =>
    createRequire(import.meta.url)(join(packedProject(), 'node_modules', 'webhook-cli', 'dist', 'program', `${name}.cjs`));

  it('has the outlines of all providers as they are described', () => {
    const { builtinOutlines } = chunk('core.providers.outlines');
    expect(builtinOutlines).toEqual(JSON.parse(JSON.stringify(builtinProviders.map(outlineOf))));
  });

  it.each(['list', ...builtinProviders.map(({ name }) => `catalogue.${name}`)])('has in %s what is described', (file) => {
    const loaded = chunk(`core.providers.${file}`);
    const described = builtinProviders.filter(({ name }) => file === 'list' || file === `catalogue.${name}`);
    // Code has no other text than its own; that it is there at all is what can be lost.
    const spelled = (providers: unknown): string =>
      JSON.stringify(providers, (_, value) => (typeof value === 'function' ? 'code' : value));
    expect(spelled(loaded.builtinProviders ?? [loaded.default])).toBe(spelled(described));
  });

  it('trigger --dry-run loads nothing that sends, and list nothing that receives', async () => {
    const dry = await loadedBy(['trigger', 'order.created', '--provider', 'connect2print', '--dry-run', '--json']);
    expect(dry.code).toBe(0);
    expect(dry.files.filter((file) => /sender|store|receiver|inquirer|cosmiconfig/.test(file))).toEqual([]);
    const list = await loadedBy(['list']);
    expect(list.code).toBe(2);
    expect(list.files.filter((file) => /sender|receiver|listen|inquirer|cosmiconfig|catalogue/.test(file))).toEqual([]);
  });

  it('a tunnel loads its own driver, and no other', async () => {
    const drivers = readdirSync(new URL('../../src/io/tunnels', import.meta.url)).map((file) => file.replace('.ts', ''));
    const { files } = await loadedBy(['listen', '--port', '0', '--tunnel', 'command', '--tunnel-command', 'exit 1']);
    const tunnels = files.map((file) => file.replace(/^io\.tunnels\.|\.cjs$/g, '')).filter((name) => drivers.includes(name));
    expect(tunnels.filter((name) => !['list', 'probe', 'supervisor'].includes(name))).toEqual(['command']);
  });
});
