/** Where the project of a working directory begins, and what belongs there. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep, win32 } from 'node:path';
import type { Context } from '../context.js';

/** The names a config file may have, in the order they are looked for; `package.json` counts only with a "webhook" key. */
export const CONFIG_FILE_NAMES: readonly string[] = [
  'package.json',
  '.webhookrc',
  '.webhookrc.json',
  '.webhookrc.yaml',
  '.webhookrc.yml',
  'webhook.config.js',
  'webhook.config.mjs',
  'webhook.config.cjs',
  'webhook.config.json',
  'webhook.config.yaml',
  'webhook.config.ts',
];

/**
 * The nearest folder, from `cwd` upwards, that holds a config file, a package.json or a .git; null where there is none.
 */
export function findProjectRoot(cwd: string): string | null {
  for (const folder of foldersUp(cwd)) {
    if (isFile(join(folder, 'package.json')) || exists(join(folder, '.git')) || findConfigFile(folder) !== null) return folder;
  }
  return null;
}

/** The config file of one folder, as an absolute path; null where it has none. */
export function findConfigFile(folder: string): string | null {
  for (const name of CONFIG_FILE_NAMES) {
    const path = join(folder, name);
    if (isFile(path) && (name !== 'package.json' || mentionsWebhook(path))) return path;
  }
  return null;
}

/**
 * Where deliveries are kept when nobody says otherwise: `<project root>/.webhook/deliveries.db`, or, outside of any
 * project, `webhook/deliveries.db` in the user's data directory. Nothing is created.
 */
export function defaultStorePath(context: Pick<Context, 'cwd' | 'env'>, platform: NodeJS.Platform = process.platform): string {
  const root = findProjectRoot(context.cwd);
  return root === null
    ? join(userDataFolder(context.env, platform), 'webhook', 'deliveries.db')
    : join(root, '.webhook', 'deliveries.db');
}

/**
 * A file that stands for the project where one has to be named, relative to its repository and with slashes: the config, else
 * package.json, else README.md, there or not.
 */
export function repositoryFile({ cwd, env }: Pick<Context, 'cwd' | 'env'>, config: string | null): string {
  const project = findProjectRoot(cwd) ?? cwd;
  const named = [config, join(project, 'package.json')].find((path) => path !== null && isFile(path));
  const file = named ?? join(project, 'README.md');
  const repository = env.GITHUB_WORKSPACE || [...foldersUp(project)].find((folder) => exists(join(folder, '.git'))) || project;
  const path = relative(repository, file);
  // On another drive of Windows there is no way from one to the other.
  return path.startsWith('..') || isAbsolute(path) ? basename(file) : path.split(sep).join('/');
}

/** The user's data directory: `XDG_DATA_HOME` or `~/.local/share`, `~/Library/Application Support`, `%LOCALAPPDATA%`. */
export function userDataFolder(env: Context['env'], platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA;
    if (local !== undefined && win32.isAbsolute(local)) return local;
    return win32.join(env.USERPROFILE || homedir(), 'AppData', 'Local');
  }
  const home = env.HOME || homedir();
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  // The XDG specification: a path that is not absolute is to be ignored.
  const data = env.XDG_DATA_HOME;
  return data !== undefined && posix.isAbsolute(data) ? data : posix.join(home, '.local', 'share');
}

/** `folder` and every folder above it, nearest first. */
export function* foldersUp(folder: string): Generator<string> {
  let current = resolve(folder);
  while (true) {
    yield current;
    const parent = dirname(current);
    if (parent === current) return;
    current = parent;
  }
}

/** True for a package.json that holds a config, and for one too broken to tell, so that reading it says what is wrong. */
function mentionsWebhook(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return false;
  }
  if (!text.includes('"webhook"')) return false;
  try {
    const content: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof content === 'object' && content !== null && Object.hasOwn(content, 'webhook');
  } catch {
    return true;
  }
}

export function isFile(path: string): boolean {
  return statOf(path)?.isFile() === true;
}

export function exists(path: string): boolean {
  return statOf(path) !== undefined;
}

/** A folder that may not be searched holds nothing for us. */
function statOf(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
