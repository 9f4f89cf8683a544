import type { Writable } from 'node:stream';
import type { Context, Input } from '../../context.js';
import { WebhookError } from '../../core/errors.js';

export interface Choice<T> {
  readonly name: string;
  readonly description: string;
  readonly value: T;
}

/**
 * A searchable list on a terminal. Without one nothing is ever asked.
 *
 * @throws WebhookError `usage` with the sentence and hint given, where there is no terminal; `interrupted` where the person ended it.
 */
export async function ask<T>(
  context: Context,
  question: string,
  choices: ReadonlyArray<Choice<T>>,
  missing: string,
  hint: string,
): Promise<T> {
  const streams = terminalOf(context);
  if (streams === null) throw new WebhookError('usage', missing, { hint });
  const { search } = await import('@inquirer/prompts');
  return answered(() =>
    search<T>(
      {
        message: question,
        pageSize: 12,
        source: (term) => {
          const words = (term ?? '').toLowerCase().split(/\s+/);
          return choices.filter(({ name, description }) =>
            words.every((word) => `${name} ${description}`.toLowerCase().includes(word)),
          );
        },
      },
      streams,
    ),
  );
}

/** Where a person is asked: standard output may be for a program. Null: there is no terminal to ask on. */
export function terminalOf({ stdin, stderr }: Context): { readonly input: Input; readonly output: Writable } | null {
  // What is a terminal is a stream of Node's own.
  return stdin.isTTY === true && stderr.isTTY === true ? { input: stdin, output: stderr as typeof stderr & Writable } : null;
}

/** Runs a prompt; ended with Ctrl-C it is an interruption like any other. */
export async function answered<T>(prompt: () => Promise<T>): Promise<T> {
  try {
    return await prompt();
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new WebhookError('interrupted', 'Nothing was chosen.', { cause: error });
    throw error;
  }
}

/**
 * Asks yes or no on a terminal.
 *
 * @throws WebhookError as `ask` does.
 */
export async function confirmed(context: Context, question: string, missing: string, hint: string): Promise<boolean> {
  const streams = terminalOf(context);
  if (streams === null) throw new WebhookError('usage', missing, { hint });
  const { confirm } = await import('@inquirer/prompts');
  return answered(() => confirm({ message: question, default: false }, streams));
}
