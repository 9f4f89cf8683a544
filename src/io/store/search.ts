/** Finds bodies that hold a text without reading them all, and keeps the index for that. */
import type { Traces } from '../../core/delivery/selector.js';
import type { Ask, Connection } from './connection.js';
import { bytes, type Cell, number, text } from './rows.js';
import { classesOf, LARGE_BODY, rangesOf, SegmentBuilder, SLICES, StoredSegment } from './search-bits.js';

/** Null where it is too large to be looked into. */
const SMALL_BODY = `CASE WHEN length(body) <= ${LARGE_BODY} THEN body END`;
/** Bodies are read so many at a time. */
const STEP = 32;
/** So many segments are asked for at once, and so many ranges of bodies. */
const SEGMENTS_AT_ONCE = 16;
const RANGES_AT_ONCE = 512;
/** Slices that one statement writes. */
const SLICES_AT_ONCE = 128;
/** Where the index leaves more than this share of all bodies, looking through all is as good. */
const MOST_LEFT = 0.6;
/** Where it leaves less than this, reading them is as good as more of the index. */
const FEW_LEFT = 0.01;
/** More hits than that are not collected: a text that is common is found soon without an index. */
const MOST_FOUND = 20_000;

/** A piece of a WHERE clause about `contents`. */
export interface BodyTest {
  readonly sql: string;
  readonly cells: readonly Cell[];
}

/** A range of numbers of bodies, both ends in it. */
type Range = readonly [from: number, to: number];

/**
 * The ids of all deliveries whose bodies pass a test; null: that is not known sooner than by looking at each.
 *
 * @param traces Of a body that passes, all texts of one of these stand in it, letters of ASCII in any case.
 */
export function findBodies(ask: Ask, traces: Traces, test: BodyTest): string[] | null {
  const ranges = rangesLeft(ask, traces);
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

/** Where bodies with these traces may be, in order. Null: nearly anywhere. */
function rangesLeft(ask: Ask, traces: Traces): Range[] | null {
  const wanted = traces.map((texts) => texts.map(classesOf).filter((classes) => classes.length > 0));
  if (wanted.some((texts) => texts.length === 0)) return null;
  // Numbers have few gaps, and counting would take longer than all the rest.
  const [oldest = 0, newest = 0, indexed = 0] = (
    ask(
      'SELECT (SELECT ifnull(min(seq), 0) FROM contents), (SELECT ifnull(max(seq), 0) FROM contents), ' +
        '(SELECT ifnull(max(last), 0) FROM search_segments)',
    )[0] ?? []
  ).map(number);
  const most = (newest - oldest + 1) * MOST_LEFT;
  const classes = [...new Set(wanted.flat(2))];
  const ranges: Range[] = newest > indexed ? [[indexed + 1, newest]] : [];
  let left = sizeOf(ranges);
  for (let after = 0; left <= most; ) {
    const segments = readSegments(ask, after, classes);
    for (const segment of segments) {
      const own = rangesIn(segment, wanted);
      left += sizeOf(own);
      ranges.push(...own);
    }
    const last = segments.at(-1);
    if (last === undefined) return ranges;
    after = last.number;
  }
  return null;
}

interface Segment {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly starts: Uint8Array;
  /** Of the classes that were asked for, those that stand in it. */
  readonly slices: Map<number, Uint8Array | null>;
}

/** Some segments behind one, in their order. */
function readSegments(ask: Ask, after: number, classes: readonly number[]): Segment[] {
  const rows = ask('SELECT number, first, last, starts FROM search_segments WHERE number > ? ORDER BY number LIMIT ?', [
    after,
    SEGMENTS_AT_ONCE,
  ]);
  const segments = rows.map(
    ([segment, first, last, starts]): Segment => ({
      number: number(segment),
      first: number(first),
      last: number(last),
      starts: bytes(starts),
      slices: new Map(),
    }),
  );
  const byNumber = new Map(segments.map((segment) => [segment.number, segment]));
  const places = segments.flatMap((segment) => classes.map((one) => segment.number * SLICES + one));
  const found = ask(
    'SELECT s.number, s.bits FROM json_each(?) AS wanted CROSS JOIN search_slices AS s ON s.number = wanted.value',
    [JSON.stringify(places)],
  );
  for (const [place, bits] of found)
    byNumber.get(Math.floor(number(place) / SLICES))?.slices.set(number(place) % SLICES, bits === null ? null : bytes(bits));
  return segments;
}

/** Where in a segment bodies may be that have, of one of these lists, every text by its classes. */
function rangesIn({ first, last, starts, slices }: Segment, wanted: ReadonlyArray<ReadonlyArray<readonly number[]>>): Range[] {
  let left: Range[] = [];
  for (const texts of wanted) {
    let own: Range[] = [[first, last]];
    for (const classes of texts) {
      if (sizeOf(own) <= (last - first) * FEW_LEFT) break;
      const bits = classes.map((one) => slices.get(one));
      // A class without a slice stands in no slot.
      const all = bits.filter((slice) => slice !== undefined);
      own = all.length < bits.length ? [] : intersection(own, rangesOf(all, starts, { first, last }));
    }
    left = union(left, own);
  }
  return left;
}

function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((total, [from, to]) => total + to - from + 1, 0);
}

/** Of ranges in order, as the next. */
function intersection(some: readonly Range[], others: readonly Range[]): Range[] {
  const both: Range[] = [];
  for (let a = 0, b = 0; a < some.length && b < others.length; ) {
    const [from, to] = some[a] ?? [0, 0];
    const [otherFrom, otherTo] = others[b] ?? [0, 0];
    if (Math.max(from, otherFrom) <= Math.min(to, otherTo)) both.push([Math.max(from, otherFrom), Math.min(to, otherTo)]);
    if (to < otherTo) a++;
    else b++;
  }
  return both;
}

function union(some: readonly Range[], others: readonly Range[]): Range[] {
  const joined: Array<[from: number, to: number]> = [];
  for (const [from, to] of [...some, ...others].sort(([a], [b]) => a - b)) {
    const before = joined[joined.length - 1];
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else joined.push([from, to]);
  }
  return joined;
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

/**
 * How many bodies hold something that a search would not find in them.
 *
 * @param onProgress Told the number of the last body that was compared, now and then.
 */
export function misindexed(ask: Ask, onProgress: (last: number) => void): number {
  const stored = new StoredSegment();
  let wrong = 0;
  for (let segment = 0; ; ) {
    const [row] = ask('SELECT number, first, last, starts FROM search_segments WHERE number > ? ORDER BY number LIMIT 1', [
      segment,
    ]);
    if (row === undefined) return wrong;
    const [first, last] = [number(row[1]), number(row[2])];
    segment = number(row[0]);
    const from = segment * SLICES;
    const slices = ask('SELECT number, bits FROM search_slices WHERE number >= ? AND number < ?', [from, from + SLICES]);
    stored.load(
      slices.map(([place, bits]) => [number(place) - from, bits === null ? null : bytes(bits)]),
      bytes(row[3]),
    );
    for (let read = first - 1; ; ) {
      const rows = ask(`SELECT seq, ${SMALL_BODY} FROM contents WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`, [
        read,
        last,
        STEP,
      ]);
      for (const [seq, body] of rows) {
        read = number(seq);
        if (body !== null && !stored.holds(read - first, bytes(body))) wrong++;
      }
      if (rows.length < STEP) break;
    }
    onProgress(last);
  }
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
