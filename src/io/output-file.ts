/** Files that are written piece by piece: whole, or not at all. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, WebhookError } from '../core/errors.js';
import { unwritable } from './files.js';
import { makeFolder } from './folder.js';

export interface OutputFile {
  /** The piece is copied before this returns, or resolves. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Puts the file in its place. Until then nothing stands there, and after a crash nothing does. */
  finish(): Promise<void>;
  /** Leaves no trace of it. After `finish` it does nothing. */
  abandon(): Promise<void>;
}

export interface OutputOptions {
  /** Take the place of a file that is there. */
  readonly force: boolean;
  readonly cwd: string;
}

const BUFFERED = 1_000_000;

/**
 * Opens a file to be written. It is written beside its place under another name, and moved there at the end.
 *
 * @throws WebhookError `output_exists`, where there is one and it is not to be replaced, or `output_unwritable`.
 */
export async function openOutput(path: string, options: OutputOptions): Promise<OutputFile> {
  const target = resolve(options.cwd, path);
  const draft = join(dirname(target), `.webhook-${randomBytes(6).toString('hex')}.tmp`);
  const existing = await stat(target).catch(() => null);
  if (existing?.isDirectory() === true) throw unwritable(path, systemError('EISDIR'));
  // A pipe or a device is there to be written to, and must not be replaced by a file.
  const special = existing !== null && !existing.isFile();
  if (existing !== null && !special && !options.force) throw unwritable(path, systemError('EEXIST'));
  let file: FileHandle;
  try {
    makeFolder(dirname(target));
    file = special ? await open(target, 'w') : await open(draft, 'wx', 0o666);
  } catch (error) {
    throw unwritable(path, error);
  }
  let waiting = Buffer.allocUnsafe(0);
  let spare = Buffer.allocUnsafe(0);
  let size = 0;
  let isOpen = true;
  /** One piece is on its way to the disk while the next is made. */
  let writing: Promise<unknown> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await writing;
    writing = writeAll(file, waiting.subarray(0, size));
    // It is heard at the next turn.
    writing.catch(() => {});
    [waiting, spare] = [spare, waiting];
    size = 0;
  };
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await file.close();
  };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await close().catch(() => {});
      await rm(draft, { force: true });
      throw unwritable(path, error);
    }
  };
  return {
    write(piece) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
      const add = (): void => {
        // The first file of a folder full is as small as the last.
        if (waiting.length < size + bytes.length) {
          const larger = Buffer.allocUnsafe(Math.max(size + bytes.length, Math.min(BUFFERED, 4 * size)));
          larger.set(waiting.subarray(0, size));
          waiting = larger;
        }
        waiting.set(bytes, size);
        size += bytes.length;
      };
      if (size + bytes.length > BUFFERED && size > 0) return attempt(flush).then(add);
      add();
      return Promise.resolve();
    },
    finish: () =>
      attempt(async () => {
        await flush();
        await writing;
        await close();
        if (!special) await (options.force ? rename(draft, target) : place(draft, target));
      }),
    async abandon() {
      await close().catch(() => {});
      await rm(draft, { force: true });
    },
  };
}

/** At one go, where the system takes it: `writeFile` comes back to the event loop for every half a megabyte. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** Moves a file to where none stands, and fails where one does: a rename alone would replace it. */
async function place(draft: string, target: string): Promise<void> {
  try {
    await link(draft, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    // Some file systems know no links; there, nobody may come between the two.
    if ((await stat(target).catch(() => null)) !== null) throw systemError('EEXIST');
    await rename(draft, target);
    return;
  }
  await rm(draft, { force: true });
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * Writes a file into a folder. One that is there with the same bytes is left alone.
 *
 * @returns Whether it was written.
 * @throws WebhookError `output_exists` where another one is there and it is not to be replaced, or `output_unwritable`.
 */
export async function writeInto(folder: string, name: string, bytes: Uint8Array, options: OutputOptions): Promise<boolean> {
  const path = join(folder, name);
  if (dirname(resolve(path)) !== resolve(folder)) {
    throw new WebhookError('output_unwritable', `'${name}' is not the name of a file in '${folder}'.`);
  }
  const there = await readFile(resolve(options.cwd, path)).catch(() => null);
  if (there !== null && Buffer.compare(there, bytes) === 0) return false;
  const file = await openOutput(path, options);
  await file.write(bytes);
  await file.finish();
  return true;
}
