/** What a listener and the thread that keeps for it say to each other: many at a time, since each message has its price. */
import type { Answer, Attempt, Delivery } from '../../core/delivery/delivery.js';
import { type ErrorCode, WebhookError } from '../../core/errors.js';
import type { Finding } from '../../core/signature/verdict.js';

export interface Outcome {
  readonly response?: Answer;
  readonly attempts?: readonly Attempt[];
  readonly diagnosis?: readonly Finding[];
}

export type Order =
  | { readonly number: number; readonly keep: Delivery }
  | { readonly number: number; readonly finish: string; readonly outcome: Outcome };

/** `close`: write what is waiting, and end. */
export type Request = readonly Order[] | 'close';

export type Reply = { readonly number: number } & ({ readonly duplicateOf: string | null } | { readonly error: ErrorMessage });

/** The first message says whether the store could be opened. */
export type Response = { readonly opened: ErrorMessage | null } | readonly Reply[];

/** An error loses its class between threads; this is what of it is told. */
export interface ErrorMessage {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly hint: string | null;
}

export function errorToMessage(error: unknown): ErrorMessage {
  if (error instanceof WebhookError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error), hint: null };
}

export function messageToError({ code, message, hint }: ErrorMessage): Error {
  return code === null ? new Error(message) : new WebhookError(code, message, hint === null ? {} : { hint });
}

/**
 * The bytes of a message are copied to the other thread with the whole buffer they are a part of, so that small parts of
 * large buffers are cut out first.
 */
export function cutOut(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
