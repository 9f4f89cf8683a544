/** The rules of the house that no single file could be blamed for breaking. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verbs } from '../src/commands/index.js';
import { temporaryFolder } from './support/folder.js';

const root: string = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

describe('tests', () => {
  const tests = filesUnder('test').filter((path) => path.endsWith('.test.ts'));

  it('stand where the source they are named after stands', () => {
    const apart = /^test\/(e2e|integration|bench)\/|^test\/structure\.test\.ts$/;
    const orphans = tests.filter((path) => {
      const source = path.replace(/^test\//, 'src/').replace(/\.test\.ts$/, '');
      return !apart.test(path) && !existsSync(join(root, `${source}.ts`)) && !existsSync(join(root, source));
    });
    expect(orphans).toEqual([]);
  });

  it('all run: none is switched off, and none switches the others off', () => {
    // `skipIf` says what a machine lacks; these say nothing. Written apart, so as not to find this line.
    const switches = new RegExp(`\\b(it|test|describe)(\\.\\w+)*\\.(${['only', 'skip', 'todo', 'fails'].join('|')})\\b`);
    expect(tests.filter((path) => switches.test(read(path)))).toEqual([]);
  });
});

describe('commands', () => {
  const pages = ['README.md', ...filesUnder('docs').filter((path) => path.endsWith('.md'))].map(read).join('\n');

  it.each(verbs.map(({ name }) => name))('%s has a file of its own and is told of', (name) => {
    expect(existsSync(join(root, 'src', 'commands', `${name}.ts`))).toBe(true);
    expect(new RegExp(`\\bwebhook ${name}\\b`).test(pages)).toBe(true);
  });

  it('are all listed', () => {
    const files = filesUnder('src/commands').filter((path) => /^src\/commands\/[^/]+\.ts$/.test(path));
    const names = files.map((path) => path.replace(/^.*\/|\.ts$/g, '')).filter((name) => name !== 'index');
    expect(names.sort()).toEqual(verbs.map(({ name }) => name).sort());
  });
});

describe('the package', () => {
  const manifest = JSON.parse(read('package.json'));

  it('is what it says it is', () => {
    expect(manifest).toMatchObject({
      name: 'webhook-cli',
      type: 'module',
      license: 'MIT',
      engines: { node: '>=20.18.1' },
      bin: { webhook: 'bin/webhook.js', 'webhook-cli': 'bin/webhook.js' },
      dependencies: { libsql: expect.any(String) },
    });
    expect(Object.keys(manifest.dependencies)).toEqual(['libsql']);
    expect(manifest.scripts).not.toHaveProperty('install');
    expect(manifest.scripts).not.toHaveProperty('postinstall');
  });

  it('ships the program, its fixtures and the licences, and nothing that only builds or tests it', () => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const told = execFileSync(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    });
    const files: string[] = JSON.parse(told.toString())[0].files.map(({ path }: { path: string }) => path);
    const kinds = new Set(files.map((path) => path.split('/')[0]));
    expect(kinds).toEqual(
      new Set(['bin', 'dist', 'fixtures', 'package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD_PARTY_LICENSES']),
    );
    expect(files).toContain('bin/webhook.js');
    expect(files.filter((path) => path.startsWith('fixtures/')).sort()).toEqual(filesUnder('fixtures').sort());
    expect(files.filter((path) => /\.(map|test\.ts|tgz|db)$/.test(path))).toEqual([]);
  });

  it('starts with a launcher of under ten lines, which a shell can run', () => {
    const launcher = read('bin/webhook.js').trimEnd().split('\n');
    expect(launcher[0]).toBe('#!/usr/bin/env node');
    expect(launcher.length).toBeLessThan(10);
  });

  it('can be installed on every platform: the lock has each optional package, which `npm ci` insists on', () => {
    type Entry = { readonly optionalDependencies?: Readonly<Record<string, string>> };
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Entry>> };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => packages[`${path}/node_modules/${name}`] === undefined && packages[`node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });

  it('is installed from whatever registry is configured: the lock names none', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved"/);
    expect(existsSync(join(root, '.npmrc'))).toBe(false);
  });
});

describe('imports', () => {
  /** What a file imports of ours, types and what is loaded later included. */
  function importsOf(path: string): string[] {
    return [...read(path).matchAll(/\b(?:from|import)\s*\(?'(\.[^']+)\.js'/g)].map(([, to = '']) =>
      posix.join(posix.dirname(path), `${to}.ts`),
    );
  }

  /** Those that are in a circle or between two: what neither imports another that is left nor is imported by one is not. */
  function inCircles(imports: ReadonlyMap<string, readonly string[]>): string[] {
    let left = [...imports.keys()];
    for (;;) {
      const imported = new Set(left.flatMap((path) => imports.get(path) ?? []));
      const among = new Set(left);
      const rest = left.filter((path) => imported.has(path) && imports.get(path)?.some((other) => among.has(other)));
      if (rest.length === left.length) return left;
      left = rest;
    }
  }

  const imports = new Map(
    filesUnder('src')
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path, importsOf(path)] as const),
  );

  it('go in no circle', () => {
    expect(inCircles(imports)).toEqual([]);
  });

  it('are all found, and so would a circle be', () => {
    expect([...imports.values()].flat().filter((path) => !imports.has(path))).toEqual([]);
    expect(imports.get('src/render/create.ts')).toEqual(
      ['renderer', 'json', 'human', 'json', 'speaker'].map((name) => `src/render/${name}.ts`),
    );
    const circle = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['d', 'b']],
      ['d', []],
    ] as const);
    expect(inCircles(circle)).toEqual(['b', 'c']);
  });
});

describe('who may import whom', () => {
  /** A scratch file in its place: what lint says of the import it holds. */
  const imports: ReadonlyArray<readonly [file: string, module: string, allowed: boolean]> = [
    ['src/core/scratch.ts', 'node:fs', false],
    ['src/core/scratch.ts', 'node:http', false],
    ['src/core/scratch.ts', 'libsql', false],
    ['src/core/scratch.ts', '../io/files.js', false],
    ['src/core/events/scratch.ts', '../../io/files.js', false],
    ['src/core/scratch.ts', '../render/layout.js', false],
    ['src/core/scratch.ts', '../commands/listen.js', false],
    ['src/core/scratch.ts', '../context.js', false],
    ['src/core/scratch.ts', '../cli.js', false],
    ['src/core/scratch.ts', 'node:crypto', true],
    ['src/core/scratch.ts', './errors.js', true],
    ['src/core/events/scratch.ts', '../errors.js', true],
    ['src/io/scratch.ts', '../render/layout.js', false],
    ['src/io/store/scratch.ts', '../../render/layout.js', false],
    ['src/io/scratch.ts', '../commands/listen.js', false],
    ['src/io/scratch.ts', '../core/errors.js', true],
    ['src/io/scratch.ts', 'libsql', true],
    ['src/render/scratch.ts', '../io/files.js', false],
    ['src/render/scratch.ts', '../commands/listen.js', false],
    ['src/render/scratch.ts', '../core/errors.js', true],
    ['src/commands/scratch.ts', './listen.js', false],
    ['src/commands/scratch.ts', '../cli.js', false],
    ['src/commands/scratch.ts', './shared/session.js', true],
    ['src/commands/scratch.ts', '../io/files.js', true],
    ['src/commands/scratch.ts', '../render/renderer.js', true],
    ['src/core/scratch.ts', '../testing/inbox.js', false],
    ['src/io/scratch.ts', '../testing/inbox.js', false],
    ['src/commands/scratch.ts', '../testing/inbox.js', false],
    ['src/testing/scratch.ts', '../render/layout.js', false],
    ['src/testing/scratch.ts', '../commands/listen.js', false],
    ['src/testing/scratch.ts', '../io/files.js', true],
    ['src/testing/scratch.ts', '../core/errors.js', true],
    ['src/index.ts', './testing/inbox.js', false],
    ['src/index.ts', './io/files.js', false],
    ['src/index.ts', './render/renderer.js', false],
    ['src/index.ts', './commands/listen.js', false],
    ['src/index.ts', './core/errors.js', true],
  ];

  it('is held by lint', () => {
    // One folder a case, since several are about the same file; one run, since lint takes its time to start.
    const files = Object.fromEntries(
      imports.map(([file, module], index) => [`${index}/${file}`, `import '${module}';\n`] as const),
    );
    const config = JSON.parse(read('.biome.json'));
    // The same rules, wherever the folder is.
    for (const override of config.overrides) {
      override.includes = override.includes.map((glob: string) => (glob.startsWith('!') ? `!*/${glob.slice(1)}` : `*/${glob}`));
    }
    delete config.$schema;
    const folder = temporaryFolder({ ...files, 'biome.json': JSON.stringify(config) });
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const told = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const refused = new Set<string>();
    for (const { category, location } of JSON.parse(told.stdout).diagnostics) {
      if (category === 'lint/style/noRestrictedImports') refused.add(location.path.file ?? location.path);
    }
    const wrong = imports.filter(([file, , allowed], index) => refused.has(`${index}/${file}`) === allowed);
    expect(wrong).toEqual([]);
    expect(refused.size).toBeGreaterThan(0);
  });
});
