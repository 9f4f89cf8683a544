/** The config of a run: found, read, checked, and every value in the form that commands use. */
import { basename, dirname, join, resolve } from 'node:path';
import type { Context } from '../context.js';
import type { ListenConfig, WebhookConfig } from '../core/config.js';
import { WebhookError } from '../core/errors.js';
import { defineProvider } from '../core/providers/define.js';
import type { OwnProviders } from '../core/providers/load.js';
import type { Provider } from '../core/providers/model.js';
import { parseDuration, parseSize } from '../core/units.js';
import type { Late } from './config-load.js';
import { findConfigFile, findProjectRoot } from './project.js';

/** What a config says; null where it says nothing, so that `flag ?? config ?? default` reads as it should. */
export interface Config {
  /** The file it was read from, absolute; null where there is none. */
  readonly path: string | null;
  /** The folder of that file. */
  readonly dir: string | null;
  readonly provider: string | null;
  /**
   * The secrets, with `${NAME}` expanded only now, so that a command that needs none works without the variable.
   *
   * @throws WebhookError `config_env_missing`
   */
  secrets(): string[];
  /**
   * How a provider's API is reached. The key is expanded only when it is asked for.
   *
   * @throws WebhookError `config_env_missing`
   */
  api(provider: string): { readonly url: string | null; key(): string | null };
  readonly to: string | null;
  /** Absolute. */
  readonly store: string | null;
  /** Absolute: the folder for fixtures of the project's own, whether or not there is one. */
  readonly fixtures: string;
  readonly toleranceMs: number | null;
  readonly timeoutMs: number | null;
  readonly listen: ListenSettings;
  /** Ready to be handed to `loadProvider`. */
  readonly providers: OwnProviders;
  readonly retain: { readonly days: number | null; readonly count: number | null; readonly bytes: number | null };
}

export interface ListenSettings {
  readonly port: number | null;
  readonly host: string | null;
  readonly path: string | null;
  readonly forwardTo: readonly string[];
  /** First match wins. */
  readonly routes: ReadonlyArray<readonly [pattern: string, url: string]>;
  /** Patterns, comma-separated, as `--events` takes them. */
  readonly events: string | null;
  readonly maxBodyBytes: number | null;
  readonly respond: number | null;
  /** As `--respond-body` takes it; a file in it is absolute. */
  readonly respondBody: string | null;
  readonly allowInvalid: boolean | null;
  /** Comma-separated, as `--print` takes it. */
  readonly print: string | null;
  readonly ordered: boolean | null;
  readonly concurrency: number | null;
  /** A driver's name, or true for the default one. */
  readonly tunnel: string | boolean | null;
  readonly tunnelHost: string | null;
  readonly subdomain: string | null;
  readonly publicUrl: string | null;
  readonly verifyTokens: readonly string[];
}

/**
 * Reads the config that applies in a folder: `explicitPath` (relative to `cwd`), else the one in the project root. Where
 * there is none, no parser is loaded and every value is null or empty.
 *
 * @throws WebhookError `config_invalid` (unreadable, unparsable, unknown key, wrong type), `config_env_missing`, or
 *   `provider_invalid` for a provider that contradicts itself; each names the file and the key.
 * @example const config = await loadConfig({ cwd: context.cwd, env: context.env });
 */
export async function loadConfig(options: {
  cwd: string;
  env: Context['env'];
  explicitPath?: string | undefined;
}): Promise<Config> {
  const path = options.explicitPath === undefined ? findConfig(options.cwd) : resolve(options.cwd, options.explicitPath);
  if (path === null) return settle({}, null, (value) => value, options.cwd);
  // Most runs have no config: what reads and checks one is loaded only here.
  const { readConfigFile } = await import('./config-load.js');
  const { config, late } = await readConfigFile(path, options.env);
  return settle(config, path, late, options.cwd);
}

function findConfig(cwd: string): string | null {
  const root = findProjectRoot(cwd);
  return root === null ? null : findConfigFile(root);
}

function settle(config: WebhookConfig, path: string | null, late: Late, cwd: string): Config {
  const dir = path === null ? null : dirname(path);
  const absolute = (file: string): string => (dir === null ? file : resolve(dir, file));
  return {
    path,
    dir,
    provider: config.provider ?? null,
    secrets: () => listOf(config.secret).map((secret) => late(secret, 'secret')),
    api(provider) {
      const { url, key } = config.api?.[provider] ?? {};
      return { url: url ?? null, key: () => (key === undefined ? null : late(key, 'api', provider, 'key')) };
    },
    to: config.to ?? null,
    store: config.store === undefined ? null : absolute(config.store),
    fixtures: config.fixtures === undefined ? join(dir ?? findProjectRoot(cwd) ?? cwd, OWN_FIXTURES) : absolute(config.fixtures),
    toleranceMs: config.tolerance === undefined ? null : parseDuration(config.tolerance),
    timeoutMs: config.timeout === undefined ? null : parseDuration(config.timeout),
    listen: settleListen(config.listen ?? {}, absolute),
    providers: ownProviders(config, path),
    retain: { days: config.retain?.days ?? null, count: config.retain?.count ?? null, bytes: bytesOf(config.retain?.bytes) },
  };
}

/** Where a project keeps fixtures of its own when nobody says otherwise. */
const OWN_FIXTURES = 'webhook-fixtures';

function settleListen(listen: ListenConfig, absolute: (file: string) => string): ListenSettings {
  const { respondBody } = listen;
  return {
    port: listen.port ?? null,
    host: listen.host ?? null,
    path: listen.path ?? null,
    forwardTo: listOf(listen.forwardTo),
    routes: Object.entries(listen.routes ?? {}),
    events: joined(listen.events),
    maxBodyBytes: bytesOf(listen.maxBody),
    respond: listen.respond ?? null,
    respondBody: respondBody?.startsWith('@') ? `@${absolute(respondBody.slice(1))}` : (respondBody ?? null),
    allowInvalid: listen.allowInvalid ?? null,
    print: joined(listen.print),
    ordered: listen.ordered ?? null,
    concurrency: listen.concurrency ?? null,
    tunnel: listen.tunnel ?? null,
    tunnelHost: listen.tunnelHost ?? null,
    subdomain: listen.subdomain ?? null,
    publicUrl: listen.publicUrl ?? null,
    verifyTokens: listOf(listen.verifyToken),
  };
}

function ownProviders(config: WebhookConfig, path: string | null): OwnProviders {
  const own = new Map<string, Provider>();
  for (const [name, definition] of Object.entries(config.providers ?? {})) {
    try {
      own.set(name, defineProvider({ ...definition, name }, { custom: true }));
    } catch (error) {
      if (!(error instanceof WebhookError) || path === null) throw error;
      throw new WebhookError(error.code, `${basename(path)}: ${error.message}`, {
        ...(error.hint === null ? {} : { hint: error.hint }),
        cause: error,
      });
    }
  }
  return own;
}

function bytesOf(size: string | number | undefined): number | null {
  if (size === undefined) return null;
  return typeof size === 'number' ? size : parseSize(size);
}

function joined(words: string | readonly string[] | undefined): string | null {
  return words === undefined ? null : listOf(words).join(',');
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
