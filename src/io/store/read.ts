import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import type { BodyCondition } from '../../core/delivery/selector.js';
import type { Ask } from './connection.js';
import type { Query } from './query.js';
import {
  ATTEMPT_COLUMNS,
  bytes,
  CONTENT_COLUMNS,
  encode,
  type Row,
  readAttempt,
  readDelivery,
  readSized,
  type Sized,
  SUMMARY_COLUMNS,
  text,
} from './rows.js';

/** Bodies of so many bytes are loaded at a time, or those of one delivery. */
const MAX_LOADED = 4_000_000;
const LARGE_PAGE = 256;

/** Of a page of rows, those that count. */
export type Sieve = (page: readonly Sized[]) => Sized[];

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
  *pages(size: number, after: string | null = null): IterableIterator<Sized[]> {
    const limit = this.#limit;
    if (limit !== null && limit < 1) return;
    if (limit !== null && limit <= size) {
      const newest = this.#newest(limit).reverse();
      const rest = after === null ? newest : newest.filter(({ summary }) => summary.id > after);
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
      const page: Sized[] = this.#query.page(SUMMARY_COLUMNS, start, size).map(readSized);
      const found = this.#sieve === null ? page : this.#sieve(page);
      if (found.length > 0) yield found;
      const last = page[page.length - 1];
      if (last === undefined || page.length < size) return;
      start = { after: last.summary.id };
    }
  }

  /** The id of the oldest of the `n` newest ones, whatever the limit; null where there are not so many. */
  nthNewest(n: number): string | null {
    if (this.#sieve === null) {
      const id = this.#query.newest('id', 1, n - 1)[0]?.[0];
      return id === undefined ? null : text(id);
    }
    let left = n;
    for (const found of this.#backwards(this.#sieve)) {
      if (found.length >= left) return found[left - 1]?.summary.id ?? null;
      left -= found.length;
    }
    return null;
  }

  /** The newest so many, newest first. */
  #newest(limit: number): Sized[] {
    if (this.#sieve === null) return this.#query.newest(SUMMARY_COLUMNS, limit).map(readSized);
    const newest: Sized[] = [];
    for (const found of this.#backwards(this.#sieve)) {
      newest.push(...found);
      if (newest.length >= limit) break;
    }
    return newest.slice(0, limit);
  }

  /** All by pages, newest first. */
  *#backwards(sieve: Sieve): IterableIterator<Sized[]> {
    let before: string | null = null;
    for (;;) {
      const page: Sized[] = this.#query.before(SUMMARY_COLUMNS, before, LARGE_PAGE).map(readSized);
      yield sieve(page);
      const last = page[page.length - 1];
      if (last === undefined || page.length < LARGE_PAGE) return;
      before = last.summary.id;
    }
  }
}

/** The same as whole deliveries, loaded in parts of which few are large. */
export function* readDeliveries(ask: Ask, pages: Iterable<Sized[]>): IterableIterator<Delivery> {
  for (const page of pages) {
    for (const part of partsOf(page, ({ bytes }) => bytes)) yield* loadDeliveries(ask, part);
  }
}

/** Keeps those for whose bodies all of this holds. */
export function bodySieve(ask: Ask, conditions: readonly BodyCondition[]): Sieve {
  return (page) =>
    [...partsOf(page, ({ summary }) => summary.bodySize)].flatMap((part) => {
      const found = ask(
        'SELECT d.id, c.body FROM json_each(?) CROSS JOIN deliveries d ON d.id = value JOIN contents c ON c.seq = d.content',
        [idsOf(part)],
      );
      const bodies = new Map(found.map(([id, body]) => [text(id), bytes(body)]));
      return part.filter(({ summary }) => {
        const body = bodies.get(summary.id);
        return body !== undefined && conditions.every(({ holds }) => holds(body));
      });
    });
}

function* partsOf(page: readonly Sized[], sizeOf: (row: Sized) => number): IterableIterator<Sized[]> {
  let part: Sized[] = [];
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

function idsOf(page: readonly Sized[]): string {
  return JSON.stringify(page.map(({ summary }) => encode(summary.id)));
}

/**
 * What is large of these deliveries, in their order. It is found by their ids, in one statement, because a number may be
 * another delivery's by now; one that was removed meanwhile is left out.
 */
export function loadDeliveries(ask: Ask, page: readonly Sized[]): Delivery[] {
  const ids = idsOf(page);
  const contents = new Map<string, Row>();
  const found = ask(
    `SELECT ${CONTENT_COLUMNS} FROM json_each(?) CROSS JOIN deliveries d ON d.id = value JOIN contents c ON c.seq = d.content ` +
      'LEFT JOIN responses r ON r.seq = d.content',
    [ids],
  );
  for (const row of found) contents.set(text(row[0]), row);
  const attempts = new Map<string, Attempt[]>();
  if (page.some(({ summary }) => summary.attempts > 0)) {
    const made = ask(
      `SELECT ${ATTEMPT_COLUMNS} FROM json_each(?) CROSS JOIN deliveries d ON d.id = value JOIN attempts a ON a.seq = d.content ` +
        'ORDER BY a.number',
      [ids],
    );
    for (const row of made) {
      const id = text(row[0]);
      const list = attempts.get(id);
      if (list === undefined) attempts.set(id, [readAttempt(row)]);
      else list.push(readAttempt(row));
    }
  }
  return page.flatMap(({ summary }) => {
    const row = contents.get(summary.id);
    return row === undefined ? [] : [readDelivery(summary, row, attempts.get(summary.id) ?? [])];
  });
}
