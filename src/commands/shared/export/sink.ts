/** Where an export goes: standard output, a file, or a folder. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../../../context.js';
import type { Delivery } from '../../../core/delivery/delivery.js';
import { fileNameOf } from '../../../core/delivery/file-name.js';
import { WebhookError } from '../../../core/errors.js';
import { countDeliveries } from '../../../core/units.js';
import { type OutputFile, type OutputOptions, openOutput, writeInto } from '../../../io/output-file.js';
import { writeBytes } from '../stdout.js';
import type { Form, Text } from './form.js';
import type { Page } from './json-piece.js';

export interface SinkFlags {
  readonly output?: string;
  readonly force?: boolean;
}

const STDOUT_PIECE = 64 * 1024;

export interface Sink {
  count: number;
  /** Of a folder: how many files were there with the same content, and left alone. */
  same: number;
  add(delivery: Delivery): Promise<void>;
  /** Null: each has a place of its own. */
  readonly addPage: ((page: Page) => Promise<void>) | null;
  /** What is told at an interruption; null: it may end the program at once, as nothing is left behind that would have to be cleared away. */
  readonly interrupted: (() => WebhookError) | null;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

/**
 * @throws WebhookError as `openOutput` does.
 */
export async function openSink(context: Context, flags: SinkFlags, form: Form): Promise<Sink> {
  const { output } = flags;
  const options = { force: flags.force === true, cwd: context.cwd };
  if (output !== undefined && (/[\\/]$/.test(output) || (await isFolder(resolve(context.cwd, output))))) {
    return folderSink(output, form, options);
  }
  const path = output === '-' ? null : (output ?? null);
  return fileSink(path === null ? stdoutFile(context) : await openOutput(path, options), form, path);
}

function folderSink(folder: string, form: Form, options: OutputOptions): Sink {
  return {
    count: 0,
    same: 0,
    async add(delivery) {
      const bytes = Buffer.from((form.whole ?? form.piece)(delivery));
      const written = await writeInto(folder, fileNameOf(delivery, form.extension), bytes, options);
      this.count++;
      if (!written) this.same++;
    },
    addPage: null,
    interrupted() {
      return new WebhookError('interrupted', `Interrupted after ${countDeliveries(this.count)} to ${folder}.`, {
        hint: 'Run it again for the rest.',
      });
    },
    finish: async () => {},
    abandon: async () => {},
  };
}

function fileSink(file: OutputFile, form: Form, path: string | null): Sink {
  // One that stands alone is held back until it is known that none follows.
  let held: Text | null = null;
  return {
    count: 0,
    same: 0,
    async add(delivery) {
      if (form.whole === null && this.count > 0) {
        throw new WebhookError('usage', 'A raw HTTP message fills a file, and several deliveries are selected.', {
          hint: 'Give a folder: -o messages/',
        });
      }
      const piece = form.piece(delivery);
      this.count++;
      if (form.whole === null) held = piece;
      else {
        await file.write(this.count === 1 ? form.start : form.between);
        await file.write(piece);
      }
    },
    async addPage({ bytes, deliveries }) {
      if (deliveries === 0) return;
      await file.write(this.count === 0 ? form.start : form.between);
      await file.write(bytes);
      this.count += deliveries;
    },
    interrupted: path === null ? null : () => new WebhookError('interrupted', `Interrupted: ${path} is not written.`),
    async finish() {
      await file.write(held ?? form.end);
      await file.finish();
    },
    abandon: () => file.abandon(),
  };
}

function stdoutFile({ stdout }: Context): OutputFile {
  let waiting: Buffer[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    if (bytes.length > 0) await writeBytes(stdout, bytes);
  };
  return {
    async write(piece) {
      waiting.push(Buffer.from(piece as string));
      size += piece.length;
      if (size > STDOUT_PIECE) await flush();
    },
    finish: flush,
    abandon: async () => {},
  };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
