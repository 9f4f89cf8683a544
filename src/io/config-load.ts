/** Reads a config file, whatever its format, and says where it breaks. */
import { readFileSync, realpathSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from '../context.js';
import type { WebhookConfig } from '../core/config.js';
import { codeOf, messageOf, WebhookError } from '../core/errors.js';
import { expand, type Place, within } from './config-reader.js';
import { readWebhookConfig } from './config-schema.js';

/**
 * Expands the `${NAME}` of a secret, which stands under these keys.
 *
 * @throws WebhookError `config_env_missing`
 */
export type Late = (value: string, ...keys: readonly string[]) => string;

/**
 * A config file, checked and with its `${NAME}` expanded, but for those of its secrets: `late` does that.
 *
 * @throws WebhookError `config_invalid`, `config_env_missing`
 */
export async function readConfigFile(path: string, env: Context['env']): Promise<{ config: WebhookConfig; late: Late }> {
  const file = basename(path);
  const place = { file, path: file === 'package.json' ? ['webhook'] : [], env };
  const config = readWebhookConfig(await loadConfigFile(path), place);
  return { config, late: (value, ...keys) => expand(value, keys.reduce<Place>(within, place)) };
}

/**
 * The content of a config file; for package.json, what stands under "webhook". An empty file is an empty config.
 *
 * @throws WebhookError `config_invalid` where it cannot be read or parsed, with the line where the parser gives it.
 */
async function loadConfigFile(path: string): Promise<unknown> {
  refuseUnreadableTypeScript(path);
  const plain = await readPlainJson(path);
  if (plain !== null) return plain.config;
  // The default export is the one way in that is the same for Node and for a bundle.
  const { cosmiconfig, defaultLoaders } = (await import('cosmiconfig')).default;
  const yaml = defaultLoaders['.yaml'];
  const explorer = cosmiconfig('webhook', {
    // Its own loaders for code fall back on a second loader, which hides the first one's error.
    loaders: {
      '.js': loadModule,
      '.mjs': loadModule,
      '.cjs': loadModule,
      '.ts': loadModule,
      '.json': loadJson,
      noExt: (file: string, content: string) =>
        content.trimStart().startsWith('{') ? loadJson(file, content) : yaml(file, content),
    },
    searchStrategy: 'none',
    cache: false,
  });
  try {
    const found = await explorer.load(path);
    return found?.config ?? {};
  } catch (error) {
    throw explain(path, error);
  }
}

/**
 * A sound JSON file needs no library, and loading one takes longer than all else a small command does. Null: for
 * cosmiconfig to read, or to find the fault in.
 */
async function readPlainJson(path: string): Promise<{ config: unknown } | null> {
  if (extname(path) !== '.json' && basename(path) !== '.webhookrc') return null;
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
    if (typeof content !== 'object' || content === null) return null;
    const config: unknown =
      basename(path) === 'package.json' ? Object.entries(content).find(([key]) => key === 'webhook')?.[1] : content;
    if (typeof config !== 'object' || config === null || '$import' in content || '$import' in config) return null;
    return { config };
  } catch {
    return null;
  }
}

async function loadModule(path: string): Promise<unknown> {
  const module: Record<string, unknown> = await import(pathToFileURL(realpathSync(path)).href);
  if (!('default' in module)) throw new Error('it has no default export. Write: export default { … }');
  return module.default;
}

async function loadJson(path: string, content: string): Promise<unknown> {
  const text = content.replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (cause) {
    // V8 gives no line on Node 20, and for some faults no position on any version.
    const { parse, printParseErrorCode } = await import('jsonc-parser');
    const faults: Array<{ error: number; offset: number; length: number }> = [];
    parse(text, faults, { disallowComments: true, allowTrailingComma: false });
    const [first] = faults;
    if (first === undefined) throw cause;
    const before = text.slice(0, first.offset).split('\n');
    const what = printParseErrorCode(first.error)
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase();
    throw new ParseFailure(path, before.length, `column ${(before.at(-1)?.length ?? 0) + 1}, ${what}`, cause);
  }
}

/** A fault with a known line. */
class ParseFailure extends Error {
  readonly line: number;

  constructor(path: string, line: number, what: string, cause: unknown) {
    super(what, { cause });
    this.name = `ParseFailure in ${basename(path)}`;
    this.line = line;
  }
}

function explain(path: string, error: unknown): WebhookError {
  const file = basename(path);
  if (error instanceof ParseFailure) return broken(file, `line ${error.line}, ${error.message}.`, error);
  const mark = yamlMark(error);
  if (mark !== null) return broken(file, `line ${mark.line + 1}, column ${mark.column + 1}, ${mark.reason}.`, error);
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' || code === 'ENOTDIR') {
    const why = {
      ENOENT: 'does not exist',
      ENOTDIR: 'does not exist',
      EISDIR: 'is a folder',
      EACCES: 'may not be read by this user',
    }[code];
    return new WebhookError('config_invalid', `The config file '${path}' ${why}.`, {
      hint: 'Check the path, or make one with: webhook init',
      cause: error,
    });
  }
  if (/\.(js|mjs|cjs|ts)$/.test(file)) {
    const line = lineInStack(file, error);
    return new WebhookError(
      'config_invalid',
      `${file} failed to load${line === null ? '' : ` (line ${line})`}: ${messageOf(error)}`,
      {
        hint: `Run it alone to see more: node ${file}`,
        cause: error,
      },
    );
  }
  return broken(file, `${messageOf(error)}.`, error);
}

function broken(file: string, what: string, cause: unknown): WebhookError {
  return new WebhookError('config_invalid', `${file} cannot be parsed: ${what}`, { hint: `Correct it in ${file}.`, cause });
}

/** What js-yaml says about a fault; its lines and columns begin at 0. */
function yamlMark(error: unknown): { line: number; column: number; reason: string } | null {
  if (!(error instanceof Error) || !('mark' in error) || !('reason' in error)) return null;
  const { mark, reason } = error;
  if (typeof mark !== 'object' || mark === null || !('line' in mark) || !('column' in mark)) return null;
  if (typeof mark.line !== 'number' || typeof mark.column !== 'number') return null;
  return { line: mark.line, column: mark.column, reason: String(reason) };
}

/** The line of the file that an error's stack names first. */
function lineInStack(file: string, error: unknown): string | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  const escaped = file.replace(/[.]/g, '\\$&');
  return new RegExp(`${escaped}:(\\d+)`).exec(error.stack)?.[1] ?? null;
}

function refuseUnreadableTypeScript(path: string): void {
  if (extname(path) !== '.ts') return;
  const features: object = process.features;
  if ('typescript' in features && features.typescript) return;
  const file = basename(path);
  throw new WebhookError('config_invalid', `Node ${process.versions.node} cannot read ${file}: it does not strip types.`, {
    hint: `Use Node 22.18 or newer, or write it in JavaScript as ${file.replace(/\.ts$/, '.mjs')}.`,
  });
}
