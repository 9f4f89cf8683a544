/** Reading what a command is pointed at, and writing what it is told to. */
// `promises` is loaded when it is first used: what only reads a file does without.
import { createReadStream, promises, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import type { Context, Input } from '../context.js';
import { codeOf, messageOf, WebhookError } from '../core/errors.js';
import { makeFolder } from './folder.js';

/**
 * The bytes of a file, or of standard input where the path is `-`. Relative paths start at `cwd`.
 *
 * @throws WebhookError `input_unreadable`; `interrupted` where the signal is aborted while it waits for input.
 * @example const body = await readInput('-', context, { signal: context.signal });
 */
export async function readInput(
  path: string,
  from: Pick<Context, 'stdin' | 'cwd'>,
  options: { signal?: AbortSignal } = {},
): Promise<Uint8Array> {
  if (path === '-') return readStdin(from.stdin, options.signal);
  try {
    return readFileSync(resolve(from.cwd, path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readStdin(stdin: Input, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdinChunks(stdin, signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * As `readInput`, a piece at a time, for what may be larger than memory.
 *
 * @throws WebhookError `input_unreadable`; `interrupted` where it is interrupted while it waits for standard input.
 */
export async function* streamInput(
  path: string,
  from: Pick<Context, 'stdin' | 'cwd'> & { readonly interruption?: AbortSignal },
): AsyncGenerator<Uint8Array, void, undefined> {
  if (path === '-') {
    yield* stdinChunks(from.stdin, from.interruption);
    return;
  }
  const stream = createReadStream(resolve(from.cwd, path), { highWaterMark: 256 * 1024 });
  try {
    yield* stream;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    stream.destroy();
  }
}

async function* stdinChunks(stdin: Input, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  if (stdin.isTTY === true) {
    throw new WebhookError('input_unreadable', 'Nothing is piped to standard input.', {
      hint: "Pipe something in, as in 'webhook … - < body.json', or name a file in place of '-'.",
    });
  }
  if (signal !== undefined) addAbortSignal(signal, stdin);
  try {
    for await (const chunk of stdin) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    if (signal?.aborted === true)
      throw new WebhookError('interrupted', 'Interrupted while reading standard input.', { cause: error });
    throw new WebhookError('input_unreadable', `Standard input could not be read: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * Writes a file, and the folders it stands in. Where a file is already there it is left alone, unless `force`. Relative
 * paths start at `cwd`; `mode` (default 0o666, less the umask) is that of a new file.
 *
 * @throws WebhookError `output_exists`, or `output_unwritable`, after which no half-written new file is left.
 */
export async function writeOutput(
  path: string,
  bytes: Uint8Array | string,
  options: { force?: boolean; mode?: number; cwd?: string } = {},
): Promise<void> {
  const target = resolve(options.cwd ?? process.cwd(), path);
  const force = options.force ?? false;
  let created = false;
  try {
    // A folder that is made for what only its owner reads is as private.
    makeFolder(dirname(target), options.mode === 0o600 ? 0o700 : 0o777);
    const file = await promises.open(target, force ? 'w' : 'wx', options.mode ?? 0o666);
    created = !force;
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (created) await promises.rm(target, { force: true });
    throw unwritable(path, error);
  }
}

/** Why a file could not be read, as a sentence. */
export function unreadable(path: string, cause: unknown): WebhookError {
  const problem = (message: string, hint: string): WebhookError => new WebhookError('input_unreadable', message, { hint, cause });
  switch (codeOf(cause)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return problem(`There is no file '${path}'.`, 'Check the path; it is relative to the current folder.');
    case 'EISDIR':
      return problem(`'${path}' is a folder, not a file.`, 'Name a file in it.');
    case 'EACCES':
    case 'EPERM':
      return problem(
        `'${path}' may not be read by this user.`,
        'Change its permissions, or run this as somebody who may read it.',
      );
    default:
      return problem(`'${path}' could not be read: ${messageOf(cause)}.`, "Try another file, or pipe it in and name '-'.");
  }
}

/** Why a file could not be written, as a sentence. */
export function unwritable(path: string, cause: unknown): WebhookError {
  const problem = (message: string, hint: string): WebhookError =>
    new WebhookError('output_unwritable', message, { hint, cause });
  switch (codeOf(cause)) {
    case 'EEXIST':
      return new WebhookError('output_exists', `'${path}' is already there and was left as it is.`, {
        hint: 'Choose another name, or add --force to overwrite it.',
        cause,
      });
    case 'EISDIR':
      return problem(`'${path}' is a folder, not a file.`, 'Name a file in it.');
    case 'ENOTDIR':
      return problem(`'${path}' cannot be written: a part of its path is a file, not a folder.`, 'Choose another path.');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return problem(`'${path}' may not be written by this user.`, 'Choose another folder, or change its permissions.');
    case 'ENOSPC':
      return problem(`'${path}' could not be written: the disk is full.`, 'Make room, or choose another disk.');
    default:
      return problem(`'${path}' could not be written: ${messageOf(cause)}.`, 'Choose another path.');
  }
}
