import { WebhookError } from '../../core/errors.js';
import type { Connection } from './connection.js';
import { isFull } from './errors.js';
import { queuedIds } from './queue.js';
import type { Selection } from './read.js';
import * as rows from './rows.js';
import { noteRemoval, tidyIndex } from './search.js';
import { takeOut } from './tally.js';

/** What is about to be deleted; made by `Store.removal`. */
export interface Removal {
  /** How many there are, unless others come or go meanwhile. */
  readonly count: number;
  /** How many match, but wait for their target: they stay. */
  readonly spared: number;
  /** How many of them wait for their target: they were named by their ids. */
  readonly queued: number;
  /** Deletes them in short transactions, so that other processes get their turn. Gives how many each has deleted. */
  run(): IterableIterator<number>;
}

/** How long other processes are kept from writing at a time, in milliseconds. */
const TURN_MS = 20;
const FIRST_TURN = 100;
const MOST_IN_TURN = 2_000;
const PAGE = 256;

/**
 * @param selection What is to be deleted; null: nothing.
 * @param all The same with what waits for its target, where something does and is to be spared.
 */
export function planRemoval(
  connection: Connection,
  selection: Selection | null,
  { spares, all }: { readonly spares: boolean; readonly all: Selection | null },
): Removal {
  const count = selection?.count() ?? 0;
  return {
    count,
    spared: all === null ? 0 : all.count() - count,
    queued: spares || selection === null ? 0 : queuedOf(connection, selection),
    *run() {
      if (selection !== null) yield* removePages(connection, selection.pages(PAGE), { spares, turnMs: TURN_MS });
      connection.transact(() => tidyIndex(connection));
    },
  };
}

/**
 * Deletes by turns what is in these pages. Gives how many each turn has deleted.
 *
 * @param options.spares What waits for its target stays.
 * @param options.turnMs About how long a turn takes.
 */
export function* removePages(
  connection: Connection,
  pages: Iterable<readonly rows.Found[]>,
  { spares, turnMs }: { readonly spares: boolean; readonly turnMs: number },
): IterableIterator<number> {
  let waiting: string[] = [];
  let size = FIRST_TURN;
  const turn = (): number => {
    const ids = waiting.slice(0, size);
    waiting = waiting.slice(size);
    const began = performance.now();
    const remove = (): number => connection.transact(() => removeIds(connection, ids, spares));
    let removed: number;
    try {
      removed = remove();
    } catch (error) {
      if (!(error instanceof WebhookError && isFull(error.cause))) throw error;
      // What was deleted before stands in the log: merged into the file, it leaves room for more.
      connection.checkpoint();
      removed = remove();
    }
    const spent = Math.max(1, performance.now() - began);
    size = Math.max(1, Math.min(MOST_IN_TURN, Math.round((ids.length * turnMs) / spent)));
    return removed;
  };
  for (const page of pages) {
    for (const { id } of page) waiting.push(rows.encode(id));
    while (waiting.length >= size) yield turn();
  }
  while (waiting.length > 0) yield turn();
}

/** In a transaction. What has begun to wait for its target meanwhile stays. */
function removeIds(connection: Connection, ids: readonly string[], spares: boolean): number {
  const all = JSON.stringify(ids);
  const those = spares
    ? 'SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM queue)'
    : 'SELECT value FROM json_each(?)';
  const contents = `SELECT content FROM deliveries WHERE id IN (${those})`;
  let removed = 0;
  takeOut(connection, `d.id IN (${those})`, [all], () => {
    for (const table of ['attempts', 'responses', 'contents'])
      connection.run(`DELETE FROM ${table} WHERE seq IN (${contents})`, [all]);
    if (!spares) connection.run(`DELETE FROM queue WHERE id IN (${those})`, [all]);
    connection.run(`DELETE FROM deliveries WHERE id IN (${those})`, [all]);
    removed = rows.number(connection.first('SELECT changes()')?.[0]);
    noteRemoval(connection);
  });
  return removed;
}

function queuedOf(connection: Connection, selection: Selection): number {
  const queued = queuedIds(connection.ask);
  let count = 0;
  if (queued.size > 0) for (const page of selection.pages(PAGE)) count += page.filter(({ id }) => queued.has(id)).length;
  return count;
}
