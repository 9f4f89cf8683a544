/** Reads deliveries out of files: exported ones, HTTP messages, and what other programs recorded. */
import { promises } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Input } from '../context.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { LISTS, readEntry } from '../core/delivery/entries.js';
import { readGosmeeScript } from '../core/delivery/gosmee.js';
import { contentId, imported } from '../core/delivery/imported.js';
import { parseRawRequest } from '../core/delivery/raw.js';
import { WebhookError } from '../core/errors.js';
import { JsonItems } from '../core/events/json-items.js';
import { readInput, streamInput, unreadable } from './files.js';

export interface ReadContext {
  readonly cwd: string;
  readonly stdin: Input;
  /** Unix time in milliseconds: that of what does not tell its own. */
  now(): number;
  /** Ends the wait for more of standard input. */
  readonly interruption?: AbortSignal;
}

/** A delivery, or why there is none: what stands after it may still be read. */
export type Entry =
  | { readonly delivery: Delivery; readonly problem: null }
  | { readonly delivery: null; readonly problem: WebhookError };

const KINDS = /\.(json|ndjson|jsonl|har|http|sh)$/i;

/**
 * The deliveries in a file (or standard input, `-`), or in the files of a folder in the order of their names; read as they
 * are asked for, one in memory at a time.
 *
 * @throws WebhookError `input_unreadable` where it cannot be read, `input_malformed` where a folder holds nothing to read.
 */
export async function* readDeliveries(path: string, context: ReadContext): AsyncGenerator<Entry, void, undefined> {
  const full = resolve(context.cwd, path);
  const folder = path !== '-' && (await promises.stat(full).catch((error) => fail(path, error))).isDirectory();
  if (!folder) return yield* readFile(path, context);
  const names = (await promises.readdir(full).catch((error) => fail(path, error))).filter((name) => KINDS.test(name)).sort();
  if (names.length === 0) {
    throw new WebhookError('input_malformed', `There is nothing to read in the folder '${path}'.`, {
      hint: 'Deliveries are in files that end in .json, .ndjson, .jsonl, .har, .http or .sh.',
    });
  }
  const scripts = new Set(names.filter((name) => name.endsWith('.sh')));
  for (const name of names) {
    // The body that belongs to a script beside it.
    if (name.endsWith('.json') && scripts.has(name.replace(/json$/, 'sh'))) continue;
    yield* readFile(join(path, name), context);
  }
}

/** True for the beginning of an HTTP request, whatever the file is called. */
export function isHttpMessage(bytes: Uint8Array): boolean {
  return /^[A-Z]{3,10} \S+ HTTP\/1\.[01]\r?\n/.test(Buffer.from(bytes.subarray(0, 8_192)).toString('latin1'));
}

/** An HTTP message as a delivery; it does not say when it came. */
export function fromHttpMessage(bytes: Uint8Array, receivedAt: number): Delivery {
  const { method, path, headers, body } = parseRawRequest(bytes);
  return imported({ id: contentId(receivedAt, bytes), receivedAt, request: { method, path, headers, body } });
}

async function* readFile(path: string, context: ReadContext): AsyncGenerator<Entry, void, undefined> {
  const items = new JsonItems(LISTS);
  const entry = (item: Uint8Array): Entry[] => {
    try {
      const delivery = readEntry(item);
      return delivery === null ? [] : [{ delivery, problem: null }];
    } catch (error) {
      return [{ delivery: null, problem: placed(error, `${path}, number ${items.count}`) }];
    }
  };
  // What is not JSON is one request, and small enough to be read whole.
  let message: Uint8Array[] | null = null;
  let empty = true;
  try {
    for await (const chunk of streamInput(path, context)) {
      if (empty && /^[#A-Z]/.test(String.fromCharCode(chunk[0] ?? 0))) message = [];
      empty = false;
      if (message !== null) message.push(chunk);
      else for (const item of items.push(chunk)) yield* entry(item);
    }
    if (empty) throw new WebhookError('input_malformed', 'The file is empty.');
    if (message !== null) yield { delivery: await readMessage(path, Buffer.concat(message), context), problem: null };
    else for (const item of items.end()) yield* entry(item);
  } catch (error) {
    // What cannot be read at all is for the caller to hear; what is wrong inside is one problem of the file.
    if (error instanceof WebhookError && (error.code === 'input_unreadable' || error.code === 'interrupted')) throw error;
    yield { delivery: null, problem: placed(error, path) };
  }
}

/** An HTTP message, or a script of gosmee's with the body beside it. */
async function readMessage(path: string, bytes: Uint8Array, context: ReadContext): Promise<Delivery> {
  const script = path === '-' ? null : readGosmeeScript(Buffer.from(bytes).toString('utf8'));
  if (script === null) return fromHttpMessage(bytes, context.now());
  const full = resolve(context.cwd, path);
  const body = await readInput(join(dirname(full), script.body), context).catch((cause: unknown) => {
    throw new WebhookError('input_malformed', `The body it names, '${script.body}', is not beside it.`, { cause });
  });
  // It has no time but that of the file.
  const receivedAt = Math.floor((await promises.stat(full)).mtimeMs);
  const id = contentId(receivedAt, Buffer.concat([bytes, body]));
  return imported({ id, receivedAt, request: { ...script.request, body } });
}

function placed(error: unknown, place: string): WebhookError {
  if (!(error instanceof WebhookError)) throw error;
  return new WebhookError(error.code, `${place}: ${error.message}`, {
    ...(error.hint === null ? {} : { hint: error.hint }),
    cause: error,
  });
}

function fail(path: string, error: unknown): never {
  throw unreadable(path, error);
}
