import type { Context } from '../../context.js';
import { codeOf } from '../../core/errors.js';

/** Aborted by an interruption, and once nobody reads any more what is written: `| head` has seen enough. */
export function whileRead({ signal, stdout }: Pick<Context, 'signal' | 'stdout'>): AbortSignal {
  const unread = new AbortController();
  stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') unread.abort();
  });
  return AbortSignal.any([signal, unread.signal]);
}
