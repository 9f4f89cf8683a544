/** What a listener and the thread that keeps for it say to each other: many at a time, since each message has its price. */
import type { Answer, Attempt } from '../../core/delivery/delivery.js';
import { type ErrorCode, WebhookError } from '../../core/errors.js';
import type { Finding } from '../../core/signature/verdict.js';
import type { DeliveryKind, FlatDelivery } from './flat.js';
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

/** What is on disk now. Nearly all of it is done without more to say, so its numbers do. */
export interface Replies {
  readonly done: readonly number[];
  readonly others: readonly Reply[];
}

/** What the thread is begun with. */
export interface Workplace {
  readonly path: string;
  readonly retention: Retention | null;
}

/** The first message says whether the store could be opened. `removed`: so many were beyond the store's bounds. */
export type Response = { readonly opened: ErrorMessage | null } | { readonly removed: number } | Replies;

/** Deliveries in the form that passes to another thread in a third of the time that objects take, their bytes all in one piece. */
export interface PackedDeliveries {
  readonly kinds: readonly PackedKind[];
  readonly values: readonly PackedDelivery[];
  readonly bytes: ArrayBuffer;
}

type PackedKind = Omit<DeliveryKind, 'answer'> & { readonly answerLength: number | null };

type PackedDelivery = readonly [
  number: number,
  /** Which of the kinds. */
  kind: number,
  id: string,
  receivedAt: number,
  event: string | null,
  eventId: string | null,
  headers: string,
  responseMs: number | null,
  bodyLength: number,
  /** What few have: they end here where it has none of it. */
  ...rest: [] | [duplicateOf: string | null, diagnosis: string | null, attempts: readonly Attempt[]],
];

export interface Numbered {
  readonly number: number;
  readonly delivery: FlatDelivery;
}

/** Bytes are copied, so that what they are a part of stays here; the copy is for the other thread to have. */
export function pack(deliveries: readonly Numbered[]): PackedDeliveries {
  const kinds: DeliveryKind[] = [];
  let size = 0;
  for (const { delivery } of deliveries) {
    size += delivery.body.byteLength;
    if (kinds.at(-1) !== delivery.kind) {
      kinds.push(delivery.kind);
      size += delivery.kind.answer?.byteLength ?? 0;
    }
  }
  const bytes = new Uint8Array(size);
  let used = 0;
  const put = (part: Uint8Array): number => {
    bytes.set(part, used);
    used += part.byteLength;
    return part.byteLength;
  };
  const packedKinds = kinds.map(({ answer, ...kind }) => ({ ...kind, answerLength: answer === null ? null : put(answer) }));
  let at = 0;
  const values = deliveries.map(({ number, delivery: one }): PackedDelivery => {
    if (kinds[at] !== one.kind) at++;
    const length = put(one.body);
    const { id, receivedAt, event, eventId, headers, responseMs, duplicateOf, diagnosis, attempts } = one;
    return duplicateOf === null && diagnosis === null && attempts.length === 0
      ? [number, at, id, receivedAt, event, eventId, headers, responseMs, length]
      : [
          ...([number, at, id, receivedAt, event, eventId, headers, responseMs, length] as const),
          ...([duplicateOf, diagnosis, attempts.map(detachedAttempt)] as const),
        ];
  });
  return { kinds: packedKinds, values, bytes: bytes.buffer };
}

/** What was packed, in its order. */
export function unpack({ kinds, values, bytes }: PackedDeliveries): Numbered[] {
  let used = 0;
  const take = (length: number): Uint8Array => {
    used += length;
    return new Uint8Array(bytes, used - length, length);
  };
  const own = kinds.map(
    ({ answerLength, ...kind }): DeliveryKind => ({ ...kind, answer: answerLength === null ? null : take(answerLength) }),
  );
  return values.map((value) => {
    const [number, kind, id, receivedAt, event, eventId, headers, responseMs, length, ...rest] = value;
    const [duplicateOf = null, diagnosis = null, attempts = []] = rest;
    const body = take(length);
    const delivery: FlatDelivery = {
      kind: own[kind] as DeliveryKind,
      id,
      receivedAt,
      event,
      eventId,
      duplicateOf,
      headers,
      diagnosis,
      responseMs,
      body,
      attempts,
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
