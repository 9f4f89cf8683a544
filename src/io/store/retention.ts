/** Bounds on what is kept: the config's `retain`. */
import type { Connection } from './connection.js';
import { removePages } from './removal.js';
import { type Found, number } from './rows.js';
import { tidyIndex } from './search.js';

/** Null: no bound. */
export interface Retention {
  readonly days: number | null;
  readonly count: number | null;
  /** Of the store without its free room. */
  readonly bytes: number | null;
}

const DAY_MS = 86_400_000;
/** A step may keep a delivery that arrives from the disk for about so long. Milliseconds. */
const STEP_MS = 5;
/** Rows that are counted at a time. */
const COUNTED = 20_000;
/** Rows between two looks at the size. */
const LOOK = 100;

/**
 * See `Store.retain`.
 *
 * @param parts.older What came in before a time, or all, oldest first and without what waits.
 */
export function* retain(
  connection: Connection,
  { days, count, bytes }: Retention,
  { now, older }: { readonly now: number; older(until: number | null): Iterable<Found[]> },
): IterableIterator<number> {
  let removed = 0;
  const remove = function* (pages: Iterable<readonly Found[]>): IterableIterator<number> {
    for (const some of removePages(connection, pages, { spares: true, turnMs: STEP_MS })) {
      removed += some;
      yield some;
    }
  };
  if (days !== null) yield* remove(older(now - days * DAY_MS));
  if (count !== null) {
    const total = yield* counted(connection);
    if (total > count) yield* remove(first(total - count, older(null)));
  }
  // Each by itself, as the next look is at what that has freed.
  if (bytes !== null) for (const some of whileLarger(connection, bytes, older(null))) yield* remove([some]);
  if (removed > 0) connection.transact(() => tidyIndex(connection));
}

/** Counts bit by bit. */
function* counted({ ask }: Connection): Generator<number, number> {
  let total = 0;
  let after = '';
  for (;;) {
    const [rows, last] =
      ask('SELECT count(*), max(id) FROM (SELECT id FROM deliveries WHERE id > ? ORDER BY id LIMIT ?)', [after, COUNTED])[0] ??
      [];
    if (typeof last !== 'string') return total;
    total += number(rows);
    after = last;
    yield 0;
  }
}

function* first(count: number, pages: Iterable<Found[]>): IterableIterator<Found[]> {
  let left = count;
  for (const page of pages) {
    yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return;
  }
}

/** A few rows at a time, as long as what is in the store, without its free room, has more bytes than that. */
function* whileLarger({ ask }: Connection, bytes: number, pages: Iterable<Found[]>): IterableIterator<Found[]> {
  const pragma = (name: string): number => number(ask(`PRAGMA ${name}`)[0]?.[0]);
  const size = pragma('page_size');
  for (const page of pages) {
    for (let at = 0; at < page.length; at += LOOK) {
      if ((pragma('page_count') - pragma('freelist_count')) * size <= bytes) return;
      yield page.slice(at, at + LOOK);
    }
  }
}
