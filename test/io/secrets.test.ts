import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebhookError } from '../../src/core/errors.js';
import { resolveSecrets, type SecretSources } from '../../src/io/secrets.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'webhook-secrets-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const none: SecretSources = { flags: [], files: [], env: {}, provider: null, config: { path: null, secrets: () => [] } };
const inConfig = (...secrets: string[]): SecretSources['config'] => ({
  path: '/app/webhook.config.json',
  secrets: () => secrets,
});

async function file(content: string | Uint8Array): Promise<string> {
  await writeFile(join(dir, 'secret'), content);
  return join(dir, 'secret');
}

describe('resolveSecrets', () => {
  it('takes flags before the variables, the provider’s variable before the common one, and the config last', async () => {
    const all: SecretSources = {
      flags: ['flag'],
      files: [],
      env: { ACME_PRINT_WEBHOOK_SECRET: 'own', WEBHOOK_SECRET: 'common' },
      provider: 'acme-print',
      config: inConfig('config'),
    };
    expect(await resolveSecrets(all)).toEqual({ secrets: ['flag'], source: '--secret' });
    expect(await resolveSecrets({ ...all, flags: [] })).toEqual({ secrets: ['own'], source: 'ACME_PRINT_WEBHOOK_SECRET' });
    expect(await resolveSecrets({ ...all, flags: [], provider: 'other' })).toEqual({
      secrets: ['common'],
      source: 'WEBHOOK_SECRET',
    });
    expect(await resolveSecrets({ ...all, flags: [], provider: null })).toEqual({
      secrets: ['common'],
      source: 'WEBHOOK_SECRET',
    });
    expect(await resolveSecrets({ ...all, flags: [], env: {} })).toEqual({ secrets: ['config'], source: 'webhook.config.json' });
    expect(await resolveSecrets(none)).toEqual({ secrets: [], source: 'none' });
  });

  it('takes flags and files together, in that order, for a rotation', async () => {
    const path = await file('from a file\n');
    const found = await resolveSecrets({ ...none, flags: ['new', 'old'], files: [path] });
    expect(found).toEqual({ secrets: ['new', 'old', 'from a file'], source: '--secret, --secret-file' });
    expect(await resolveSecrets({ ...none, config: inConfig('new', 'old') })).toMatchObject({ secrets: ['new', 'old'] });
  });

  it.each([
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n', 's3cret'],
    ['s3cret', 's3cret'],
    [' s3cret \n\n', ' s3cret \n'],
    ['-----BEGIN KEY-----\nabc\n-----END KEY-----\n', '-----BEGIN KEY-----\nabc\n-----END KEY-----'],
    ['\ufeffs3cret\n', 's3cret'],
  ])('removes one trailing line break of a file and nothing else: %j', async (content, secret) => {
    expect((await resolveSecrets({ ...none, files: [await file(content)] })).secrets).toEqual([secret]);
  });

  it('finds a relative file from the folder it is told', async () => {
    await file('s3cret');
    expect((await resolveSecrets({ ...none, files: ['secret'], cwd: dir })).secrets).toEqual(['s3cret']);
  });

  it('counts an empty variable as unset', async () => {
    const env = { ACME_WEBHOOK_SECRET: '', WEBHOOK_SECRET: '' };
    expect((await resolveSecrets({ ...none, provider: 'acme', env, config: inConfig('config') })).secrets).toEqual(['config']);
  });

  it('refuses a secret of nothing but white space, wherever it comes from', async () => {
    const blank = { code: 'secret_malformed' };
    await expect(resolveSecrets({ ...none, flags: [''] })).rejects.toMatchObject(blank);
    await expect(resolveSecrets({ ...none, flags: ['good', ' \t'] })).rejects.toMatchObject(blank);
    await expect(resolveSecrets({ ...none, env: { WEBHOOK_SECRET: '  ' } })).rejects.toMatchObject({
      ...blank,
      message: 'The environment variable WEBHOOK_SECRET is nothing but white space.',
    });
    await expect(resolveSecrets({ ...none, config: inConfig('') })).rejects.toMatchObject(blank);
    for (const content of ['', '\n', '  \n'])
      await expect(resolveSecrets({ ...none, files: [await file(content)] })).rejects.toMatchObject(blank);
  });

  it('says which file is missing, is a folder, or is no text', async () => {
    await expect(resolveSecrets({ ...none, files: ['gone'], cwd: dir })).rejects.toMatchObject({
      code: 'input_unreadable',
      message: "The secret file 'gone' does not exist.",
    });
    await expect(resolveSecrets({ ...none, files: [dir] })).rejects.toMatchObject({ code: 'input_unreadable' });
    const utf16 = await file(Buffer.from('\ufeffs3cret', 'utf16le'));
    await expect(resolveSecrets({ ...none, files: [utf16] })).rejects.toMatchObject({
      code: 'secret_malformed',
      message: expect.stringContaining('UTF-8'),
    });
  });

  it('asks the config only where nothing came before it', async () => {
    const config = {
      path: '/app/webhook.config.json',
      secrets: (): string[] => {
        throw new WebhookError('config_env_missing', 'No.');
      },
    };
    expect((await resolveSecrets({ ...none, flags: ['flag'], config })).secrets).toEqual(['flag']);
    await expect(resolveSecrets({ ...none, config })).rejects.toMatchObject({ code: 'config_env_missing' });
  });
});
