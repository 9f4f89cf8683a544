import type { Answer, Attempt, Delivery } from '../../core/delivery/delivery.js';
import { type BodyCondition, EVERYTHING, type Selector } from '../../core/delivery/selector.js';
import type { DeliverySummary } from '../../core/delivery/summary.js';
import { WebhookError } from '../../core/errors.js';
import type { Finding } from '../../core/signature/verdict.js';
import { GroupCommit } from './batch.js';
import { type Compaction, compact } from './compact.js';
import { Connection } from './connection.js';
import { isBusy, storeError } from './errors.js';
import { sizeOf } from './file.js';
import { type FlatDelivery, flatten } from './flat.js';
import { type CheckProgress, type StoreInfo, storeInfo, storeProblems } from './inspect.js';
import { type Kept, keepAll, sizeOf as keptSize } from './keeping.js';
import { eventNames, Query, searchTest, whereTest } from './query.js';
import { leftInQueue, queuedFor, StoreQueue } from './queue.js';
import { bodySieve, loadDeliveries, type Part, partsToLoad, readDeliveries, readSummaries, Selection } from './read.js';
import { recordAttempts } from './recording.js';
import { planRemoval, type Removal } from './removal.js';
import { type Retention, retain } from './retention.js';
import * as rows from './rows.js';
import { findBodies, Indexer, unindexed } from './search.js';
import { countAll, followTally, MOST_IN_A_MOMENT, noteTally } from './tally.js';

export type { CheckProgress, StoreInfo } from './inspect.js';
export type { Part } from './read.js';
export type { Removal } from './removal.js';
export type { Retention } from './retention.js';

export interface StoreOptions {
  /** Refuse where there is no store yet, instead of making one. */
  readonly mustExist?: boolean;
  /** Only read: nothing is made, and the file may be one that must not be written. */
  readonly readOnly?: boolean;
  /** How long another process may hold the store locked before a write is given up, in milliseconds. Default 5000. */
  readonly busyTimeout?: number;
  /** Never stand still: no write waits for another's commit, and merging the log is left to others. For `keepNow`. */
  readonly hurried?: boolean;
  /** Told how far it is where a search first has to bring the index up to date. */
  readonly onIndexing?: (indexed: number, total: number) => void;
}

/** A search that would have to look at more bodies than that which are not in the index brings it up to date first. */
const MOST_UNINDEXED = 50_000;
const SEGMENT_BYTES = 1_000_000;
const PAGE = 256;
const NAMED_IN_ERROR = 5;
/** Sorts after every character that an id can hold. */
const LAST = '\u{10ffff}';

/**
 * Opens the store, and makes it (readable by its owner only) where there is none. Several processes may use one at once.
 *
 * @param path The database file.
 * @throws WebhookError `store_unreadable`, `store_unwritable`, `store_broken`, or `store_newer`.
 * @example
 * const store = openStore('.webhook/deliveries.db');
 * const { duplicateOf } = await store.keep(delivery);
 * await store.close();
 */
export function openStore(path: string, options: StoreOptions = {}): Store {
  const { mustExist = false, readOnly = false, busyTimeout = 5_000, hurried = false, onIndexing = () => {} } = options;
  return new Store(path, { mustExist, readOnly, busyTimeout, hurried, onIndexing });
}

/** Where deliveries are kept; made by `openStore`. */
export class Store {
  readonly path: string;
  readonly #connection: Connection;
  readonly #writes: GroupCommit;
  readonly #readOnly: boolean;
  readonly #options: Required<StoreOptions>;
  #closing: Promise<void> | null = null;
  #indexer: Indexer | null = null;
  /** What the last search has found. */
  #found: { readonly key: string; readonly ids: readonly string[] | null } | null = null;

  constructor(path: string, options: Required<StoreOptions>) {
    const connection = new Connection(path, options);
    this.path = path;
    this.#connection = connection;
    this.#readOnly = options.readOnly;
    this.#options = options;
    this.#writes = new GroupCommit(
      {
        begin: () => connection.begin(),
        commit: () => connection.commit(),
        rollback: (error) => connection.rollback(error),
        isBusy,
        explain: (error) => storeError(error, path, 'writing'),
      },
      options.busyTimeout,
    );
  }

  /**
   * Keeps a delivery with all that is known of it. Resolves when it is durably on disk; what is kept in the same turn of
   * the event loop shares a commit. Its body must not change until then.
   *
   * @param options.duplicates Whether to look for an earlier one; false keeps what the delivery says. Default true.
   * @returns The id of an earlier kept delivery of the same origin, provider and event id, recorded with this one; or
   *   null. A `duplicateOf` that the delivery already has is kept as it is.
   * @throws WebhookError `store_unwritable` or `store_broken` where it was not kept (the next one is tried afresh);
   *   `input_malformed` where its id is there already.
   */
  async keep(delivery: Delivery, options: { readonly duplicates?: boolean } = {}): Promise<{ duplicateOf: string | null }> {
    const [kept] = (await this.keepFlat([flatten(delivery)], options)) as [Kept];
    if ('error' in kept) throw kept.error;
    return kept;
  }

  /** The same for deliveries that were made flat before; what each comes to, in their order. */
  keepFlat(
    deliveries: readonly FlatDelivery[],
    { duplicates = true }: { readonly duplicates?: boolean } = {},
  ): Promise<readonly Kept[]> {
    this.#mustBeWritable();
    let size = 0;
    for (const delivery of deliveries) size += keptSize(delivery);
    return this.#writes.add(size, () => keepAll(this.#connection, deliveries, duplicates));
  }

  /**
   * The same for one, in this turn of the event loop, which stands still while the disk writes.
   *
   * @returns Null where another process or thread is writing just now: it is not kept then.
   * @throws WebhookError as `keep` does.
   */
  keepNow(delivery: FlatDelivery): { readonly duplicateOf: string | null } | null {
    this.#mustBeWritable();
    let kept: Kept;
    try {
      this.#connection.begin();
      [kept] = keepAll(this.#connection, [delivery], true) as [Kept];
      this.#connection.commit();
    } catch (error) {
      this.#connection.rollback(error);
      if (isBusy(error)) return null;
      throw storeError(error, this.path, 'writing');
    }
    if ('error' in kept) throw kept.error;
    return kept;
  }

  /**
   * Records what became of a kept delivery: its answer takes the place of an earlier one, its attempts are added.
   * Resolves when that is durably on disk. A delivery that was removed meanwhile stays removed.
   *
   * @throws WebhookError as `keep` does.
   */
  async finish(
    id: string,
    result: { readonly response?: Answer; readonly attempts?: readonly Attempt[]; readonly diagnosis?: readonly Finding[] },
  ): Promise<void> {
    this.#mustBeWritable();
    const { response = null, attempts = [], diagnosis = null } = result;
    const outcome = recordAttempts(id, response, attempts);
    const answer = response === null ? null : rows.responseCells(id, response);
    return this.#writes.add(rows.bytesOf(response, attempts), () => {
      for (const { sql, cells } of outcome) this.#connection.run(sql, cells);
      if (answer !== null) this.#connection.run(rows.INSERT_RESPONSE, answer);
      if (diagnosis !== null) this.#connection.run(rows.UPDATE_DIAGNOSIS, rows.diagnosisCells(id, diagnosis));
    });
  }

  /** Records attempts to hand on kept deliveries, in one commit: as `finish` does for each. */
  async record(attempts: ReadonlyArray<readonly [id: string, attempt: Attempt]>): Promise<void> {
    this.#mustBeWritable();
    const bytes = attempts.reduce((sum, [, attempt]) => sum + rows.bytesOf(null, [attempt]), 0);
    return this.#writes.add(bytes, () => {
      for (const [id, attempt] of attempts) {
        for (const { sql, cells } of recordAttempts(id, null, [attempt])) this.#connection.run(sql, cells);
      }
    });
  }

  /** Whether a delivery of exactly that id is kept. */
  has(id: string): boolean {
    return this.#connection.ask('SELECT 1 FROM deliveries WHERE id = ?', [rows.encode(id)]).length > 0;
  }

  /** The delivery of exactly that id. */
  get(id: string): Delivery | null {
    const found = this.#connection.ask(`SELECT ${rows.FOUND_COLUMNS.sql} FROM deliveries WHERE id = ?`, [rows.encode(id)]);
    const [delivery] = loadDeliveries(this.#connection.ask, found.map(rows.readFound));
    return delivery ?? null;
  }

  /**
   * The full id that begins so; `dlv_` may be left out, and case does not count.
   *
   * @throws WebhookError `selection_empty` or `selection_ambiguous`.
   */
  resolve(prefix: string): string {
    if (this.has(prefix)) return prefix;
    const spelled = this.#idsWith(`dlv_${prefix.replace(/^dlv_/i, '').toUpperCase()}`);
    // Ids that came from elsewhere need not be of this program's form.
    const matches = spelled.length > 0 ? spelled : this.#idsWith(prefix);
    const [id] = matches;
    if (id === undefined) {
      throw new WebhookError('selection_empty', `No kept delivery has an id that begins with '${prefix}'.`, {
        hint: 'See what is kept with: webhook list',
      });
    }
    if (matches.length > 1) {
      const named = matches.slice(0, NAMED_IN_ERROR).join(', ');
      const others = matches.length > NAMED_IN_ERROR ? ' and others' : '';
      throw new WebhookError('selection_ambiguous', `Several kept deliveries begin with '${prefix}': ${named}${others}.`, {
        hint: 'Give more characters of the id.',
      });
    }
    return id;
  }

  /**
   * The deliveries that match, oldest first, read as they are asked for. What is kept after the call is not among them.
   *
   * @param after Of those, the ones that stand behind the delivery with this id; null: all.
   * @throws WebhookError `selection_empty` or `selection_ambiguous` where an id in the selector is not exactly one delivery's.
   */
  select(selector: Selector, after: string | null = null): IterableIterator<Delivery> {
    return readDeliveries(this.#connection.ask, this.#pages(selector, after));
  }

  /** What `select` would give, in parts for `load`, of which few are large. */
  parts(selector: Selector): IterableIterator<Part> {
    return partsToLoad(this.#pages(selector));
  }

  /** The deliveries of a part; one that was removed meanwhile is left out. */
  load(part: Part): Delivery[] {
    return loadDeliveries(this.#connection.ask, part);
  }

  /** Whether the store's path still names the file that is open. */
  isCurrent(): boolean {
    return this.#connection.isCurrent();
  }

  /** As `select`, without what is large. */
  summaries(selector: Selector): IterableIterator<DeliverySummary> {
    return readSummaries(this.#connection.ask, this.#pages(selector));
  }

  /** How many `select` would give; it is counted no further than `most`. */
  count(selector: Selector, most?: number): number {
    return this.#selection(selector)?.count(most) ?? 0;
  }

  /**
   * What it would mean to delete what `select` would give. What waits for its target is spared, unless ids are selected.
   *
   * @param keep Spares the newest so many of them.
   * @throws WebhookError as `select` and `keep` do; its `run` too.
   */
  removal(selector: Selector, keep = 0): Removal {
    this.#mustBeWritable();
    const spares = selector.ids.length === 0;
    const selected = (sparesQueued: boolean): Selection | null => {
      const all = this.#selection(selector, sparesQueued);
      if (keep === 0 || all === null) return all;
      const last = all.nthNewest(keep + 1);
      return last === null ? null : this.#selection(selector, sparesQueued, last);
    };
    const waits = spares && this.#connection.first('SELECT 1 FROM queue LIMIT 1') !== null;
    return planRemoval(this.#connection, selected(spares), { spares, all: waits ? selected(false) : null });
  }

  /**
   * Deletes what is beyond these bounds, the oldest first, in steps of some milliseconds; what waits for its target stays.
   * Gives how many each step has deleted, if any.
   *
   * @param now Unix time in milliseconds.
   */
  retain(retention: Retention, now: number): IterableIterator<number> {
    this.#mustBeWritable();
    const older = (until: number | null): Iterable<rows.Found[]> =>
      this.#selection({ ...EVERYTHING, until }, true)?.pages(PAGE) ?? [];
    return retain(this.#connection, retention, { now, older });
  }

  /** Deletes what `removal` says, and gives how many that were. */
  remove(selector: Selector): number {
    let removed = 0;
    for (const count of this.removal(selector).run()) removed += count;
    return removed;
  }

  /**
   * What waits in this store for targets that are down.
   *
   * @param owner tells this run from every other that uses the store.
   */
  queue(owner: string): StoreQueue {
    this.#mustBeWritable();
    return new StoreQueue({ connection: this.#connection, writes: this.#writes, get: (id) => this.get(id) }, owner);
  }

  /** How many deliveries wait for each target that no program hands them on to just now. `now`: Unix time in milliseconds. */
  leftInQueue(now: number): ReadonlyMap<string, number> {
    return leftInQueue(this.#connection.ask, now);
  }

  /** The targets that a delivery waits for. */
  queuedFor(id: string): readonly string[] {
    return queuedFor(this.#connection.ask, id);
  }

  /** The names of all events there are, in order. */
  events(): string[] {
    return eventNames(this.#connection.ask).filter((name) => name !== null);
  }

  /** Puts some of what was kept into the search index, in a moment. False where there is nothing to do for now. */
  async index(): Promise<boolean> {
    this.#mustBeWritable();
    this.#indexer ??= new Indexer(this.#connection);
    const indexer = this.#indexer;
    const state = indexer.read();
    if (state === 'full') {
      await this.#writes.add(SEGMENT_BYTES, () => {
        indexer.write();
        followTally(this.#connection);
      });
    }
    return state !== 'end';
  }

  /** Another one where other processes have written since. */
  version(): number {
    return this.#number('PRAGMA data_version');
  }

  /** A number that what is kept from now on stands behind, for `keptAfter`. */
  mark(): number {
    return this.#number('SELECT ifnull(max(seq), 0) FROM contents');
  }

  /** Ids of some of what was kept behind a mark, in the order in which it was, and the mark behind these. */
  keptAfter(mark: number): { readonly ids: readonly string[]; readonly mark: number } {
    const found = this.#connection.ask('SELECT seq, id FROM contents WHERE seq > ? ORDER BY seq LIMIT ?', [mark, PAGE]);
    const last = found[found.length - 1];
    return {
      ids: found.flatMap(([, id]) => (id === null ? [] : [rows.text(id)])),
      // What is deleted leaves its number to the next.
      mark: last === undefined ? Math.min(mark, this.mark()) : rows.number(last[0]),
    };
  }

  /** Of these ids, those that are still kept, and whether the sender has its answer. */
  answered(ids: readonly string[]): ReadonlyMap<string, boolean> {
    const found = this.#connection.ask(
      "SELECT id, response_status IS NOT NULL OR attempts > 0 OR origin <> 'received' FROM deliveries WHERE id IN (SELECT value FROM json_each(?))",
      [JSON.stringify(ids.map(rows.encode))],
    );
    return new Map(found.map(([id, answered]) => [rows.text(id), answered === 1]));
  }

  /** Bytes on disk, with what is not merged into the main file yet. */
  size(): number {
    return sizeOf(this.path);
  }

  /** Gives room that nothing is in back to the disk, where that can be. */
  compact(): Compaction {
    this.#mustBeWritable();
    return compact(this.#connection);
  }

  /** What there is. */
  info(): StoreInfo {
    const tally = countAll(this.#connection);
    if (tally.fresh > MOST_IN_A_MOMENT)
      this.#whereWritable((connection) => connection.transact(() => noteTally(connection, tally)));
    return storeInfo(this.#connection, tally);
  }

  /** What is wrong with the store, a sentence each; nothing where it is sound. It reads all of it, and tells how far it is. */
  checkIntegrity(onProgress: (progress: CheckProgress) => void = () => {}): string[] {
    try {
      return storeProblems(this.#connection, () => this.select(EVERYTHING), onProgress);
    } catch (error) {
      return [storeError(error, this.path, 'reading').message];
    }
  }

  /** Commits what is waiting and closes the file. */
  close(): Promise<void> {
    this.#closing ??= this.#writes.drain().then(() => this.#connection.close());
    return this.#closing;
  }

  #mustBeWritable(): void {
    if (this.#readOnly) throw new WebhookError('store_unwritable', `The store ${this.path} was opened to read only.`);
    if (this.#closing !== null) throw new WebhookError('store_unwritable', `The store ${this.path} is closed.`);
  }

  /** A few of the ids that begin so: enough to tell whether it is one, and to name some. */
  #idsWith(prefix: string): string[] {
    const start = rows.encode(prefix);
    const found = this.#connection.ask('SELECT id FROM deliveries WHERE id >= ? AND id < ? ORDER BY id LIMIT ?', [
      start,
      start + LAST,
      NAMED_IN_ERROR + 1,
    ]);
    return found.map(([id]) => rows.text(id));
  }

  /** The ids of all whose bodies hold the text; null where that takes as long as looking at each. */
  #search(search: string): readonly string[] | null {
    const connection = this.#connection;
    const key = `${this.version()} ${this.mark()} ${search}`;
    if (this.#found?.key === key) return this.#found.ids;
    if (unindexed(connection.ask) > MOST_UNINDEXED) this.#catchUp();
    const { wanted, test } = searchTest(search);
    const ids = connection.snapshot(() => findBodies(connection.ask, [[wanted]], test));
    this.#found = { key, ids };
    return ids;
  }

  /** The ids of all for which one of these may hold, by the index; null where that takes as long as looking at each. */
  #near(conditions: readonly BodyCondition[]): readonly string[] | null {
    const { ask } = this.#connection;
    if (conditions.length === 0 || unindexed(ask) > MOST_UNINDEXED) return null;
    for (const condition of conditions) {
      const { traces } = condition;
      const ids = traces === null ? null : this.#connection.snapshot(() => findBodies(ask, traces, whereTest(condition)));
      if (ids !== null) return ids;
    }
    return null;
  }

  /** Brings the search index up to date, where the file may be written. */
  #catchUp(): void {
    const { onIndexing } = this.#options;
    let total = 0;
    this.#whereWritable((connection) => {
      const indexer = new Indexer(connection);
      total = unindexed(connection.ask);
      onIndexing(0, total);
      for (let state = indexer.read(); state !== 'end'; state = indexer.read()) {
        if (state !== 'full') continue;
        connection.transact(() => indexer.write());
        onIndexing(Math.max(0, total - unindexed(connection.ask)), total);
      }
    });
    onIndexing(total, total);
  }

  /** Does what makes reading sooner next time. Where the file cannot be written, it is left. */
  #whereWritable(work: (connection: Connection) => void): void {
    const own = this.#readOnly ? null : this.#connection;
    let connection = own;
    try {
      connection ??= new Connection(this.path, { ...this.#options, readOnly: false, mustExist: true });
      work(connection);
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
    } finally {
      if (connection !== own) connection?.close();
    }
  }

  #number(sql: string): number {
    return rows.number(this.#connection.ask(sql)[0]?.[0]);
  }

  #pages(selector: Selector, after: string | null = null): Iterable<rows.Found[]> {
    return this.#selection(selector)?.pages(PAGE, after) ?? [];
  }

  /** Reads the selector at once, so that what is wrong with it is thrown here. Null where nothing is kept. */
  #selection(selector: Selector, sparesQueued = false, upTo: string | null = null): Selection | null {
    const { ask } = this.#connection;
    const given = selector.ids.length === 0 ? null : [...new Set(selector.ids.map((id) => this.resolve(id)))];
    const newest = upTo ?? ask('SELECT max(id) FROM deliveries')[0]?.[0];
    if (typeof newest !== 'string') return null;
    const found = given === null && selector.search !== null ? this.#search(selector.search) : null;
    const rest = found === null ? selector : { ...selector, search: null };
    const near = given ?? found ?? this.#near(selector.where);
    const query = new Query(ask, rest, near, upTo ?? rows.text(newest), sparesQueued);
    return new Selection(query, limitOf(selector), selector.where.length === 0 ? null : bodySieve(ask, selector.where));
  }
}

function limitOf({ last, limit }: Selector): number | null {
  return last === null ? limit : Math.min(last, limit ?? last);
}
