/**
 * Builds dist/: the program as one small chunk a command (esbuild, ESM, code-split), the library as one file, its types
 * (tsc), and the licences of everything that is bundled.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
rmSync('dist', { recursive: true, force: true });

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  // jsonc-parser's CommonJS form asks for its parts by names esbuild cannot follow.
  mainFields: ['module', 'main'],
  target: 'node20.18',
  external: Object.keys(dependencies),
  define: { WEBHOOK_VERSION: JSON.stringify(version) },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

// Bundled CommonJS packages ask for `require`, which an ES module does not have.
const requireBanner = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const program = await build({
  ...common,
  // The store's thread is a program of its own, sharing the store's chunks.
  entryPoints: { main: 'src/main.ts', 'store-worker': 'src/io/store/worker.ts' },
  outdir: 'dist',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  banner: { js: requireBanner },
});
const library = await build({ ...common, entryPoints: { index: 'src/index.ts' }, outdir: 'dist' });

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.ci/types.json'], { stdio: 'inherit' });
writeFileSync('THIRD_PARTY_LICENSES', licences([program.metafile, library.metafile]));

/** The licence texts of the packages that esbuild took in, one after another. */
function licences(metafiles) {
  const folders = new Set();
  for (const metafile of metafiles) {
    for (const input of Object.keys(metafile.inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match) folders.add(match[1]);
    }
  }
  const texts = [...folders].sort().map((folder) => {
    const { name, version: packageVersion, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${packageVersion}\n${'-'.repeat(name.length + packageVersion.length + 1)}\n\n${text}\n`;
  });
  return `webhook-cli is distributed with the following packages inside it.\n\n${texts.join('\n\n')}`;
}

if (!existsSync(join('dist', 'types', 'index.d.ts'))) throw new Error(`No types in ${dirname('dist/types/index.d.ts')}`);
