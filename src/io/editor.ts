/** Hands bytes to a person's editor. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { WebhookError } from '../core/errors.js';

/** What a shell ends with where it finds no such program, or may not run it. */
const NOT_STARTED: ReadonlySet<number> = new Set([126, 127]);

/**
 * Opens the bytes in $VISUAL or $EDITOR (a command line, read by a shell: `code --wait`, `"/my editor" -f`) and gives what was
 * saved; the same array where nothing was changed. Bytes that do not end in a newline do not get one, although most editors
 * add it.
 *
 * @param name The name of the file the editor is shown; its ending says how to colour it.
 * @throws WebhookError `usage` where no editor is set or there is none of that name, `interrupted` where it failed,
 * `input_unreadable` where it left no file.
 */
export async function editBytes(
  context: Pick<Context, 'env' | 'cwd' | 'stdout'>,
  bytes: Uint8Array,
  name: string,
): Promise<Uint8Array> {
  const editor = context.env.VISUAL || context.env.EDITOR;
  if (!editor) {
    throw new WebhookError('usage', 'There is no editor: $EDITOR is not set.', { hint: 'Set it, or change values with --set.' });
  }
  const folder = await mkdtemp(join(tmpdir(), 'webhook-edit-'));
  const file = join(folder, name);
  try {
    await writeFile(file, bytes, { mode: 0o600 });
    const code = await runEditor(editor, file, context);
    if (code !== null && NOT_STARTED.has(code)) {
      throw new WebhookError('usage', `The editor '${editor}' could not be started; nothing was sent.`, {
        hint: 'Set $EDITOR to one that is installed, or change values with --set.',
      });
    }
    if (code !== 0) {
      throw new WebhookError('interrupted', `The editor ended with ${code ?? 'a signal'}; nothing was sent.`);
    }
    const saved = await readFile(file).catch((cause: unknown) => {
      throw new WebhookError('input_unreadable', 'The editor left no file behind; nothing was sent.', {
        hint: 'Save it under the name it was opened with.',
        cause,
      });
    });
    return asEdited(bytes, saved);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runEditor(editor: string, file: string, context: Pick<Context, 'env' | 'cwd' | 'stdout'>): Promise<number | null> {
  // What is written to a pipe or a file is this program's; the editor draws on the terminal all the same.
  const options = {
    stdio: ['inherit', context.stdout.isTTY === true ? 'inherit' : 2, 'inherit'] as ['inherit', 'inherit' | 2, 'inherit'],
    cwd: context.cwd,
    env: { ...context.env },
  };
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${file}"`, { ...options, shell: true })
      : spawn('sh', ['-c', `${editor} "$@"`, editor, file], options);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new WebhookError('interrupted', 'The editor could not be started; nothing was sent.', { cause: error }));
    });
    child.on('exit', resolve);
  });
}

/** What was saved, without the newline that the editor added at the end. */
function asEdited(before: Uint8Array, after: Buffer): Uint8Array {
  const saved = endsInNewline(before) ? after : after.subarray(0, after.length - newlineLength(after));
  return Buffer.compare(saved, before) === 0 ? before : saved;
}

function endsInNewline(bytes: Uint8Array): boolean {
  return bytes[bytes.length - 1] === 0x0a;
}

function newlineLength(bytes: Uint8Array): number {
  if (!endsInNewline(bytes)) return 0;
  return bytes[bytes.length - 2] === 0x0d ? 2 : 1;
}
