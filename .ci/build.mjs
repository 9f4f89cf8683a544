/**
 * Builds dist/: the program (esbuild, CommonJS), the library as one file (ESM), its types (tsc), and the licences of everything
 * that is bundled.
 *
 * The program is CommonJS, since Node starts it some milliseconds sooner than it sets up its loader for ES modules.
 *
 * Every `await import()` in the program is a cut: what it loads is one file, whole in itself. Code that two files share stands
 * in both. Opening and linking a module costs more than reading some kilobytes twice, so this starts a good deal sooner than
 * chunks that share everything: `verify` loads seven files where it loaded seventy.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
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

const { builtinProviders } = await evaluated('src/core/providers/list.ts');
const outlines = await evaluated('src/core/providers/outlines.ts');
const program = await buildProgram({
  main: 'src/main.ts',
  'store-worker': 'src/io/store/worker.ts',
  'export-thread': 'src/commands/shared/export/thread.ts',
});
const library = await build({ ...common, entryPoints: { index: 'src/index.ts' }, outdir: 'dist' });
const testing = await buildTesting();

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.ci/types.json'], { stdio: 'inherit' });
keepReachable(['dist/types/index.d.ts', 'dist/types/testing/index.d.ts']);
// As it stands: the compiler would spread it over twice as many bytes.
copyFileSync('src/testing/payloads.ts', 'dist/types/testing/payloads.d.ts');
writeFileSync('dist/types/testing/index.d.cts', commonJsTypes(['createReceiver', 'createSender', 'WebhookError']));
writeFileSync('THIRD_PARTY_LICENSES', licences([...program, library.metafile, ...testing]));

/**
 * The testing library, twice: as ES module, and as CommonJS for runners that load nothing else (jest, as it comes). Its types are
 * the same ones.
 */
async function buildTesting() {
  const entry = { ...common, entryPoints: { testing: 'src/testing/index.ts' }, outdir: 'dist' };
  const here = "const __here=require('node:url').pathToFileURL(__filename).href;";
  const built = await Promise.all([
    build({ ...entry, banner: { js: requireBanner } }),
    build({
      ...entry,
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      define: { ...common.define, 'import.meta.url': '__here' },
      banner: { js: here },
    }),
  ]);
  return built.map(({ metafile }) => metafile);
}

/** Bundles the entries (by name), and whatever they import dynamically, each into a file of its own. Gives esbuild's metafiles. */
async function buildProgram(entries) {
  const outdir = 'dist/program';
  const names = new Map(Object.entries(entries).map(([name, entry]) => [join(root, entry), name]));
  const metafiles = [];
  const queue = [...names.keys()];
  const nameOf = (path) => {
    if (!names.has(path)) {
      const base = relative(root, path)
        .replace(/^.*node_modules\//, '')
        .replace(/^src\//, '')
        .replace(/\.[a-z]+$/, '')
        .replaceAll(/[^A-Za-z0-9-]+/g, '.');
      names.set(path, base);
      queue.push(path);
    }
    return names.get(path);
  };

  const cuts = {
    name: 'cuts',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (kind !== 'dynamic-import' || path.startsWith('node:') || pluginData === 'resolving') return undefined;
        const resolved = await builder.resolve(path, { kind: 'import-statement', resolveDir, importer, pluginData: 'resolving' });
        if (resolved.errors.length > 0 || resolved.external) return resolved;
        return { path: `./${nameOf(resolved.path)}.cjs`, external: true };
      });
      // commander can start programs as subcommands; ours are none, and child_process is slow to load.
      builder.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
        /[\\/]commander[\\/]/.test(importer) ? { path: 'nothing', namespace: 'empty' } : undefined,
      );
      builder.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
      // A provider is loaded by its name: the table of them is the folder.
      builder.onLoad({ filter: /providers[\\/]load\.ts$/ }, ({ path }) => {
        const catalogue = join(dirname(path), 'catalogue');
        const cut = ['import(`./catalogue/', '{name}.ts`)'].join('$');
        const source = readFileSync(path, 'utf8');
        if (!source.includes(cut)) throw new Error(`${path} does not load providers by ${cut} any more`);
        for (const file of readdirSync(catalogue)) nameOf(join(catalogue, file));
        return { contents: source.replace(cut, "__load('./core.providers.catalogue.' + name + '.cjs')"), loader: 'ts' };
      });
      // What is known of all providers is there without loading one.
      builder.onLoad({ filter: /providers[\\/]outlines\.ts$/ }, () => {
        const names = Object.entries(outlines).map(([name, value]) => `export const ${name} = ${parsed(value)};`);
        return { contents: names.join('\n'), loader: 'js' };
      });
      // A definition that is nothing but data is filled in here, and not each time it is loaded.
      builder.onLoad({ filter: /providers[\\/]catalogue[\\/][^\\/]+\.ts$/ }, ({ path }) => {
        const provider = builtinProviders.find(({ name }) => name === basename(path, '.ts'));
        const isData = isDeepStrictEqual(JSON.parse(JSON.stringify(provider)), provider);
        return isData ? { contents: `export default ${parsed(provider)};`, loader: 'js' } : undefined;
      });
    },
  };

  while (queue.length > 0) {
    const round = queue.splice(0);
    const { metafile, outputFiles } = await build({
      ...common,
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      define: { ...common.define, 'import.meta.url': '__here' },
      entryPoints: Object.fromEntries(round.map((path) => [names.get(path), path])),
      outdir,
      write: false,
      plugins: [cuts],
    });
    metafiles.push(metafile);
    mkdirSync(outdir, { recursive: true });
    for (const { path, text } of outputFiles) writeFileSync(path, linked(text));
  }
  return metafiles;
}

/** Code that gives a value: JSON, as a text, is what V8 reads soonest. */
function parsed(value) {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
}

/** What a module exports. */
async function evaluated(entry) {
  const { outputFiles } = await build({ ...common, entryPoints: [entry], write: false });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

/** A chunk that loads others as Node loads CommonJS: `import()` would set up the loader that the program does without. */
function linked(text) {
  const code = text.replace(/\bimport\((?="(?:\.\/|node:))/g, '__load(');
  const load =
    '__load=(path)=>Promise.resolve().then(()=>{const m=require(path);return"default" in m||path.startsWith("node:")?m:{...m,default:m}})';
  const here = '__here=require("node:url").pathToFileURL(__filename).href';
  const used = [...(code.includes('__load(') ? [load] : []), ...(code.includes('__here') ? [here] : [])];
  return used.length === 0 ? code : code.replace(/^("use strict";)?/, `"use strict";const ${used.join(',')};`);
}

/** Removes the declarations that these entries do not lead to: of what the library uses within, nobody asks for the types. */
function keepReachable(entries) {
  const reached = new Set();
  const visit = (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)\.js'/g)) {
      visit(join(dirname(path), `${name}.d.ts`));
    }
  };
  for (const entry of entries) visit(join(...entry.split('/')));
  for (const file of readdirSync(join('dist', 'types'), { recursive: true })) {
    const path = join('dist', 'types', file);
    if (path.endsWith('.d.ts') && !reached.has(path)) rmSync(path);
  }
}

/** For those whose own code is CommonJS: the same types, of which the compiler is told that they are an ES module's. */
function commonJsTypes(values) {
  const module = "import('./index.js', { with: { 'resolution-mode': 'import' } })";
  return [
    "export type * from './index.js' with { 'resolution-mode': 'import' };",
    ...values.map((name) => `export declare const ${name}: typeof ${module}.${name};`),
    // Named above as a value, it would no longer be a type.
    `export type WebhookError = ${module}.WebhookError;`,
    '',
  ].join('\n');
}

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
