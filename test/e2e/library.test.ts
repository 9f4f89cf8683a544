/** The library as it is published: its types for those who write TypeScript, and every example in its documentation. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { startApp } from '../support/app.js';
import { packedProject, startProgram } from '../support/program.js';

const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** Where the documentation of what `index.ts` offers is written. */
const DOCUMENTED = [
  'src/index.ts',
  ...['library', 'errors', 'config', 'providers/define', 'delivery/json'].map((name) => `src/core/${name}.ts`),
];

interface Example {
  readonly name: string;
  readonly code: string;
}

function examplesIn(path: string): Example[] {
  const comments = readFileSync(join(root, path), 'utf8').match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return comments.flatMap((comment) => {
    const example = /@example([\s\S]*?)(?=\n \* @|\*\/)/.exec(comment)?.[1];
    return example === undefined ? [] : [{ name: path, code: example.replace(/^ \* ?/gm, '').trim() }];
  });
}

const readme: Example[] = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, code = '']) => ({ name: 'README.md', code }),
);
const examples: Example[] = [...DOCUMENTED.flatMap(examplesIn), ...readme];

/**
 * Each example as a function of what it takes for granted: a request that was signed for it, the secret, a URL. TypeScript
 * checks it as it stands; node runs it as it stands.
 */
function moduleOf(declaration: string, setting: string): string {
  const bodies = examples.map(({ name, code }) => {
    const lines = code.split('\n');
    const body = lines.filter((line) => !line.startsWith('import ')).join('\n');
    // A config is a module's default export; here it is a value like any other.
    return `examples.push(['${name}', async ({ request, rawBody, secret, url, order, exported }${setting}) => {{\n${body.replace(/^export default /m, 'return ')}\n}}]);`;
  });
  const names = 'compose, defineConfig, defineProvider, deliveryFromJson, sign, verify, WebhookError';
  return `import { ${names} } from 'webhook-cli';\n${declaration}\n${bodies.join('\n')}\n`;
}

describe('the types', () => {
  const settings = `: { request: Request; rawBody: Uint8Array; secret: string; url: string; order: object; exported: string }`;
  const source = `${moduleOf('export const examples: Array<[string, (setting: any) => Promise<unknown>]> = [];', settings)}
import type { IncomingMessage } from 'node:http';
import { providers, type Delivery, type Provider, type Verdict } from 'webhook-cli';
export function express(request: IncomingMessage & { body: Buffer }): Verdict {
  return verify({ provider: 'connect2print', body: request.body, headers: request.headers, secret: ['new', 'old'] });
}
export const names: string[] = providers.map((provider: Provider) => provider.name);
export const statusOf = ({ verdict }: Delivery): 'valid' | 'invalid' | 'unchecked' => verdict.status;
export const cause = (verdict: Verdict): string => verdict.diagnosis[0]?.message ?? verdict.message;
// @ts-expect-error: what a parser gave is no body
verify({ provider: 'connect2print', body: { parsed: true }, headers: {}, secret: 's' });
// @ts-expect-error: a variable that may not be set is no secret
verify({ provider: 'connect2print', body: '', headers: {}, secret: process.env.WEBHOOK_SECRET });
// @ts-expect-error: an unknown key
defineConfig({ provder: 'connect2print' });
// @ts-expect-error: a word the vocabulary has not
defineProvider({ name: 'acme', signature: { header: 'X-Acme', algorithm: 'md4' } });
`;

  it.each([
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'preserve', moduleResolution: 'bundler' },
  ])('hold what the examples ask of them ($moduleResolution)', ({ module, moduleResolution }) => {
    const folder = packedProject();
    const name = `examples-${moduleResolution}`;
    writeFileSync(join(folder, `${name}.ts`), source);
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      // Ours are to be sound on their own.
      skipLibCheck: false,
    };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
    expect(compile(folder, `${name}.json`)).toBe('');
  });

  it('ask for none of Node’s', () => {
    const folder = packedProject();
    writeFileSync(join(folder, 'browser.ts'), "import { verify } from 'webhook-cli';\nexport { verify };\n");
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: [],
      strict: true,
      noEmit: true,
    };
    writeFileSync(join(folder, 'browser.json'), JSON.stringify({ compilerOptions, files: ['browser.ts'] }));
    expect(compile(folder, 'browser.json')).toBe('');
  });
});

/** What the compiler says; empty where all is well. */
function compile(cwd: string, project: string): string {
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project], { cwd });
    return '';
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  }
}

describe('the examples', () => {
  it('are all there', () => {
    expect(examples.map(({ name }) => name).sort()).toEqual(
      [...DOCUMENTED, 'src/core/library.ts', 'src/core/library.ts', 'README.md'].sort(),
    );
  });

  it('run as they stand', async () => {
    const app = await startApp();
    const folder = packedProject();
    const program = `
      import { compose as composed, deliveryToJson } from 'webhook-cli';
      ${moduleOf('const examples = [];', '')}
      const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', url = process.argv[2];
      const order = { id: 'wh_1', event: 'order.created', timestamp: '2024-01-15T10:30:00Z', data: { order: { total: 499 } } };
      const signed = composed({ provider: 'connect2print', event: 'order.created', payload: order, url, secret });
      const exported = JSON.stringify(deliveryToJson({
        id: 'dlv_01KAPQ7V000XABCDEFGHJKMNPQ', origin: 'received', receivedAt: 0, provider: null, event: null, eventId: null,
        duplicateOf: null, request: { method: 'POST', path: '/', headers: [], body: new Uint8Array([1, 2, 3]) },
        verdict: { status: 'unchecked', reason: 'no_secret', message: '', diagnosis: [] }, response: null, attempts: [],
      }));
      for (const [name, run] of examples) {
        const setting = { request: new Request(url, signed), rawBody: signed.body, secret, url, order, exported };
        const result = await run(setting);
        console.log(JSON.stringify({ name, refused: result instanceof Response, config: result?.provider ?? null }));
      }`;
    writeFileSync(join(folder, 'examples.js'), program);
    const { code, stdout, stderr } = await startProgram(process.execPath, [join(folder, 'examples.js'), app.url], {
      cwd: folder,
      env: { WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('provider_unknown Did you mean') });
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results.map(({ name }) => name)).toEqual(examples.map(({ name }) => name));
    // The ones that verify were given a request that is genuine.
    expect(results.filter(({ refused }) => refused)).toEqual([]);
    expect(results.find(({ name }) => name === 'src/core/config.ts').config).toBe('connect2print');
    // What was signed and composed went out: both requests carry a signature.
    expect(app.requests.map(({ headers }) => headers.some(([name]) => /signature/i.test(name)))).toEqual([true, true]);
  });
});

it('publint finds nothing to say of the package', async () => {
  const pkgDir = join(packedProject(), 'node_modules', 'webhook-cli');
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});
