import { codeOf, messageOf, WebhookError } from '../../core/errors.js';

/** SQLite's primary result codes that need words of their own. */
const BUSY = 5;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
const CONSTRAINT = 19;

/** SQLite's primary result code of an error the driver threw; null where it is of another kind. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode & 0xff;
  // A database that cannot be opened is an Error without a code; the number stands at the end of its message.
  const match = /^ConnectionFailed\(.*: (\d+)"?\)$/s.exec(error.message);
  return match === null ? null : Number(match[1]) & 0xff;
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === BUSY;
}

export function isFull(error: unknown): boolean {
  return sqliteCode(error) === FULL;
}

export function isReadOnly(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === READONLY || code === CANTOPEN;
}

export function isConstraint(error: unknown): boolean {
  return sqliteCode(error) === CONSTRAINT;
}

/** What went wrong while reading or writing the store at `path`, as a sentence. */
export function storeError(error: unknown, path: string, doing: 'reading' | 'writing'): WebhookError {
  if (error instanceof WebhookError) return error;
  const code = sqliteCode(error);
  const cause = error;
  const errno = codeOf(error);
  if (code === CORRUPT || code === NOTADB) {
    return new WebhookError('store_broken', `${path} is not a store, or it is damaged (${messageOf(error)}).`, {
      hint: 'Move the file away to begin a new store, or name another with --store.',
      cause,
    });
  }
  if (doing === 'reading') {
    return new WebhookError('store_unreadable', `The store ${path} could not be read: ${messageOf(error)}.`, {
      hint: 'Check that you may read the file and its directory, or name another store with --store.',
      cause,
    });
  }
  if (code === FULL || errno === 'ENOSPC') {
    return new WebhookError('store_unwritable', `The disk is full: nothing more can be kept in ${path}.`, {
      hint: 'Free some space. A listener goes on by itself; anything else is to be run again.',
      cause,
    });
  }
  if (code === BUSY) {
    return new WebhookError('store_unwritable', `Another program holds the store ${path} locked.`, {
      hint: 'End the program that has the file open, or name another store with --store.',
      cause,
    });
  }
  if (code === READONLY || errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS') {
    return new WebhookError('store_unwritable', `The store ${path} may not be written.`, {
      hint: 'Check the permissions of the file and its directory, or name another store with --store.',
      cause,
    });
  }
  return new WebhookError('store_unwritable', `The store ${path} could not be written: ${messageOf(error)}.`, {
    hint: 'Check the disk and the permissions of the directory, or name another store with --store.',
    cause,
  });
}
