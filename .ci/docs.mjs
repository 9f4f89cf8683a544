/** Writes docs/PROVIDERS.md. A test says when it is not current. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['.ci/providers-page.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { providersPage } = await import(`data:text/javascript;base64,${code}`);
writeFileSync(`${root}/docs/PROVIDERS.md`, providersPage());
