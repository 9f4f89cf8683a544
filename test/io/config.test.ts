// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a config names an environment variable
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookConfig } from '../../src/core/config.js';
import { loadProvider } from '../../src/core/providers/load.js';
import { type Config, loadConfig } from '../../src/io/config.js';

let dir: string;

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'webhook-config-')));
  await mkdir(join(dir, '.git'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function put(name: string, content: unknown): Promise<void> {
  await mkdir(join(dir, name, '..'), { recursive: true });
  await writeFile(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
}

const load = (env: Record<string, string> = {}, cwd = dir): Promise<Config> => loadConfig({ cwd, env });

/** The error of a config, which has to have one. */
async function fault(
  content: unknown,
  env: Record<string, string> = {},
): Promise<{ code: string; message: string; hint: string }> {
  await put('webhook.config.json', content);
  return load(env).then(
    () => Promise.reject(new Error('The config was taken.')),
    (error) => error,
  );
}

describe('finding', () => {
  it.each<[string, string]>([
    ['package.json', '{"name": "app", "webhook": {"provider": "acme"}}'],
    ['.webhookrc', '{"provider": "acme"}'],
    ['.webhookrc', '{\n\t"provider":\n\t"acme"\n}'],
    ['.webhookrc', 'provider: acme'],
    ['.webhookrc.json', '{"provider": "acme"}'],
    ['.webhookrc.json', '\ufeff{"provider": "acme"}'],
    ['.webhookrc.yaml', 'provider: acme # ours'],
    ['.webhookrc.yml', 'provider: acme'],
    ['webhook.config.mjs', 'export default { provider: "acme" };'],
    ['webhook.config.cjs', 'module.exports = { provider: "acme" };'],
    ['webhook.config.json', '{"$schema": "https://example.com/schema.json", "provider": "acme"}'],
    ['webhook.config.yaml', 'provider: acme'],
  ])('reads %s', async (name, content) => {
    await put(name, content);
    await mkdir(join(dir, 'src/deep'), { recursive: true });
    const config = await load({}, join(dir, 'src/deep'));
    expect(config).toMatchObject({ path: join(dir, name), dir, provider: 'acme' });
  });

  it('reads webhook.config.js as the package says: a module, or CommonJS', async () => {
    await put('esm/package.json', { type: 'module' });
    await put('esm/webhook.config.js', 'export default { provider: "esm" };');
    await put('cjs/package.json', { type: 'commonjs' });
    await put('cjs/webhook.config.js', 'module.exports = { provider: "cjs" };');
    expect((await load({}, join(dir, 'esm'))).provider).toBe('esm');
    expect((await load({}, join(dir, 'cjs'))).provider).toBe('cjs');
  });

  it('reads webhook.config.ts where Node strips types, and says what to do where it does not', async () => {
    await put('webhook.config.ts', 'export default { provider: "acme" };');
    const features: object = process.features;
    if ('typescript' in features && features.typescript) expect((await load()).provider).toBe('acme');
    else
      await expect(load()).rejects.toMatchObject({ code: 'config_invalid', hint: expect.stringContaining('webhook.config.mjs') });
  });

  it('takes the file it is told, relative to the folder it runs in, over any other', async () => {
    await put('webhook.config.json', { provider: 'found' });
    await put('ci/hooks.json', { provider: 'told', store: 'x.db' });
    const config = await loadConfig({ cwd: dir, env: {}, explicitPath: 'ci/hooks.json' });
    expect(config).toMatchObject({ provider: 'told', store: join(dir, 'ci/x.db') });
  });

  it('does not look beyond the project root', async () => {
    await put('webhook.config.json', { provider: 'outer' });
    await put('inner/package.json', {});
    expect(await load({}, join(dir, 'inner'))).toMatchObject({ path: null, provider: null });
  });

  it('says where the file it is told is missing', async () => {
    await expect(loadConfig({ cwd: dir, env: {}, explicitPath: 'gone.json' })).rejects.toMatchObject({
      code: 'config_invalid',
      message: `The config file '${join(dir, 'gone.json')}' does not exist.`,
    });
  });

  it('takes in what $import names', async () => {
    await put('shared/hooks.json', { provider: 'acme', tolerance: '1m' });
    await put('webhook.config.json', { $import: './shared/hooks.json', tolerance: '2m' });
    expect(await load()).toMatchObject({ provider: 'acme', toleranceMs: 120_000 });
  });

  it('loads no library where there is no config, or a sound JSON file', async () => {
    vi.resetModules();
    vi.doMock('cosmiconfig', () => {
      throw new Error('loaded');
    });
    const fresh = await import('../../src/io/config.js');
    expect(await fresh.loadConfig({ cwd: dir, env: {} })).toMatchObject({ path: null, provider: null });
    await put('webhook.config.json', { provider: 'acme' });
    expect(await fresh.loadConfig({ cwd: dir, env: {} })).toMatchObject({ provider: 'acme' });
    await put('webhook.config.json', '{');
    await expect(fresh.loadConfig({ cwd: dir, env: {} })).rejects.toThrow();
    vi.doUnmock('cosmiconfig');
    vi.resetModules();
  });
});

describe('values', () => {
  it('are null or empty where nothing is said, as with an empty file', async () => {
    const nothing = await load();
    await put('webhook.config.yaml', '');
    const empty = await load();
    for (const config of [nothing, empty]) {
      expect(config.secrets()).toEqual([]);
      expect(config).toMatchObject({ to: null, store: null, toleranceMs: null, timeoutMs: null });
      expect(config.fixtures).toBe(join(dir, 'webhook-fixtures'));
      expect(config.listen).toMatchObject({ port: null, forwardTo: [], routes: [], allowInvalid: null });
      expect(config.retain).toEqual({ days: null, count: null, bytes: null });
      expect(config.providers.size).toBe(0);
    }
  });

  it('come in the form commands use', async () => {
    const content = {
      provider: 'connect2print',
      secret: ['new', 'old'],
      to: 'http://localhost:3000/webhooks',
      store: 'data/hooks.db',
      fixtures: './webhook-fixtures',
      tolerance: '5m',
      timeout: '1.5s',
      listen: {
        port: 0,
        host: '::1',
        path: '/hooks',
        forwardTo: 'http://localhost:3000',
        routes: { 'order.*': 'http://localhost:3001/orders', '*': 'http://localhost:3002' },
        events: ['order.*', '!order.updated'],
        maxBody: '1mb',
        respond: 202,
        respondBody: '@answers/ok.json',
        allowInvalid: false,
        print: ['headers', 'body'],
        ordered: true,
        concurrency: 4,
        tunnel: true,
        publicUrl: 'https://hooks.example.com',
        verifyToken: 'mine',
      },
      retain: { days: 30, count: 1000, bytes: '1gb' },
    } satisfies WebhookConfig;
    await put('webhook.config.json', content);
    const config = await load();
    expect(config.secrets()).toEqual(['new', 'old']);
    expect(config).toMatchObject({
      provider: 'connect2print',
      to: 'http://localhost:3000/webhooks',
      store: join(dir, 'data/hooks.db'),
      fixtures: join(dir, 'webhook-fixtures'),
      toleranceMs: 300_000,
      timeoutMs: 1_500,
      retain: { days: 30, count: 1000, bytes: 1e9 },
    });
    expect(config.listen).toEqual({
      port: 0,
      host: '::1',
      path: '/hooks',
      forwardTo: ['http://localhost:3000'],
      routes: [
        ['order.*', 'http://localhost:3001/orders'],
        ['*', 'http://localhost:3002'],
      ],
      events: 'order.*,!order.updated',
      maxBodyBytes: 1_000_000,
      respond: 202,
      respondBody: `@${join(dir, 'answers/ok.json')}`,
      allowInvalid: false,
      print: 'headers,body',
      ordered: true,
      concurrency: 4,
      subdomain: null,
      tunnelHost: null,
      tunnel: true,
      publicUrl: 'https://hooks.example.com',
      verifyTokens: ['mine'],
    });
  });

  it('define a provider that is as good as a built-in one', async () => {
    await put('webhook.config.json', {
      providers: {
        acme: {
          title: 'Acme',
          signature: {
            header: 'X-Acme-Signature',
            algorithm: 'sha256',
            encoding: 'hex',
            prefix: 'v1=',
            content: '{timestamp}.{body}',
            timestampHeader: 'X-Acme-Time',
            tolerance: '5m',
          },
          event: 'body:/type',
          eventId: 'body:/id',
          timeout: '10s',
          retries: ['1s', '1m'],
          events: { 'thing.made': 'A thing was made' },
          headers: [['X-Acme-Event', '{event}']],
          clues: { values: { 'body:/id': '^ac_' } },
        },
        constructor: {
          signature: [{ at: ['header:X-A', 'query:sig'], key: [{ encoding: 'hex' }], tolerance: { past: '1m', future: null } }],
        },
      },
    });
    const { providers } = await load();
    expect(await loadProvider('acme', providers)).toMatchObject({
      name: 'acme',
      title: 'Acme',
      custom: true,
      event: ['body:/type'],
      retriesMs: [1_000, 60_000],
      schemes: [
        {
          at: ['header:X-Acme-Signature'],
          prefix: 'v1=',
          timestamp: ['header:X-Acme-Time'],
          tolerance: { past: 300_000, future: 300_000 },
        },
      ],
    });
    expect(await loadProvider('constructor', providers)).toMatchObject({
      schemes: [{ at: ['header:X-A', 'query:sig'], keys: [{ encoding: 'hex' }], tolerance: { past: 60_000, future: null } }],
    });
  });
});

describe('environment variables', () => {
  it('are expanded in text anywhere, and in numbers and flags', async () => {
    await put('webhook.config.json', {
      to: 'http://${APP_HOST}:${APP_PORT}/hooks',
      listen: { port: '${PORT}', ordered: '${ORDERED}', forwardTo: ['http://${APP_HOST}'] },
    });
    const config = await load({ APP_HOST: 'app', APP_PORT: '3000', PORT: '4400', ORDERED: 'true' });
    expect(config.to).toBe('http://app:3000/hooks');
    expect(config.listen).toMatchObject({ port: 4400, ordered: true, forwardTo: ['http://app'] });
  });

  it('are not looked for in what a variable holds, nor where $$ escapes them', async () => {
    await put('webhook.config.json', { provider: '${A}', to: '$${A} costs $5', secret: '$${A}' });
    const config = await load({ A: '${B}' });
    expect(config).toMatchObject({ provider: '${B}', to: '${A} costs $5' });
    expect(config.secrets()).toEqual(['${A}']);
  });

  it('that are missing or empty are an error that names the variable and the key', async () => {
    for (const env of [{}, { APP_URL: '' }]) {
      expect(await fault({ listen: { forwardTo: ['http://a', '${APP_URL}'] } }, env)).toMatchObject({
        code: 'config_env_missing',
        message: 'webhook.config.json: listen.forwardTo[1] needs the environment variable APP_URL, which is not set.',
      });
    }
    expect(await fault({ to: '${toString}' })).toMatchObject({ code: 'config_env_missing' });
  });

  it('of a secret are asked for only when the secret is', async () => {
    await put('webhook.config.json', { secret: ['plain', '${HOOK_SECRET}'] });
    const config = await load();
    expect(() => config.secrets()).toThrow(/secret needs the environment variable HOOK_SECRET/);
    expect((await load({ HOOK_SECRET: 's3cret' })).secrets()).toEqual(['plain', 's3cret']);
  });

  it('are names, not shell expressions, which may hold a secret', async () => {
    const { code, message, hint } = await fault({ to: '${APP_URL:-s3cret}' });
    expect({ code, message }).toEqual({
      code: 'config_invalid',
      message: 'webhook.config.json: to has a ${…} that does not name an environment variable.',
    });
    expect(hint).toContain('$${…}');
  });
});

describe('names of the user’s own', () => {
  it('are names and nothing else: none reaches a prototype, and none is there that was not written', async () => {
    await put(
      'webhook.config.json',
      `{"listen": {"routes": {"__proto__": "http://localhost:1/", "constructor": "http://localhost:2/"}},
        "providers": {"acme": {"signature": {"header": "X", "algorithm": "sha256", "encoding": "hex", "content": "{body}"},
          "event": "body:/type", "events": {"__proto__": "A line.", "toString": "Another."}}}}`,
    );
    const { listen, providers } = await load();
    expect(listen.routes).toEqual([
      ['__proto__', 'http://localhost:1/'],
      ['constructor', 'http://localhost:2/'],
    ]);
    const acme = await loadProvider('acme', providers);
    expect(Object.keys(acme?.events ?? {})).toEqual(['__proto__', 'toString']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('mistakes', () => {
  it.each<[unknown, string, string]>([
    [{ providr: 'acme' }, 'there is no key "providr".', "Did you mean 'provider'?"],
    [{ listen: { forwardto: 'http://a' } }, 'there is no key "forwardto" in listen.', "Did you mean 'forwardTo'?"],
    [{ listen: { zzz: 1 } }, 'there is no key "zzz" in listen.', 'Known keys: port, host,'],
    [
      { providers: { acme: { signature: { heder: 'X' } } } },
      'there is no key "heder" in providers.acme.signature.',
      "Did you mean 'header'?",
    ],
    [{ providers: { acme: { signature: { header: 'X', custom: {} } } } }, 'there is no key "custom" in', ''],
    [{ providers: { acme: { name: 'other' } } }, 'there is no key "name" in providers.acme.', ''],
    [{ retain: { day: 1 } }, 'there is no key "day" in retain.', "Did you mean 'days'?"],
    ['{"__proto__": {"provider": "acme"}}', 'there is no key "__proto__".', ''],
    ['{"providers": {"__proto__": {}}}', 'the key "__proto__" must be lower-case letters, digits and dashes.', ''],
  ])('unknown keys are named with the nearest known one: %j', async (content, message, hint) => {
    expect(await fault(content)).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(`webhook.config.json: ${message}`),
      hint: expect.stringContaining(hint),
    });
  });

  it.each<[unknown, string]>([
    [[], 'the config must be an object, but is an empty list.'],
    ['"text"', 'the config must be an object, but is the text "text".'],
    [{ provider: 5 }, "provider must be a provider's name, but is the number 5."],
    [{ provider: '' }, "provider must be a provider's name, but is empty text."],
    [{ to: null }, 'to must be a URL, but is empty.'],
    [{ secret: { value: 's3cret' } }, 'secret must be text, or a list of texts, but is an object.'],
    [{ secret: ['a', 12345] }, 'secret[1] must be text, or a list of texts, but is a number.'],
    [{ tolerance: 300 }, "tolerance must be a duration such as '5m' or '10s', but is the number 300."],
    [{ timeout: '10 apples' }, "timeout must be a duration such as '5m' or '10s', but is the text \"10 apples\"."],
    [{ listen: [] }, 'listen must be an object, but is an empty list.'],
    [{ listen: { port: '4400' } }, 'listen.port must be a whole number from 0 to 65535, but is the text "4400".'],
    [{ listen: { port: 65_536 } }, 'listen.port must be a whole number from 0 to 65535, but is the number 65536.'],
    [{ listen: { path: 'hooks' } }, 'listen.path must be a path that begins with \'/\', but is the text "hooks".'],
    [{ listen: { ordered: 'yes' } }, 'listen.ordered must be true or false, but is the text "yes".'],
    [{ listen: { maxBody: 'big' } }, 'listen.maxBody must be a size such as \'25mb\', but is the text "big".'],
    [{ listen: { print: 'everything' } }, 'listen.print must be any of'],
    [{ listen: { routes: { 'order.*': 1 } } }, 'listen.routes["order.*"] must be a URL, but is the number 1.'],
    [{ providers: { Acme: {} } }, 'the key "Acme" must be lower-case letters, digits and dashes.'],
    [
      { providers: { acme: { signature: { header: 'X', kind: 'custom' } } } },
      "providers.acme.signature.kind must be 'hmac', 'hash', 'token',",
    ],
    [{ providers: { acme: { signature: [{ header: 'X Y' }] } } }, "providers.acme.signature[0].header must be a header's name,"],
    [{ providers: { acme: { signature: { at: 'X-Acme' } } } }, 'providers.acme.signature.at must be a place such as'],
    [
      { providers: { acme: { clues: { values: { 'body:/id': '(' } } } } },
      'providers.acme.clues.values["body:/id"] must be a regular expression,',
    ],
    [{ api: { acme: { key: 12345 } } }, 'api.acme.key must be text, but is a number.'],
    [{ api: { Acme: {} } }, 'the key "Acme" must be a provider\'s name.'],
    [
      { providers: { acme: { testEvent: { url: 'https://a/{id}' } } } },
      'providers.acme.testEvent must be an object with url and',
    ],
    [
      { providers: { acme: { testEvent: { url: '/{id}', keyVariable: 'K' } } } },
      "providers.acme.testEvent.url must be an absolute URL with '{id}' in it,",
    ],
    [
      { providers: { acme: { testEvent: { keyPrefixes: { test: 't' } } } } },
      'providers.acme.testEvent.keyPrefixes must be an object with test and live,',
    ],
    [{ providers: { acme: { headers: [['X']] } } }, "providers.acme.headers[0] must be a pair ['Name', 'value'], but is a list."],
  ])('wrong values are named with what was expected: %j', async (content, message) => {
    expect(await fault(content)).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(`webhook.config.json: ${message}`),
    });
  });

  it('show no secret', async () => {
    expect((await fault({ secret: [['s3cret']] })).message).not.toContain('s3cret');
    expect((await fault({ api: { acme: { key: ['s3cret'] } } })).message).not.toContain('s3cret');
  });

  it('in a provider of one’s own name the file, too', async () => {
    expect(await fault({ providers: { acme: { signature: { header: 'X', content: '{timestamp}.{body}' } } } })).toMatchObject({
      code: 'provider_invalid',
      message: expect.stringMatching(/^webhook\.config\.json: Provider 'acme', signature\.content/),
      hint: expect.stringContaining('timestampHeader'),
    });
  });

  it('in package.json are named under its key', async () => {
    await put('package.json', { webhook: { listen: { prot: 1 } } });
    await expect(load()).rejects.toMatchObject({ message: 'package.json: there is no key "prot" in webhook.listen.' });
  });

  it.each<[string, string, RegExp]>([
    [
      'webhook.config.json',
      '{\n  "provider": "acme",\n  "to" "x"\n}',
      /webhook\.config\.json cannot be parsed: line 3, column 8, /,
    ],
    ['webhook.config.json', '{"provider": "acme",}', /cannot be parsed: line 1, column 21, /],
    ['webhook.config.json', '// no comments\n{}', /cannot be parsed: line 1, column 1, /],
    ['package.json', '{\n "webhook": {', /package\.json cannot be parsed: line 2, /],
    ['.webhookrc', '{\n  "provider": \n}', /\.webhookrc cannot be parsed: line 3, /],
    ['.webhookrc.yaml', 'provider: acme\nlisten: [1\nto: x: y', /\.webhookrc\.yaml cannot be parsed: line \d+, column \d+, /],
    ['webhook.config.mjs', 'throw new Error("no database");', /webhook\.config\.mjs failed to load.*: no database/],
    ['webhook.config.mjs', 'export const provider = "acme";', /webhook\.config\.mjs failed to load.*no default export/],
    ['webhook.config.cjs', 'module.exports = {\n  provider: ;\n};', /webhook\.config\.cjs failed to load.*: /],
  ])('in the syntax of %s are named with their line', async (name, content, message) => {
    await put(name, content);
    await expect(load()).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringMatching(message) });
  });
});
