import { lowestIdAt } from '../../core/delivery/id.js';
import type { BodyCondition, Selector } from '../../core/delivery/selector.js';
import { WebhookError } from '../../core/errors.js';
import { eventMatcher } from '../../core/events/patterns.js';
import type { Ask } from './connection.js';
import { askPacked } from './packed.js';
import { type Cell, encode, FOUND_COLUMNS, number, type Row, SKEW_MS, text } from './rows.js';
import type { BodyTest } from './search.js';

/** A piece of a WHERE clause with what it binds. */
interface Condition {
  readonly sql: string;
  readonly cells: readonly Cell[];
}

/** Beyond this many events it is quicker to look through all deliveries than to merge an index scan for each. */
const MAX_MERGED = 16;
const IDS_AT_ONCE = 1_024;

/**
 * A selector as SQL. It reads by pages: nothing is open between two of them, so that a slow reader neither holds up a
 * checkpoint nor stands in the way of this connection's own writes.
 */
export class Query {
  readonly #ask: Ask;
  readonly #conditions: Condition[];
  /** In order. Null: any. */
  readonly #ids: readonly string[] | null;
  /** One, or one an event. None: nothing matches. */
  readonly #branches: readonly Condition[];
  /** Where the ids begin and end. SQLite goes by one bound on either side, so there must be no more. */
  readonly #lower: Condition;
  readonly #upper: Condition;

  /**
   * @param ids The ids that count, in full; null: any.
   * @param upTo Later ids are left out: what is added while it is read would have no end.
   * @param sparesQueued Leaves out what waits for its target.
   */
  constructor(ask: Ask, selector: Selector, ids: readonly string[] | null, upTo: string, sparesQueued: boolean) {
    this.#ask = ask;
    this.#conditions = conditionsOf(selector);
    this.#ids = ids === null ? null : ids.map(encode).sort();
    if (sparesQueued) this.#conditions.push({ sql: 'id NOT IN (SELECT id FROM queue)', cells: [] });
    this.#branches = branchesOf(ask, selector.event);
    this.#lower = { sql: 'id >= ?', cells: [selector.since === null ? '' : lowestIdSince(ask, selector.since)] };
    const last = encode(upTo);
    const until = selector.until === null ? null : highestIdUntil(ask, selector.until);
    this.#upper = until !== null && until <= last ? { sql: 'id < ?', cells: [until] } : { sql: 'id <= ?', cells: [last] };
  }

  /** The next rows of FOUND_COLUMNS in the order of their ids: from the first on, from one on, or after one. */
  page(start: { readonly after: string } | { readonly from: string } | null, size: number): Row[] {
    if (start === null) return this.#rows(this.#lower, this.#upper, 'ASC', size, this.#ids);
    const isAfter = 'after' in start;
    const bound = encode(isAfter ? start.after : start.from);
    const ids = this.#ids?.filter((id) => (isAfter ? id > bound : id >= bound)) ?? null;
    return this.#rows({ sql: isAfter ? 'id > ?' : 'id >= ?', cells: [bound] }, this.#upper, 'ASC', size, ids);
  }

  /** The rows before an id, or the newest of all, newest first. */
  before(id: string | null, size: number): Row[] {
    if (id === null) return this.#rows(this.#lower, this.#upper, 'DESC', size, this.#ids?.toReversed() ?? null);
    const bound = encode(id);
    const ids = this.#ids?.filter((other) => other < bound).reverse() ?? null;
    return this.#rows(this.#lower, { sql: 'id < ?', cells: [bound] }, 'DESC', size, ids);
  }

  /** The id of the oldest of the `n` newest; null where there are not so many. */
  nthNewest(n: number): string | null {
    const { sql, cells } = this.#compound('id', this.#lower, this.#upper, this.#ids);
    const found = sql === '' ? [] : this.#ask(`${sql} ORDER BY id DESC LIMIT 1 OFFSET ?`, [...cells, n - 1]);
    return found[0] === undefined ? null : text(found[0][0]);
  }

  /** No further than `most`. */
  count(most: number): number {
    const { sql, cells } = this.#compound('1', this.#lower, this.#upper, this.#ids);
    if (sql === '') return 0;
    return number(this.#ask(`SELECT count(*) FROM (${sql} LIMIT ?)`, [...cells, most])[0]?.[0]);
  }

  /** @param ids Those that may be among them, in this order; they are asked for some at a time, as each is looked at. */
  #rows(lower: Condition, upper: Condition, order: 'ASC' | 'DESC', size: number, ids: readonly string[] | null): Row[] {
    const rows: Row[] = [];
    for (let at = 0; rows.length < size; at += IDS_AT_ONCE) {
      const some = ids?.slice(at, at + IDS_AT_ONCE) ?? null;
      const { sql, cells } = this.#compound(FOUND_COLUMNS.sql, lower, upper, some);
      if (sql === '' || some?.length === 0) break;
      rows.push(...askPacked(this.#ask, FOUND_COLUMNS, `${sql} ORDER BY id ${order} LIMIT ?`, [...cells, size - rows.length]));
      if (some === null) break;
    }
    return rows;
  }

  #compound(columns: string, lower: Condition, upper: Condition, ids: readonly string[] | null): Condition {
    const among = { sql: 'id IN (SELECT value FROM json_each(?))', cells: [JSON.stringify(ids)] };
    const parts = this.#branches.map((branch) => {
      const all = [branch, lower, upper, ...(ids === null ? [] : [among]), ...this.#conditions];
      return {
        sql: `SELECT ${columns} FROM deliveries WHERE ${all.map(({ sql }) => sql).join(' AND ')}`,
        cells: all.flatMap((condition) => condition.cells),
      };
    });
    return { sql: parts.map(({ sql }) => sql).join(' UNION ALL '), cells: parts.flatMap(({ cells }) => cells) };
  }
}

function conditionsOf(selector: Selector): Condition[] {
  const conditions: Condition[] = [];
  const add = (sql: string, ...cells: Cell[]): void => void conditions.push({ sql, cells });
  if (selector.provider !== null) add('provider = ?', encode(selector.provider));
  // Spelled out, not bound: the partial indexes apply only where SQLite sees the value.
  if (selector.status !== null) add(`status = '${statusWord(selector.status)}'`);
  if (selector.failed) add('failed = 1');
  if (selector.since !== null) add('received_at >= ?', selector.since);
  if (selector.until !== null) add('received_at < ?', selector.until);
  if (selector.search !== null) {
    const { sql, cells } = searchTest(selector.search).test;
    add(`EXISTS (SELECT 1 FROM contents WHERE seq = content AND ${sql})`, ...cells);
  }
  for (const condition of selector.where) {
    const { sql, cells } = whereTest(condition);
    if (cells.length > 0) add(`EXISTS (SELECT 1 FROM contents WHERE seq = content AND ${sql})`, ...cells);
  }
  return conditions;
}

/** What tells of a body, without parsing it, that the condition may hold for it. */
export function whereTest({ bytes }: BodyCondition): BodyTest {
  return bytes === null ? { sql: '1', cells: [] } : { sql: `(instr(body, ?) > 0 OR instr(body, x'5c') > 0)`, cells: [bytes] };
}

function statusWord(status: string): string {
  if (/^[a-z]+$/.test(status)) return status;
  throw new WebhookError('usage', `'${status}' is not a status.`, { hint: 'It is valid, invalid or unchecked.' });
}

/**
 * Time as a bound on ids, which are in order on disk. It is exact: rows whose id does not tell their time (imported
 * ones, or where the clock jumped) are marked as skewed, and the bound is widened until it holds those that match.
 */
function lowestIdSince(ask: Ask, since: number): string {
  const regular = lowestIdAt(since - SKEW_MS);
  const skewed = ask('SELECT min(id) FROM deliveries INDEXED BY deliveries_skewed WHERE skewed = 1 AND received_at >= ?', [
    since,
  ])[0]?.[0];
  return typeof skewed === 'string' && skewed < regular ? skewed : regular;
}

function highestIdUntil(ask: Ask, until: number): string {
  const regular = lowestIdAt(until + SKEW_MS);
  const skewed = ask('SELECT max(id) FROM deliveries INDEXED BY deliveries_skewed WHERE skewed = 1 AND received_at < ?', [
    until,
  ])[0]?.[0];
  // The bound is exclusive, and nothing that begins with this id sorts between the two.
  return typeof skewed === 'string' && skewed >= regular ? `${skewed}0` : regular;
}

/**
 * What a text to search for is as bytes, and what tells of a body that it holds it. Case counts for letters outside ASCII
 * only. A body need not be text: bytes that are not UTF-8 are compared as they are.
 */
export function searchTest(search: string): { readonly wanted: Uint8Array; readonly test: BodyTest } {
  const folded = search.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const wanted = Buffer.from(folded, 'utf8');
  const sql = /[a-z]/.test(folded) ? 'instr(lower(CAST(body AS TEXT)), CAST(? AS TEXT)) > 0' : 'instr(body, ?) > 0';
  return { wanted, test: { sql, cells: [wanted] } };
}

/**
 * Event patterns, matched against the names there are: a few, found by jumping from one to the next in their index. A
 * few names are then read from that index, each in the order of its ids, and merged; so a rare event is found at once.
 */
function branchesOf(ask: Ask, patterns: string | null): Condition[] {
  if (patterns === null) return [{ sql: '1', cells: [] }];
  const matches = eventMatcher(patterns);
  const names = eventNames(ask);
  const chosen = names.filter(matches);
  if (chosen.length <= MAX_MERGED) {
    return chosen.map((name) =>
      name === null ? { sql: 'event IS NULL', cells: [] } : { sql: 'event = ?', cells: [encode(name)] },
    );
  }
  const left = names.flatMap((name) => (name === null || matches(name) ? [] : [encode(name)]));
  // The plus keeps SQLite from collecting all of them from the index and sorting them, for each page again.
  const sql = '+event NOT IN (SELECT value FROM json_each(?))';
  return [{ sql: matches(null) ? `(event IS NULL OR ${sql})` : sql, cells: [JSON.stringify(left)] }];
}

/** Every event name there is, and null where some delivery has none. */
export function eventNames(ask: Ask): Array<string | null> {
  const rows = ask(
    'WITH RECURSIVE names (name) AS (SELECT min(event) FROM deliveries UNION ALL ' +
      'SELECT (SELECT min(event) FROM deliveries WHERE event > name) FROM names WHERE name IS NOT NULL) ' +
      'SELECT name FROM names WHERE name IS NOT NULL',
    [],
  );
  const nameless = ask('SELECT 1 FROM deliveries WHERE event IS NULL LIMIT 1', []).length > 0;
  return [...rows.map((row) => text(row[0])), ...(nameless ? [null] : [])];
}
