import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  existsSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { codeOf, WebhookError } from '../../core/errors.js';
import { makeFolder } from '../folder.js';
import { isBusy, isReadOnly, storeError } from './errors.js';
import { MIGRATIONS, migrate, readVersion } from './schema.js';

/** How long the event loop may stand still for another process's commit; beyond it, waiting is done asynchronously. */
const PATIENCE_MS = 10;
/** The log is merged into the main file when so many pages of it are new. */
const MOST_LOG_PAGES = 4_000;

export interface OpenOptions {
  readonly mustExist: boolean;
  readonly readOnly: boolean;
  /** How long another process may hold the store locked, in milliseconds. */
  readonly busyTimeout: number;
  /** Never stand still: no write waits for another's commit, and merging the log is left to others. */
  readonly hurried: boolean;
}

/** An open database, and which file it is: a path may come to name another one. */
export interface OpenFile {
  readonly db: Database.Database;
  readonly isCurrent: () => boolean;
}

/** Opens the store's database, made and brought to the newest form where that is asked for and needed. */
export function openFile(path: string, options: OpenOptions): OpenFile {
  const doing = options.readOnly ? 'reading' : 'writing';
  try {
    const before = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (before?.isDirectory() === true) {
      throw new WebhookError(options.readOnly ? 'store_unreadable' : 'store_unwritable', `${path} is a directory, not a store.`, {
        hint: `Name a file in it: --store ${join(path, 'deliveries.db')}`,
      });
    }
    if (before === undefined) {
      if (options.readOnly || options.mustExist) {
        throw new WebhookError('store_unreadable', `Nothing has been kept yet: there is no store at ${path}.`, {
          hint: 'Begin with: webhook listen',
        });
      }
      createFile(path);
    }
    const db = options.readOnly ? openToRead(path, options.busyTimeout) : openToWrite(path, options);
    const opened = statSync(path, { bigint: true });
    return { db, isCurrent: () => isSameFile(opened, statSync(path, { bigint: true, throwIfNoEntry: false })) };
  } catch (error) {
    throw storeError(error, path, doing);
  }
}

/** Waits longer for other processes during `work`, which does not give the event loop a turn. */
export function withPatience<T>(db: Database.Database, ms: number, work: () => T): T {
  setBusyTimeout(db, ms);
  try {
    return work();
  } finally {
    if (db.open) setBusyTimeout(db, PATIENCE_MS);
  }
}

/** The store's size on disk with what has not been merged into its main file yet, in bytes. */
export function sizeOf(path: string): number {
  const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return size(path) + size(`${path}-wal`);
}

function createFile(path: string): void {
  const directory = dirname(resolve(path));
  const left = ['-wal', '-shm', '-journal'].map((suffix) => path + suffix).filter((file) => existsSync(file));
  makeFolder(directory, 0o700);
  if (basename(directory) === '.webhook') writeIfAbsent(join(directory, '.gitignore'), '*\n', 0o644);
  // The log of a database that was deleted must not be taken for that of the new one.
  if (!existsSync(path)) for (const file of left) rmSync(file, { force: true });
  // SQLite gives its -wal and -shm files the mode of the database, so that must be right from the first moment.
  writeIfAbsent(path, '', 0o600);
}

function writeIfAbsent(path: string, text: string, mode: number): void {
  try {
    const file = openSync(path, 'wx', mode);
    try {
      if (text !== '') writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function openToWrite(path: string, { busyTimeout, hurried }: Pick<OpenOptions, 'busyTimeout' | 'hurried'>): Database.Database {
  accessSync(path, constants.R_OK | constants.W_OK);
  accessSync(dirname(resolve(path)), constants.W_OK);
  const db = connect(path, 'mode=rw', busyTimeout);
  try {
    // Fails before anything is written where it is no store, or one that must not be touched.
    readVersion(db, path);
    useWriteAheadLog(db, busyTimeout);
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA cache_size = -16000');
    db.exec(`PRAGMA wal_autocheckpoint = ${hurried ? 0 : MOST_LOG_PAGES}`);
    db.exec('PRAGMA foreign_keys = OFF');
    migrate(db, path);
    setBusyTimeout(db, hurried ? 0 : PATIENCE_MS);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openToRead(path: string, busyTimeout: number): Database.Database {
  accessSync(path, constants.R_OK);
  let db = connect(path, 'mode=ro', busyTimeout);
  try {
    let version: number;
    try {
      version = readVersion(db, path);
    } catch (error) {
      // In a directory that may not be written there is no log to share with a writer; without one, the file is all there is.
      if (!isReadOnly(error) || sizeOf(path) !== statSync(path).size) throw error;
      db.close();
      db = connect(path, 'immutable=1', busyTimeout);
      version = readVersion(db, path);
    }
    if (version < MIGRATIONS.length) {
      openToWrite(path, { busyTimeout, hurried: false }).close();
      db.close();
      db = connect(path, 'mode=ro', busyTimeout);
    }
    db.exec('PRAGMA cache_size = -16000');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A URI, because a bare path that looks like a URL would be taken for a server's. */
function connect(path: string, query: string, busyTimeout: number): Database.Database {
  return new Database(`${pathToFileURL(resolve(path)).href}?${query}`, { timeout: busyTimeout });
}

/** The switch needs the file for itself for a moment, and SQLite does not wait for that by itself. */
function useWriteAheadLog(db: Database.Database, busyTimeout: number): void {
  const end = performance.now() + busyTimeout;
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function setBusyTimeout(db: Database.Database, ms: number): void {
  db.exec(`PRAGMA busy_timeout = ${Math.round(ms)}`);
}

function isSameFile(a: BigIntStats, b: BigIntStats | undefined): boolean {
  return b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
