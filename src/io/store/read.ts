import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import type { Ask } from './connection.js';
import type { Query } from './query.js';
import {
  ATTEMPT_COLUMNS,
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

/** Which part of what matches is read. */
export interface Part {
  /** The newest so many, at least 1; null: all. */
  readonly limit: number | null;
  /** Of those, what comes after this id; null: all. */
  readonly after: string | null;
}

/** The rows of a query by pages of at most `size`, oldest first. */
export function* readPages(query: Query, { limit, after }: Part, size: number): IterableIterator<Sized[]> {
  if (limit !== null && limit <= size) {
    const newest = query.newest(SUMMARY_COLUMNS, limit).reverse().map(readSized);
    const rest = after === null ? newest : newest.filter(({ summary }) => summary.id > after);
    if (rest.length > 0) yield rest;
    return;
  }
  const first = limit === null ? null : (query.newest('id', 1, limit - 1)[0]?.[0] ?? null);
  const from = first === null ? null : { from: text(first) };
  const isLater = after !== null && (from === null || after >= from.from);
  let page = query.page(SUMMARY_COLUMNS, isLater ? { after } : from, size);
  while (page.length > 0) {
    const read = page.map(readSized);
    yield read;
    if (page.length < size) return;
    page = query.page(SUMMARY_COLUMNS, { after: read[read.length - 1]?.summary.id ?? '' }, size);
  }
}

/** The same as whole deliveries, loaded in parts of which few are large. */
export function* readDeliveries(ask: Ask, pages: Iterable<Sized[]>): IterableIterator<Delivery> {
  for (const page of pages) {
    let start = 0;
    while (start < page.length) {
      let end = start;
      let bytes = 0;
      do {
        bytes += page[end]?.bytes ?? 0;
        end += 1;
      } while (end < page.length && bytes + (page[end]?.bytes ?? 0) <= MAX_LOADED);
      yield* loadDeliveries(ask, page.slice(start, end));
      start = end;
    }
  }
}

/**
 * What is large of these deliveries, in their order. It is found by their ids, in one statement, because a number may be
 * another delivery's by now; one that was removed meanwhile is left out.
 */
export function loadDeliveries(ask: Ask, page: readonly Sized[]): Delivery[] {
  const ids = JSON.stringify(page.map(({ summary }) => encode(summary.id)));
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
