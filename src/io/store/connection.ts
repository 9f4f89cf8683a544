import type Database from 'libsql';
import { WebhookError } from '../../core/errors.js';
import { isBusy, storeError } from './errors.js';
import { type OpenFile, type OpenOptions, openFile, withPatience } from './file.js';
import type { Cell, Row } from './rows.js';

/** Room for those of 32 kinds of deliveries, up to nine each: preparing one takes longer than running it. */
const MAX_STATEMENTS = 400;

/** Runs a statement and gives all its rows. */
export type Ask = (sql: string, cells?: readonly Cell[]) => Row[];

/** The store's database, opened afresh where a write failed or the file is no longer the one that was opened. */
export class Connection {
  readonly path: string;
  readonly #options: OpenOptions;
  #file: OpenFile | null;
  #closed = false;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(path: string, options: OpenOptions) {
    this.path = path;
    this.#file = openFile(path, options);
    // What was there once may be deleted while the program runs; it is then begun anew.
    this.#options = { ...options, mustExist: false };
  }

  /** Runs a statement that gives no rows. Throws what the database says. */
  readonly run = (sql: string, cells: readonly Cell[] = []): void => {
    // Always an array: the driver takes a lone object for named parameters.
    this.#prepare(sql).run([...cells]);
  };

  /** The first row alone, or null: in half the time. Throws what the database says. */
  readonly first = (sql: string, cells: readonly Cell[] = []): Row | null => {
    const row = this.#prepare(sql)
      .raw()
      .get([...cells]);
    return Array.isArray(row) ? row : null;
  };

  /** All rows. @throws WebhookError `store_unreadable` or `store_broken`. */
  readonly ask: Ask = (sql, cells = []) => {
    try {
      const rows = this.#prepare(sql)
        .raw()
        .all([...cells]);
      return rows.filter((row) => Array.isArray(row));
    } catch (error) {
      throw storeError(error, this.path, 'reading');
    }
  };

  /**
   * Runs `work`, for which the database stands still, without keeping others from writing.
   *
   * @throws WebhookError as `ask` does.
   */
  snapshot<T>(work: () => T): T {
    try {
      this.run('BEGIN');
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.#file?.db.inTransaction === true) this.#file.db.exec('ROLLBACK');
      throw storeError(error, this.path, 'reading');
    }
  }

  /** Whether its path still names the file that is open. */
  isCurrent(): boolean {
    return this.#file?.isCurrent() === true;
  }

  begin(): void {
    this.#refresh();
    this.#lock();
  }

  commit(): void {
    this.run('COMMIT');
  }

  rollback(error: unknown): void {
    if (isBusy(error) && this.#file?.db.inTransaction !== true) return;
    try {
      if (this.#file?.db.inTransaction === true) this.#file.db.exec('ROLLBACK');
    } catch {
      // Closing the database undoes it as well.
    }
    this.#drop();
  }

  /** Runs `work` in a transaction of its own, waiting for other processes without giving the event loop a turn. */
  transact<T>(work: () => T): T {
    try {
      this.#refresh();
      return withPatience(this.#open(), this.#options.busyTimeout, () => {
        this.#lock();
        const result = work();
        this.commit();
        return result;
      });
    } catch (error) {
      this.rollback(error);
      throw storeError(error, this.path, 'writing');
    }
  }

  /** Writes the whole database anew, waiting for other processes as `transact` does. Throws what the database says. */
  vacuum(): void {
    const db = this.#open();
    withPatience(db, this.#options.busyTimeout, () => db.exec('VACUUM'));
  }

  /** Merges the log into the main file, as far as other processes allow. */
  checkpoint(): void {
    try {
      if (!this.#options.readOnly && this.isCurrent()) this.#file?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // It is all in the log, and whoever opens the store next finds it there.
    }
  }

  /** Merges the log, and closes. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.checkpoint();
    this.#drop();
  }

  /** What is written to a file that was deleted or replaced would be gone with it. */
  #refresh(): void {
    if (this.#file?.isCurrent() === false) this.#drop();
  }

  /**
   * By a statement that is not prepared, for it may find the store locked: the driver leaves a prepared one half run then, and until
   * it is run again or gone SQLite commits nothing of other statements of the connection, though it says that it did.
   */
  #lock(): void {
    this.#open().exec('BEGIN IMMEDIATE');
  }

  #open(): Database.Database {
    if (this.#closed) throw new WebhookError('store_unreadable', `The store ${this.path} is closed.`);
    this.#file ??= openFile(this.path, this.#options);
    return this.#file.db;
  }

  #prepare(sql: string): Database.Statement {
    const db = this.#open();
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #drop(): void {
    this.#statements.clear();
    this.#file?.db.close();
    this.#file = null;
  }
}
