/** The statements that keep a delivery, and what is bound to them. */
import type { Answer, Attempt } from '../../core/delivery/delivery.js';
import { timeOfId } from '../../core/delivery/id.js';
import type { FlatDelivery } from './flat.js';
import { attemptsCells, bytesOf, type Cell, encode, encodeOrNull, SKEW_MS, tenths } from './rows.js';
import { type Bound, SpelledStatement } from './spelled.js';

/** How many bytes all bodies of a delivery have. */
export function sizeOf({ body, answer, attempts }: FlatDelivery): number {
  return body.byteLength + (answer?.byteLength ?? 0) + bytesOf(null, attempts);
}

/** Keeps what `deliveryCells` has; what it repeats is known only once the transaction has begun. */
export function insertDelivery(cells: readonly Cell[], duplicateOf: string | null): Bound {
  return INSERT_DELIVERY.with([encodeOrNull(duplicateOf), ...cells]);
}

const INSERT_DELIVERY = new SpelledStatement(
  (value) =>
    'INSERT INTO deliveries (id, content, origin, received_at, provider, event, event_id, duplicate_of, method, path, status, reason, ' +
    'message, body_size, skewed, response_status, response_ms, attempts, failed, last_outcome, last_status, bytes) VALUES ' +
    `(${value(1)}, (SELECT ifnull(max(seq), 0) + 1 FROM contents), ${value(2)}, ${value(3)}, ${value(4)}, ${value(5)}, ${value(6)}, ` +
    `${[0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20].map(value).join(', ')})`,
  // All but id, time, event, event id, sizes and milliseconds.
  [0, 2, 4, 7, 8, 9, 10, 11, 13, 14, 16, 17, 18, 19],
);

/** What `insertDelivery` takes. */
export function deliveryCells(delivery: FlatDelivery): Cell[] {
  const time = timeOfId(delivery.id);
  const skewed = time === null || Math.abs(time - delivery.receivedAt) > SKEW_MS;
  return [
    encode(delivery.id),
    delivery.origin,
    delivery.receivedAt,
    encodeOrNull(delivery.provider),
    encodeOrNull(delivery.event),
    encodeOrNull(delivery.eventId),
    encode(delivery.method),
    encode(delivery.path),
    delivery.status,
    delivery.reason,
    encode(delivery.message),
    delivery.body.byteLength,
    skewed ? 1 : 0,
    delivery.responseStatus,
    delivery.responseMs === null ? null : tenths(delivery.responseMs),
    ...attemptsCells(delivery.attempts),
    sizeOf(delivery),
  ];
}

/** Keeps what is large of a delivery. It gets the number that `insertDelivery`, just before it in the same transaction, has foreseen. */
export function insertContent({ id, headers, diagnosis, answerHeaders, answer, body }: FlatDelivery): Bound {
  return INSERT_CONTENT.with([encode(id), headers, diagnosis, answerHeaders, answer, body]);
}

const INSERT_CONTENT = new SpelledStatement(
  (value) =>
    `INSERT INTO contents (id, headers, diagnosis, answer_headers, answer, body) VALUES (${[0, 1, 2, 3, 4, 5].map(value).join(', ')})`,
  [2, 3, 4],
);

/** Finds the first kept delivery of the same origin, provider and event id; null where it can have none. */
export function findFirstLike({ origin, provider, eventId }: FlatDelivery): Bound | null {
  if (provider === null || eventId === null) return null;
  return FIND_FIRST_LIKE.with([encode(eventId), encode(provider), origin]);
}

const FIND_FIRST_LIKE = new SpelledStatement(
  (value) =>
    `SELECT id FROM deliveries WHERE event_id = ${value(0)} AND provider = ${value(1)} AND origin = ${value(2)} ORDER BY id LIMIT 1`,
  [1, 2],
);

/** Says of a kept delivery what became of it later: its answer, and further attempts. */
export function recordAttempts(id: string, response: Answer | null, attempts: readonly Attempt[]): Bound[] {
  return [updateOutcome(id, response, attempts), ...attempts.map((attempt) => insertAttempt(id, attempt))];
}

function updateOutcome(id: string, response: Answer | null, attempts: readonly Attempt[]): Bound {
  const answer = response === null ? [null, null] : [response.status, tenths(response.durationMs)];
  const tried = attempts.length > 0 ? 1 : 0;
  return UPDATE_OUTCOME.with([encode(id), ...answer, ...attemptsCells(attempts), tried, bytesOf(response, attempts)]);
}

const UPDATE_OUTCOME = new SpelledStatement(
  (value) =>
    `UPDATE deliveries SET response_status = ifnull(${value(1)}, response_status), response_ms = ifnull(${value(2)}, response_ms), ` +
    `attempts = attempts + ${value(3)}, failed = max(failed, ${value(4)}), last_outcome = ifnull(${value(5)}, last_outcome), ` +
    `last_status = CASE WHEN ${value(7)} THEN ${value(6)} ELSE last_status END, bytes = bytes + ${value(8)} WHERE id = ${value(0)}`,
  // All but id and sizes; milliseconds only where there are none.
  [1, 3, 4, 5, 6, 7],
);

/** Adds an attempt to a kept delivery. */
export function insertAttempt(id: string, attempt: Attempt): Bound {
  return INSERT_ATTEMPT.with(attemptCells(id, attempt));
}

const INSERT_ATTEMPT = new SpelledStatement(
  (value) =>
    'INSERT INTO attempts (seq, target, started_at, duration_ms, replay, outcome, status, reason, message, headers, body) ' +
    `SELECT content, ${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(value).join(', ')} FROM deliveries WHERE id = ${value(0)}`,
  // All but id, times and body: one target gives the same headers for a second.
  [1, 4, 5, 6, 7, 8, 9],
);

function attemptCells(id: string, attempt: Attempt): Cell[] {
  const { target, startedAt, durationMs, replay, outcome } = attempt;
  const base = [encode(id), encode(target), startedAt, tenths(durationMs), replay ? 1 : 0, outcome];
  return attempt.outcome === 'responded'
    ? [...base, attempt.status, null, null, JSON.stringify(attempt.headers), attempt.body]
    : [...base, null, attempt.reason, encode(attempt.message), null, null];
}
