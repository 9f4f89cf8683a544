/** How a delivery is answered where no target answers it. */
import type { Context } from '../../../context.js';
import { WebhookError } from '../../../core/errors.js';
import type { HttpResponse } from '../../../core/http/message.js';
import { chance } from '../chance.js';
import { type Session, wholeNumber } from '../session.js';

export interface AnswerFlags {
  readonly respond?: string;
  readonly respondBody?: string;
}

export async function answerOf(session: Session, flags: AnswerFlags): Promise<HttpResponse> {
  const { config, context } = session;
  const status = flags.respond === undefined ? (config.listen.respond ?? 200) : wholeNumber(flags.respond, '--respond', 200, 599);
  const text = flags.respondBody ?? config.listen.respondBody;
  if (text === null) return { status, headers: [['Content-Type', 'application/json']], body: Buffer.from('{"received":true}') };
  const { readInput } = await import('../../../io/files.js');
  const body = text.startsWith('@') ? await readInput(text.slice(1), context) : Buffer.from(text);
  return { status, headers: [['Content-Type', contentTypeOf(body)]], body };
}

function contentTypeOf(body: Uint8Array): string {
  try {
    JSON.parse(Buffer.from(body).toString('utf8'));
    return 'application/json';
  } catch {
    return 'text/plain; charset=utf-8';
  }
}

/** `3`: the first three fail; `20%`: each with that chance. */
export function failures(text: string | undefined, context: Context): () => boolean {
  if (text === undefined) return () => false;
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = Number(match?.[1]);
  if (match === null || (match[2] === '%' ? value > 100 : !Number.isInteger(value))) {
    throw new WebhookError('usage', `'${text}' is neither a number nor a percentage.`, { hint: 'Write --fail 3 or --fail 20%.' });
  }
  if (match[2] === '%') return () => chance(context) < value / 100;
  let left = value;
  return () => left-- > 0;
}
