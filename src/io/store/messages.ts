/** What a listener and the thread that keeps for it say to each other: many at a time, since each message has its price. */
import type { Answer, Attempt } from '../../core/delivery/delivery.js';
import { type ErrorCode, WebhookError } from '../../core/errors.js';
import type { Finding } from '../../core/signature/verdict.js';
import type { FlatDelivery } from './flat.js';
import type { Retention } from './retention.js';

export interface Outcome {
  readonly response?: Answer;
  readonly attempts?: readonly Attempt[];
  readonly diagnosis?: readonly Finding[];
}

/** What is asked for at once. A number says which answer belongs to what. */
export interface Orders {
  readonly keep: PackedDeliveries;
  readonly finish: ReadonlyArray<{ readonly number: number; readonly id: string; readonly outcome: Outcome }>;
}

/** `close`: write what is waiting, and end. */
export type Request = Orders | 'close';

export type Reply = { readonly number: number } & ({ readonly duplicateOf: string | null } | { readonly error: ErrorMessage });

/** What the thread is begun with. */
export interface Workplace {
  readonly path: string;
  readonly retention: Retention | null;
}

/** The first message says whether the store could be opened. `removed`: so many were beyond the store's bounds. */
export type Response = { readonly opened: ErrorMessage | null } | { readonly removed: number } | readonly Reply[];

/** Deliveries in the form that passes to another thread in a third of the time that objects take, their bytes all in one piece. */
export interface PackedDeliveries {
  readonly values: readonly PackedDelivery[];
  readonly bytes: ArrayBuffer;
}

type PackedDelivery = readonly [
  number: number,
  id: string,
  origin: FlatDelivery['origin'],
  receivedAt: number,
  provider: string | null,
  event: string | null,
  eventId: string | null,
  duplicateOf: string | null,
  method: string,
  path: string,
  headers: string,
  status: FlatDelivery['status'],
  reason: FlatDelivery['reason'],
  message: string,
  diagnosis: string | null,
  responseStatus: number | null,
  responseMs: number | null,
  answerHeaders: string | null,
  answerLength: number | null,
  bodyLength: number,
  attempts: readonly Attempt[] | null,
];

export interface Numbered {
  readonly number: number;
  readonly delivery: FlatDelivery;
}

/** Bytes are copied, so that what they are a part of stays here; the copy is for the other thread to have. */
export function pack(deliveries: readonly Numbered[]): PackedDeliveries {
  let size = 0;
  for (const { delivery } of deliveries) size += delivery.body.byteLength + (delivery.answer?.byteLength ?? 0);
  const bytes = new Uint8Array(size);
  let used = 0;
  const put = (part: Uint8Array): number => {
    bytes.set(part, used);
    used += part.byteLength;
    return part.byteLength;
  };
  const values = deliveries.map(
    ({ number, delivery: one }): PackedDelivery => [
      number,
      one.id,
      one.origin,
      one.receivedAt,
      one.provider,
      one.event,
      one.eventId,
      one.duplicateOf,
      one.method,
      one.path,
      one.headers,
      one.status,
      one.reason,
      one.message,
      one.diagnosis,
      one.responseStatus,
      one.responseMs,
      one.answerHeaders,
      one.answer === null ? null : put(one.answer),
      put(one.body),
      one.attempts.length === 0 ? null : one.attempts.map(detachedAttempt),
    ],
  );
  return { values, bytes: bytes.buffer };
}

/** What was packed, in its order. */
export function unpack({ values, bytes }: PackedDeliveries): Numbered[] {
  let used = 0;
  const take = (length: number): Uint8Array => {
    used += length;
    return new Uint8Array(bytes, used - length, length);
  };
  return values.map((value) => {
    const [number, id, origin, receivedAt, provider, event, eventId, duplicateOf, method, path, headers, ...more] = value;
    const [status, reason, message, diagnosis, responseStatus, responseMs, answerHeaders, answerLength, bodyLength, attempts] =
      more;
    const answer = answerLength === null ? null : take(answerLength);
    const delivery: FlatDelivery = {
      id,
      origin,
      receivedAt,
      provider,
      event,
      eventId,
      duplicateOf,
      method,
      path,
      headers,
      status,
      reason,
      message,
      diagnosis,
      responseStatus,
      responseMs,
      answerHeaders,
      answer,
      body: take(bodyLength),
      attempts: attempts ?? [],
    };
    return { number, delivery };
  });
}

export function detachedOutcome({ response, attempts, diagnosis }: Outcome): Outcome {
  return {
    ...(response === undefined ? {} : { response: { ...response, body: cutOut(response.body) } }),
    ...(attempts === undefined ? {} : { attempts: attempts.map(detachedAttempt) }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  };
}

function detachedAttempt(attempt: Attempt): Attempt {
  return attempt.outcome === 'responded' ? { ...attempt, body: cutOut(attempt.body) } : attempt;
}

/**
 * The bytes of a message are copied to the other thread with the whole buffer they are a part of, so that small parts of
 * large buffers are cut out first.
 */
function cutOut(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

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
