/** The library as it is published: its types for those who write TypeScript, and every example in its documentation. */
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
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
  ...['index', 'receiver', 'sender'].map((name) => `src/testing/${name}.ts`),
];

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

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
  const imports = [
    `import { ${names} } from 'webhook-cli';`,
    "import { createReceiver, createSender } from 'webhook-cli/testing';",
    "import assert from 'node:assert/strict';",
  ];
  return `${imports.join('\n')}\n${declaration}\n${bodies.join('\n')}\n`;
}

describe('the types', () => {
  const settings = `: { request: Request; rawBody: Uint8Array; secret: string; url: string; order: object; exported: string }`;
  const source = `${moduleOf('export const examples: Array<[string, (setting: any) => Promise<unknown>]> = [];', settings)}
import type { IncomingMessage } from 'node:http';
import { defineProvider as define, providers, type Delivery, type Provider, type Verdict } from 'webhook-cli';
export function express(request: IncomingMessage & { body: Buffer }): Verdict {
  return verify({ provider: 'connect2print', body: request.body, headers: request.headers, secret: ['new', 'old'] });
}
export const names: string[] = providers.map((provider: Provider) => provider.name);
export const statusOf = ({ verdict }: Delivery): 'valid' | 'invalid' | 'unchecked' => verdict.status;
export const cause = (verdict: Verdict): string => verdict.diagnosis[0]?.message ?? verdict.message;
export async function testing(url: string): Promise<void> {
  await using receiver = await createReceiver({ provider: 'connect2print', secret: 's' });
  const next = await receiver.next();
  if (next.event === 'stock.low') next.json.data.stock.quantity.toFixed();
  const created = await receiver.next({ event: 'order.created' });
  created.json.data.order.items[0]?.sku.toUpperCase();
  created.json.event satisfies 'order.created';
  const own = await createReceiver({ provider: define({ name: 'acme' }), respond: ({ event }) => ({ status: event === null ? 400 : 200 }) });
  (await own.next({ event: 'thing.made' })).json satisfies unknown;
  const sender = createSender({ provider: 'cal-com', secret: 's', to: url });
  await sender.send('BOOKING_CREATED', { corrupt: 'signature' });
  await sender.send('not.listed', { data: { any: 'thing' } });
  // @ts-expect-error: an event that the provider has not
  await sender.send('BOOKING_CRAETED');
  // @ts-expect-error: an event that the provider has not
  await receiver.next({ event: 'order.craeted' });
  // @ts-expect-error: a field that the sample has not
  created.json.data.order.totla;
  // @ts-expect-error: a way to break it that there is not
  await sender.send('BOOKING_CREATED', { corrupt: 'everything' });
}
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

  it('serve CommonJS, which gets the testing library alone', () => {
    const folder = packedProject();
    const required = `import testing = require('webhook-cli/testing');
export async function ordered(): Promise<number> {
  const receiver: testing.Receiver<'connect2print'> = await testing.createReceiver({ provider: 'connect2print', secret: 's' });
  await testing.createSender({ provider: 'connect2print', secret: 's', to: receiver.url }).send('order.created');
  return (await receiver.next({ event: 'order.created' })).json.data.order.total;
}
export const codeOf = (error: testing.WebhookError): testing.ErrorCode => error.code;
export const isOurs = (error: unknown): boolean => error instanceof testing.WebhookError;
`;
    writeFileSync(join(folder, 'required.cts'), required);
    const compilerOptions = {
      module: 'node18',
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    };
    writeFileSync(join(folder, 'required.json'), JSON.stringify({ compilerOptions, files: ['required.cts'] }));
    expect(compile(folder, 'required.json')).toBe('');
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
      [...DOCUMENTED, 'src/core/library.ts', 'src/core/library.ts', 'README.md', 'README.md'].sort(),
    );
  });

  it('run as they stand', async () => {
    // An endpoint that refuses what the samples' sender forges.
    const app = await startApp(({ body, header }, response) => {
      const [signature] = header('x-webhook-signature');
      const genuine = ['a secret', SECRET].map((secret) => createHmac('sha256', secret).update(body).digest('hex'));
      response.writeHead(signature === undefined || genuine.includes(signature) ? 200 : 401).end();
    });
    const folder = packedProject();
    const program = `
      import { compose as composed, deliveryToJson } from 'webhook-cli';
      ${moduleOf('const examples = [];', '')}
      const secret = '${SECRET}', url = process.argv[2];
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
      env: { WEBHOOK_SECRET: SECRET },
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
    // What was signed, composed and sent from a sample went out: each request carries a signature.
    const carry = app.requests.filter(({ headers }) => headers.some(([name]) => /signature/i.test(name)));
    expect([app.requests.length, carry.length]).toEqual([5, 5]);
  });
});

it('publint finds nothing to say of the package', async () => {
  const pkgDir = join(packedProject(), 'node_modules', 'webhook-cli');
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});
