/** Finds the signing secrets of a run. They are never written to a message, a log or a record. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Context } from '../context.js';
import { codeOf, WebhookError } from '../core/errors.js';
import { secretVariable } from '../core/providers/variable.js';
import type { Config } from './config.js';

export interface SecretSources {
  /** Values of `--secret`. */
  readonly flags: readonly string[];
  /** Values of `--secret-file`. */
  readonly files: readonly string[];
  readonly env: Context['env'];
  /** The provider's name, for `<PROVIDER>_WEBHOOK_SECRET`. */
  readonly provider: string | null;
  readonly config: Pick<Config, 'path' | 'secrets'>;
  /** Where relative secret files start; the process's own folder by default. */
  readonly cwd?: string;
}

export interface ResolvedSecrets {
  /** In the order they were given; empty where there is none. */
  readonly secrets: string[];
  /** Where they came from, to show: `--secret`, `STRIPE_WEBHOOK_SECRET`, `webhook.config.json`, `none`. */
  readonly source: string;
}

/**
 * Takes the secrets from the first place that has any: flags and files (together), `<PROVIDER>_WEBHOOK_SECRET`,
 * `WEBHOOK_SECRET`, the config. An environment variable that is empty counts as unset.
 *
 * @throws WebhookError `secret_malformed` where one holds nothing but white space or its file is empty or not text,
 *   `input_unreadable` where a file cannot be read, `config_env_missing` where the config names a variable that is not set.
 */
export async function resolveSecrets(sources: SecretSources): Promise<ResolvedSecrets> {
  const { flags, files, env, provider, config } = sources;
  if (flags.length > 0 || files.length > 0) {
    for (const secret of flags)
      requireContent(secret, 'The secret given with --secret', 'Check that the shell variable it came from is set.');
    const read = await Promise.all(files.map((file) => readSecretFile(file, sources.cwd ?? process.cwd())));
    const used = [...(flags.length > 0 ? ['--secret'] : []), ...(files.length > 0 ? ['--secret-file'] : [])];
    return { secrets: [...flags, ...read], source: used.join(', ') };
  }
  for (const variable of [...(provider === null ? [] : [secretVariable(provider)]), 'WEBHOOK_SECRET']) {
    const secret = env[variable];
    if (secret === undefined || secret === '') continue;
    requireContent(secret, `The environment variable ${variable}`, 'Set it to the secret, or unset it.');
    return { secrets: [secret], source: variable };
  }
  const secrets = config.secrets();
  if (secrets.length === 0 || config.path === null) return { secrets: [], source: 'none' };
  const file = basename(config.path);
  for (const secret of secrets)
    requireContent(secret, `A secret in ${file}`, 'Put the secret there, or name an environment variable that holds it.');
  return { secrets, source: file };
}

async function readSecretFile(path: string, cwd: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(cwd, path));
  } catch (cause) {
    const missing = codeOf(cause) === 'ENOENT';
    throw new WebhookError('input_unreadable', `The secret file '${path}' ${missing ? 'does not exist' : 'cannot be read'}.`, {
      hint: missing ? 'Check the path; it is relative to the current folder.' : 'Check its permissions, and that it is a file.',
      cause,
    });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new WebhookError('secret_malformed', `The secret file '${path}' is not UTF-8 text.`, {
      hint: 'Save it as UTF-8. Windows PowerShell writes UTF-16 with >; use Set-Content -Encoding utf8 there.',
      cause,
    });
  }
  // Editors and echo end a file with a line break, which is no part of the secret. All else might be.
  const secret = text.replace(/\r?\n$/, '');
  requireContent(secret, `The secret file '${path}'`, 'Write the secret to it.');
  return secret;
}

function requireContent(secret: string, what: string, hint: string): void {
  if (secret.trim() !== '') return;
  throw new WebhookError('secret_malformed', `${what} is ${secret === '' ? 'empty' : 'nothing but white space'}.`, { hint });
}
