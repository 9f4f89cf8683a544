/** Gives room that nothing is in back to the disk. SQLite writes the whole database anew for that. */
import type { Connection } from './connection.js';
import { isBusy, isFull } from './errors.js';
import { number } from './rows.js';

/** `shared`: other processes use the store, and would have to wait too long. `full`: the disk has no room for a second one. */
export type Compaction = 'done' | 'shared' | 'full';

/** What is written in about a second: no listener gives up waiting for that. Bytes. */
const BRIEF = 64_000_000;
/** Where less than this share of a large store is free, it is not worth it. */
const WORTH = 0.1;

export function compact(connection: Connection): Compaction {
  const ask = (pragma: string): number => number(connection.ask(`PRAGMA ${pragma}`)[0]?.[0]);
  const free = ask('freelist_count');
  const pages = ask('page_count');
  const left = (pages - free) * ask('page_size');
  if (free > 0 && (left <= BRIEF || free > pages * WORTH)) {
    if (left > BRIEF && !isAlone(connection)) return 'shared';
    try {
      // The driver's SQLite holds what is temporary in memory, which here is the whole store.
      if (left > BRIEF) connection.run('PRAGMA temp_store = FILE');
      connection.vacuum();
    } catch (error) {
      if (isBusy(error)) return 'shared';
      if (isFull(error)) return 'full';
      throw error;
    }
  }
  connection.checkpoint();
  return 'done';
}

/** The journal can be switched only by who has the file for itself. */
function isAlone({ ask }: Connection): boolean {
  try {
    return ask('PRAGMA journal_mode = DELETE')[0]?.[0] === 'delete';
  } catch {
    return false;
  } finally {
    ask('PRAGMA journal_mode = WAL');
  }
}
