/** Finds bodies that hold a text without reading them all, and keeps the index for that. */
import type { Ask, Connection } from './connection.js';
import { bytes, type Cell, number, text } from './rows.js';
import { classesOf, LARGE_BODY, rangesOf, SegmentBuilder, SLICES, StoredSegment } from './search-bits.js';

/** Null where it is too large to be looked into. */
const SMALL_BODY = `CASE WHEN length(body) <= ${LARGE_BODY} THEN body END`;
/** Bodies are read so many at a time. */
const STEP = 32;
/** So many segments are asked for at once, and so many ranges of bodies. */
const SEGMENTS_AT_ONCE = 64;
const RANGES_AT_ONCE = 512;
/** Slices that one statement writes. */
const SLICES_AT_ONCE = 128;
/** Where the index leaves more than this share of all bodies, looking through all is as good. */
const MOST_LEFT = 0.6;
/** More hits than that are not collected: a text that is common is found soon without an index. */
const MOST_FOUND = 20_000;

/** A piece of a WHERE clause about `contents`. */
export interface BodyTest {
  readonly sql: string;
  readonly cells: readonly Cell[];
}

/**
 * The ids of all deliveries whose bodies hold a text; null: that is not known sooner than by looking at each.
 *
 * @param wanted The text's bytes.
 * @param test What tells it of one body.
 */
export function findBodies(ask: Ask, wanted: Uint8Array, test: BodyTest): string[] | null {
  const ranges = rangesLeft(ask, classesOf(wanted));
  if (ranges === null) return null;
  const found: string[] = [];
  const nameless: number[] = [];
  for (let at = 0; at < ranges.length; at += RANGES_AT_ONCE) {
    const rows = ask(
      'SELECT seq, contents.id FROM json_each(?) AS range CROSS JOIN contents ON seq BETWEEN range.value ->> 0 AND range.value ->> 1 ' +
        `WHERE ${test.sql}`,
      [JSON.stringify(ranges.slice(at, at + RANGES_AT_ONCE)), ...test.cells],
    );
    for (const [seq, id] of rows) {
      if (id === null) nameless.push(number(seq));
      else found.push(text(id));
    }
    if (found.length + nameless.length > MOST_FOUND) return null;
  }
  return [...found, ...idsOf(ask, nameless)];
}

/** Of bodies that an older form of the store kept without the id. */
function idsOf(ask: Ask, numbers: readonly number[]): string[] {
  if (numbers.length === 0) return [];
  const rows = ask('SELECT id FROM deliveries WHERE content IN (SELECT value FROM json_each(?))', [JSON.stringify(numbers)]);
  return rows.map(([id]) => text(id));
}

/** Where bodies may be that have all these classes: ranges of numbers, both ends among them. Null: nearly anywhere. */
function rangesLeft(ask: Ask, classes: readonly number[]): Array<readonly [number, number]> | null {
  if (classes.length === 0) return null;
  // Numbers have few gaps, and counting would take longer than all the rest.
  const [oldest = 0, newest = 0] = (
    ask('SELECT (SELECT ifnull(min(seq), 0) FROM contents), (SELECT ifnull(max(seq), 0) FROM contents)')[0] ?? []
  ).map(number);
  const most = (newest - oldest + 1) * MOST_LEFT;
  const segments = ask('SELECT number, first, last FROM search_segments ORDER BY number').map((row) => row.map(number));
  const ranges: Array<readonly [number, number]> = [];
  let left = 0;
  const add = (from: number, to: number): void => {
    ranges.push([from, to]);
    left += to - from + 1;
  };
  for (let at = 0; at < segments.length && left <= most; at += SEGMENTS_AT_ONCE) {
    const some = segments.slice(at, at + SEGMENTS_AT_ONCE);
    const slices = readSlices(
      ask,
      some.map(([segment = 0]) => segment),
      classes,
    );
    for (const [segment = 0, first = 0, last = 0] of some) {
      const own = slices.get(segment) ?? [];
      // A class without a slice stands in no slot.
      if (own.length < classes.length) continue;
      const starts = ask('SELECT starts FROM search_segments WHERE number = ?', [segment])[0]?.[0];
      for (const [from, to] of rangesOf(own, bytes(starts), { first, last })) add(from, to);
    }
  }
  const indexed = segments.at(-1)?.[2] ?? 0;
  if (newest > indexed) add(indexed + 1, newest);
  return left > most ? null : ranges;
}

function readSlices(ask: Ask, segments: readonly number[], classes: readonly number[]): Map<number, Array<Uint8Array | null>> {
  const numbers = segments.flatMap((segment) => classes.map((one) => segment * SLICES + one));
  const rows = ask(
    'SELECT s.number, s.bits FROM json_each(?) AS wanted CROSS JOIN search_slices AS s ON s.number = wanted.value',
    [JSON.stringify(numbers)],
  );
  const found = new Map<number, Array<Uint8Array | null>>();
  for (const [place, bits] of rows) {
    const segment = Math.floor(number(place) / SLICES);
    const own = found.get(segment) ?? [];
    own.push(bits === null ? null : bytes(bits));
    found.set(segment, own);
  }
  return found;
}

/** About how many bodies are not in the index. */
export function unindexed(ask: Ask): number {
  return number(
    ask('SELECT (SELECT ifnull(max(seq), 0) FROM contents) - (SELECT ifnull(max(last), 0) FROM search_segments)')[0]?.[0],
  );
}

/** Puts into the index what is not in it, a little at a time; what does not fill a segment waits for more. */
export class Indexer {
  readonly #connection: Connection;
  #builder: SegmentBuilder | null = null;
  /** The number of the last body that is indexed, and that was read. */
  #base = 0;
  #read = 0;
  #removals = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Reads some bodies. `full`: a segment is to be written now. `end`: there is nothing more to read. */
  read(): 'more' | 'full' | 'end' {
    const { ask } = this.#connection;
    if (this.#builder === null) this.#begin(new SegmentBuilder());
    const rows = ask(`SELECT seq, ${SMALL_BODY} FROM contents WHERE seq > ? ORDER BY seq LIMIT ?`, [this.#read, STEP]);
    for (const [seq, body] of rows) {
      if (this.#builder?.add(number(seq), body === null ? null : bytes(body)) === false) return 'full';
      this.#read = number(seq);
    }
    return rows.length < STEP ? 'end' : 'more';
  }

  /** Writes the segment, in a transaction; or gives it up, where another process wrote it, or something was deleted. */
  write(): void {
    const connection = this.#connection;
    const builder = this.#builder;
    if (builder === null || builder.first === null) return;
    const state = stateOf(connection.ask);
    if (state.base === this.#base && state.removals === this.#removals) {
      const segment = number(connection.ask('SELECT ifnull(max(number), 0) + 1 FROM search_segments')[0]?.[0]);
      connection.run('INSERT INTO search_segments VALUES (?, ?, ?, ?)', [segment, builder.first, builder.last, builder.starts()]);
      let cells: Cell[] = [];
      const insert = (): void => {
        if (cells.length === 0) return;
        connection.run(
          `INSERT INTO search_slices VALUES ${Array(cells.length / 2)
            .fill('(?, ?)')
            .join(', ')}`,
          cells,
        );
        cells = [];
      };
      for (const [slice, bits] of builder.slices()) {
        cells.push(segment * SLICES + slice, bits);
        if (cells.length === 2 * SLICES_AT_ONCE) insert();
      }
      insert();
    }
    this.#begin(builder);
  }

  #begin(builder: SegmentBuilder): void {
    const { base, removals } = stateOf(this.#connection.ask);
    builder.clear();
    this.#builder = builder;
    this.#base = base;
    this.#read = base;
    this.#removals = removals;
  }
}

function stateOf(ask: Ask): { readonly base: number; readonly removals: number } {
  const [base = 0, removals = 0] = (
    ask('SELECT (SELECT ifnull(max(last), 0) FROM search_segments), (SELECT removals FROM search_state)')[0] ?? []
  ).map(number);
  return { base, removals };
}

/** How many bodies hold something that a search would not find in them. */
export function misindexed(ask: Ask): number {
  let wrong = 0;
  for (const [segment, first, last, starts] of ask('SELECT number, first, last, starts FROM search_segments')) {
    const from = number(segment) * SLICES;
    const slices = ask('SELECT number, bits FROM search_slices WHERE number >= ? AND number < ?', [from, from + SLICES]);
    const stored = new StoredSegment(
      slices.map(([place, bits]) => [number(place) - from, bits === null ? null : bytes(bits)]),
      bytes(starts),
    );
    let read = number(first) - 1;
    for (;;) {
      const rows = ask(`SELECT seq, ${SMALL_BODY} FROM contents WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`, [
        read,
        number(last),
        STEP,
      ]);
      for (const [seq, body] of rows) {
        read = number(seq);
        if (body !== null && !stored.holds(read - number(first), bytes(body))) wrong++;
      }
      if (rows.length < STEP) break;
    }
  }
  return wrong;
}

/** In the transaction in which bodies were deleted: their numbers may be given anew. */
export function noteRemoval({ ask, run }: Connection): void {
  run('UPDATE search_state SET removals = removals + 1');
  dropSegments(ask, run, 'last > (SELECT ifnull(max(seq), 0) FROM contents)');
}

/** Takes out of the index what is about nothing any more, in a transaction. */
export function tidyIndex({ ask, run }: Connection): void {
  dropSegments(ask, run, 'NOT EXISTS (SELECT 1 FROM contents WHERE seq BETWEEN first AND last)');
}

function dropSegments(ask: Ask, run: Connection['run'], where: string): void {
  for (const [segment] of ask(`SELECT number FROM search_segments WHERE ${where}`)) {
    const from = number(segment) * SLICES;
    run('DELETE FROM search_slices WHERE number >= ? AND number < ?', [from, from + SLICES]);
    run('DELETE FROM search_segments WHERE number = ?', [number(segment)]);
  }
}
