/** Packs the program once and installs it into a project of its own, as `npm install` would; offline. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A project that has the packed program installed. */
    packedProject: string;
  }
}

const root: string = fileURLToPath(new URL('../..', import.meta.url));

export function setup(project: TestProject): () => void {
  if (!existsSync(join(root, 'dist', 'main.js'))) npm(['run', '--silent', 'build']);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'webhook-packed-')));
  npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) as string;
  const installed = join(folder, 'node_modules', 'webhook-cli');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], { cwd: folder });
  writeFileSync(join(folder, 'package.json'), '{"name":"app","private":true,"type":"module"}\n');
  const { dependencies, bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  }
  mkdirSync(join(folder, 'node_modules', '.bin'));
  if (process.platform !== 'win32') {
    for (const [name, path] of Object.entries<string>(bin)) {
      symlinkSync(join('..', 'webhook-cli', path), join(folder, 'node_modules', '.bin', name));
      chmodSync(join(installed, path), 0o755);
    }
  }
  project.provide('packedProject', folder);
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

function npm(args: string[]): void {
  // On Windows npm is a script, which only a shell runs.
  execFileSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}
