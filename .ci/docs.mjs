/** Writes what is made of the providers and their fixtures: docs/PROVIDERS.md, src/testing/payloads.ts. Tests say when they are not current. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { providersPage } = await load('.ci/providers-page.ts');
const { payloadTypes } = await load('.ci/payload-types.ts');
writeFileSync(`${root}/docs/PROVIDERS.md`, providersPage());
writeFileSync(`${root}/src/testing/payloads.ts`, await payloadTypes(`${root}/fixtures`));

async function load(entry) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}
