/** The statements that keep deliveries, and what is bound to them. */
import { timeOfId } from '../../core/delivery/id.js';
import { WebhookError } from '../../core/errors.js';
import { tenths } from '../../core/units.js';
import type { Connection } from './connection.js';
import { isConstraint } from './errors.js';
import type { FlatDelivery } from './flat.js';
import { insertAttempt } from './recording.js';
import { attemptsCells, bytesOf, type Cell, encode, encodeOrNull, number, SKEW_MS, text } from './rows.js';
import { type Bound, SpelledStatement } from './spelled.js';

type Row = (index: number) => string;

/** The values of a row, in parentheses. */
const tuple = (width: number) => (row: Row) => `(${Array.from({ length: width }, (_, index) => row(index)).join(', ')})`;

/** How many bytes all bodies of a delivery have. */
export function sizeOf({ body, kind, attempts }: FlatDelivery): number {
  return body.byteLength + (kind.answer?.byteLength ?? 0) + bytesOf(null, attempts);
}

const DELIVERY_COLUMNS =
  'id, content, origin, received_at, provider, event, event_id, duplicate_of, method, path, status, reason, message, body_size, ' +
  'skewed, response_status, response_ms, attempts, failed, last_outcome, last_status, bytes';

/** Keeps what `deliveryCells` has of each. */
const INSERT_DELIVERIES = new SpelledStatement(
  (rows) => `INSERT INTO deliveries (${DELIVERY_COLUMNS}) VALUES ${rows.map(tuple(22)).join(', ')}`,
  22,
  // All but id, number, time, event, event id, sizes and milliseconds.
  [2, 4, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 19, 20],
);

/** @param content The number of what `contentCells` has. */
function deliveryCells(delivery: FlatDelivery, content: number, duplicateOf: string | null): Cell[] {
  const { kind } = delivery;
  const time = timeOfId(delivery.id);
  const skewed = time === null || Math.abs(time - delivery.receivedAt) > SKEW_MS;
  return [
    encode(delivery.id),
    content,
    kind.origin,
    delivery.receivedAt,
    encodeOrNull(kind.provider),
    encodeOrNull(delivery.event),
    encodeOrNull(delivery.eventId),
    encodeOrNull(duplicateOf),
    encode(kind.method),
    encode(kind.path),
    kind.status,
    kind.reason,
    encode(kind.message),
    delivery.body.byteLength,
    skewed ? 1 : 0,
    kind.responseStatus,
    delivery.responseMs === null ? null : tenths(delivery.responseMs),
    ...attemptsCells(delivery.attempts),
    sizeOf(delivery),
  ];
}

/** Keeps what is large of each. */
const INSERT_CONTENTS = new SpelledStatement(
  (rows) =>
    `INSERT INTO contents (seq, id, headers, diagnosis, answer_headers, answer, body) VALUES ${rows.map(tuple(7)).join(', ')}`,
  7,
  [3, 4, 5],
);

function contentCells({ id, kind, headers, diagnosis, body }: FlatDelivery, content: number): Cell[] {
  return [content, encode(id), headers, diagnosis, kind.answerHeaders, kind.answer, body];
}

/** The number that the next content gets. */
const NEXT_CONTENT = 'SELECT ifnull(max(seq), 0) + 1 FROM contents';

/**
 * Finds the first kept delivery of the same origin, provider and event id, for each in a column of one row. The last column is the
 * next number of a content: a statement of its own costs more.
 */
const FIND_FIRST_LIKE = new SpelledStatement(
  (rows) => {
    const first = (row: Row): string =>
      `(SELECT id FROM deliveries WHERE event_id = ${row(0)} AND provider = ${row(1)} AND origin = ${row(2)} ORDER BY id LIMIT 1)`;
    return `SELECT ${rows.map(first).join(', ')}, (${NEXT_CONTENT})`;
  },
  3,
  [1, 2],
);

/** Null where it can have none before it. */
function likenessCells({ kind, eventId }: FlatDelivery): Cell[] | null {
  return kind.provider === null || eventId === null ? null : [encode(eventId), encode(kind.provider), kind.origin];
}

/** What came of keeping one: the id of an earlier one like it, if any; or why it was refused. */
export type Kept = { readonly duplicateOf: string | null } | { readonly error: WebhookError };

/**
 * Keeps deliveries within the transaction that is under way. Throws what the database says; an id that is there already is
 * refused for itself.
 *
 * @param duplicates Whether to look for earlier ones.
 */
export function keepAll(connection: Connection, deliveries: readonly FlatDelivery[], duplicates: boolean): Kept[] {
  const { firsts = [], next = number(connection.first(NEXT_CONTENT)?.[0]) } = duplicates
    ? firstsLike(connection, deliveries)
    : {};
  const kept = deliveries.map(({ duplicateOf }, at): Kept => ({ duplicateOf: duplicateOf ?? firsts[at] ?? null }));
  const cells = kept.map((one, at) =>
    deliveryCells(deliveries[at] as FlatDelivery, next + at, 'error' in one ? null : one.duplicateOf),
  );
  let at = 0;
  for (const { sql, cells: bound, rows } of INSERT_DELIVERIES.with(cells)) {
    if (!inserted(connection, sql, bound)) {
      // One of them; which one shows one by one.
      for (let one = at; one < at + rows; one++) {
        const [{ sql: alone, cells: own }] = INSERT_DELIVERIES.with([cells[one] as Cell[]]) as [Bound];
        if (!inserted(connection, alone, own)) kept[one] = { error: thereAlready(deliveries[one] as FlatDelivery) };
      }
    }
    at += rows;
  }
  const contents = deliveries.flatMap((delivery, one) =>
    'error' in (kept[one] as Kept) ? [] : [contentCells(delivery, next + one)],
  );
  for (const { sql, cells: bound } of INSERT_CONTENTS.with(contents)) connection.run(sql, bound);
  deliveries.forEach(({ id, attempts }, one) => {
    if ('error' in (kept[one] as Kept)) return;
    for (const attempt of attempts) {
      const { sql, cells: bound } = insertAttempt(id, attempt);
      connection.run(sql, bound);
    }
  });
  return kept;
}

/** False where what is to be unique is there already. */
function inserted(connection: Connection, sql: string, cells: readonly Cell[]): boolean {
  try {
    connection.run(sql, cells);
    return true;
  } catch (error) {
    if (!isConstraint(error)) throw error;
    return false;
  }
}

function thereAlready({ id }: FlatDelivery): WebhookError {
  return new WebhookError('input_malformed', `A delivery with the id ${id} is kept already.`);
}

/** For each the id of the first one like it, kept before or among these before it; and the next content's number, if it was asked. */
function firstsLike(
  connection: Connection,
  deliveries: readonly FlatDelivery[],
): { firsts: ReadonlyArray<string | null>; next?: number } {
  const firsts: Array<string | null> = deliveries.map(() => null);
  const asked: number[] = [];
  const likenesses: Cell[][] = [];
  deliveries.forEach((delivery, at) => {
    const cells = likenessCells(delivery);
    if (cells === null) return;
    asked.push(at);
    likenesses.push(cells);
  });
  if (asked.length === 0) return { firsts };
  let next = 0;
  let answered = 0;
  for (const { sql, cells, rows } of FIND_FIRST_LIKE.with(likenesses)) {
    const row = connection.first(sql, cells) ?? [];
    for (const id of row.slice(0, rows)) {
      if (id !== null) firsts[asked[answered] as number] = text(id);
      answered++;
    }
    next = number(row[rows]);
  }
  if (asked.length > 1) firstsAmong(deliveries, asked, firsts);
  return { firsts, next };
}

function firstsAmong(deliveries: readonly FlatDelivery[], asked: readonly number[], firsts: Array<string | null>): void {
  const seen = new Map<string, string>();
  for (const at of asked) {
    const { id, kind, eventId } = deliveries[at] as FlatDelivery;
    const likeness = `${kind.origin} ${kind.provider} ${eventId}`;
    const before = seen.get(likeness);
    if (before !== undefined) firsts[at] = lesser(before, firsts[at] ?? before);
    seen.set(likeness, before === undefined ? id : lesser(before, id));
  }
}

function lesser(a: string, b: string): string {
  return a < b ? a : b;
}
