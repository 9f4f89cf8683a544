import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import type { BodyCondition } from '../../core/delivery/selector.js';
import type { DeliverySummary } from '../../core/delivery/summary.js';
import type { Ask } from './connection.js';
import { askPacked } from './packed.js';
import type { Query } from './query.js';
import { queuedIds } from './queue.js';
import {
  ATTEMPT_COLUMNS,
  bytes,
  type Columns,
  DELIVERY_COLUMNS,
  encode,
  type Found,
  type Row,
  readAttempt,
  readDelivery,
  readFound,
  readSummary,
  SUMMARY_COLUMNS,
  text,
} from './rows.js';

/** Bodies of so many bytes are loaded at a time, or those of one delivery. */
const MAX_LOADED = 4_000_000;
const LARGE_PAGE = 256;

/** Of a page of rows, those that count. */
export type Sieve = (page: readonly Found[]) => Found[];

/** What a selector selects, to be read by pages. */
export class Selection {
  readonly #query: Query;
  readonly #limit: number | null;
  readonly #sieve: Sieve | null;

  /**
   * @param limit Only the newest so many; null: all.
   * @param sieve What SQL cannot tell; null: it tells all.
   */
  constructor(query: Query, limit: number | null, sieve: Sieve | null) {
    this.#query = query;
    this.#limit = limit;
    this.#sieve = sieve;
  }

  /** How many there are, but no more than `most`: it is not counted further than that. */
  count(most: number = Number.MAX_SAFE_INTEGER): number {
    const bound = Math.max(0, Math.min(most, this.#limit ?? most));
    if (this.#sieve === null) return bound === 0 ? 0 : this.#query.count(bound);
    let count = 0;
    for (const page of this.pages(LARGE_PAGE)) {
      count += page.length;
      if (count >= bound) return bound;
    }
    return count;
  }

  /**
   * The rows by pages of at most `size`, oldest first.
   *
   * @param after Only what comes after this id; null: all.
   */
  *pages(size: number, after: string | null = null): IterableIterator<Found[]> {
    const limit = this.#limit;
    if (limit !== null && limit < 1) return;
    if (limit !== null && limit <= size) {
      const newest = this.#newest(limit).reverse();
      const rest = after === null ? newest : newest.filter(({ id }) => id > after);
      if (rest.length > 0) yield rest;
      return;
    }
    const first = limit === null ? null : this.nthNewest(limit);
    const isLater = after !== null && (first === null || after >= first);
    let start: { readonly from: string } | { readonly after: string } | null = isLater
      ? { after }
      : first === null
        ? null
        : { from: first };
    for (;;) {
      const page: Found[] = this.#query.page(start, size).map(readFound);
      const found = this.#sieve === null ? page : this.#sieve(page);
      if (found.length > 0) yield found;
      const last = page[page.length - 1];
      if (last === undefined || page.length < size) return;
      start = { after: last.id };
    }
  }

  /** The id of the oldest of the `n` newest ones, whatever the limit; null where there are not so many. */
  nthNewest(n: number): string | null {
    if (this.#sieve === null) return this.#query.nthNewest(n);
    let left = n;
    for (const found of this.#backwards(this.#sieve)) {
      if (found.length >= left) return found[left - 1]?.id ?? null;
      left -= found.length;
    }
    return null;
  }

  /** The newest so many, newest first. */
  #newest(limit: number): Found[] {
    if (this.#sieve === null) return this.#query.before(null, limit).map(readFound);
    const newest: Found[] = [];
    for (const found of this.#backwards(this.#sieve)) {
      newest.push(...found);
      if (newest.length >= limit) break;
    }
    return newest.slice(0, limit);
  }

  /** All by pages, newest first. */
  *#backwards(sieve: Sieve): IterableIterator<Found[]> {
    let before: string | null = null;
    for (;;) {
      const page: Found[] = this.#query.before(before, LARGE_PAGE).map(readFound);
      yield sieve(page);
      const last = page[page.length - 1];
      if (last === undefined || page.length < LARGE_PAGE) return;
      before = last.id;
    }
  }
}

/** What is known of these without what is large. One that was removed meanwhile is left out. */
export function* readSummaries(ask: Ask, pages: Iterable<Found[]>): IterableIterator<DeliverySummary> {
  const queued = queuedIds(ask);
  for (const page of pages) yield* rowsOf(ask, SUMMARY_COLUMNS, page).map((row) => readSummary(row, queued));
}

/** The same as whole deliveries, loaded in parts of which few are large. */
export function* readDeliveries(ask: Ask, pages: Iterable<Found[]>): IterableIterator<Delivery> {
  for (const part of partsToLoad(pages)) yield* loadDeliveries(ask, part);
}

/** What is loaded at once: so many, or one that is large. */
export type Part = readonly Found[];

export function* partsToLoad(pages: Iterable<Found[]>): IterableIterator<Part> {
  for (const page of pages) yield* partsOf(page, ({ bytes }) => bytes);
}

/** Keeps those for whose bodies all of this holds. */
export function bodySieve(ask: Ask, conditions: readonly BodyCondition[]): Sieve {
  return (page) =>
    [...partsOf(page, ({ bodySize }) => bodySize)].flatMap((part) => {
      const found = ask(
        'SELECT d.id, c.body FROM json_each(?) CROSS JOIN deliveries d ON d.id = value JOIN contents c ON c.seq = d.content',
        [idsOf(part)],
      );
      const bodies = new Map(found.map(([id, body]) => [text(id), bytes(body)]));
      return part.filter(({ id }) => {
        const body = bodies.get(id);
        return body !== undefined && conditions.every(({ holds }) => holds(body));
      });
    });
}

function* partsOf(page: readonly Found[], sizeOf: (row: Found) => number): IterableIterator<Found[]> {
  let part: Found[] = [];
  let total = 0;
  for (const row of page) {
    const size = sizeOf(row);
    if (part.length > 0 && total + size > MAX_LOADED) {
      yield part;
      part = [];
      total = 0;
    }
    part.push(row);
    total += size;
  }
  if (part.length > 0) yield part;
}

function idsOf(page: readonly Found[]): string {
  return JSON.stringify(page.map(({ id }) => encode(id)));
}

/** These deliveries, in their order; one that was removed meanwhile is left out. */
export function loadDeliveries(ask: Ask, page: Part): Delivery[] {
  const found = rowsOf(
    ask,
    DELIVERY_COLUMNS,
    page,
    'CROSS JOIN contents c ON c.seq = d.content LEFT JOIN responses r ON r.seq = d.content',
  );
  const attempts = new Map<string, Attempt[]>();
  // Those of one delivery stand in the index in the order in which they were made.
  for (const row of rowsOf(ask, ATTEMPT_COLUMNS, page, 'CROSS JOIN attempts a INDEXED BY attempts_seq ON a.seq = d.content')) {
    const id = text(row[0]);
    const list = attempts.get(id);
    if (list === undefined) attempts.set(id, [readAttempt(row)]);
    else list.push(readAttempt(row));
  }
  return found.map((row) => readDelivery(row, attempts.get(text(row[0])) ?? []));
}

/** They are found by their ids, as a number may be another delivery's by now. */
function rowsOf(ask: Ask, columns: Columns, page: readonly Found[], joins = ''): Row[] {
  const sql = `SELECT ${columns.sql} FROM json_each(?) CROSS JOIN deliveries d ON d.id = value ${joins}`;
  const cells = [idsOf(page)];
  // What is large is not copied once more.
  return page.length === 1 && (page[0]?.bytes ?? 0) > MAX_LOADED ? ask(sql, cells) : askPacked(ask, columns, sql, cells);
}
