/** What is published: no more than it takes, and the licences of all that is inside. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { packedProject } from '../support/program.js';

const root: string = fileURLToPath(new URL('../..', import.meta.url));
const installed = (): string => join(packedProject(), 'node_modules', 'webhook-cli');

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Every package that the program, the library and the testing library take in, whatever the build says it took. */
async function bundledPackages(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      'src/main.ts',
      'src/io/store/worker.ts',
      'src/commands/shared/export/thread.ts',
      'src/index.ts',
      'src/testing/index.ts',
    ],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    outdir: 'nowhere',
    mainFields: ['module', 'main'],
    external: ['libsql'],
    logLevel: 'silent',
  });
  const folders = Object.keys(metafile.inputs).flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return `${name} ${version}`;
  });
}

it('has the licence of every package inside it', async () => {
  const licences = readFileSync(join(installed(), 'THIRD_PARTY_LICENSES'), 'utf8');
  const headings = [...licences.matchAll(/^(.+)\n-+$/gm)].map(([, heading]) => heading);
  const packages = await bundledPackages();
  expect(packages.length).toBeGreaterThan(10);
  expect(packages.filter((one) => !headings.includes(one))).toEqual([]);
  // The text itself, not only its name.
  for (const text of licences.split(/^.+\n-+$/m).slice(1)) expect(text).toMatch(/permi(t|ssion)|licen[cs]e/i);
});

it('is small: what is installed beside libsql, in bytes', () => {
  const sizes = filesUnder(installed()).map((path) => [path.slice(installed().length + 1), statSync(path).size] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  // It was 10.7 MB when this was written; what makes it grow past this is to be looked at.
  expect(total).toBeLessThan(12_000_000);
  // No single file that nobody would miss: a source map, a test, a source.
  expect(
    sizes.filter(([path]) => /\.(map|tsbuildinfo|test\.\w+|spec\.\w+)$|(?<!\.d)\.ts$|(^|\/)(src|test|\.ci)\//.test(path)),
  ).toEqual([]);
});
