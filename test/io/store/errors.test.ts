import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import { sqliteCode, storeError } from '../../../src/io/store/errors.js';
import { temporaryDirectory } from './samples.js';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It did not throw.');
}

describe('storeError', () => {
  it('says that the disk is full', () => {
    const db = new Database(join(temporaryDirectory(), 'a.db'));
    db.exec('CREATE TABLE t (a)');
    db.exec('PRAGMA max_page_count = 3');
    const full = thrownBy(() => db.prepare('INSERT INTO t VALUES (?)').run([Buffer.alloc(100_000)]));
    db.close();
    expect(storeError(full, 'a.db', 'writing')).toMatchObject({
      code: 'store_unwritable',
      message: 'The disk is full: nothing more can be kept in a.db.',
      hint: expect.stringContaining('by itself'),
      cause: full,
    });
  });

  it('reads the code of a database that cannot be opened from its message', () => {
    const directory = temporaryDirectory();
    const error = thrownBy(() => new Database(join(directory, 'none', 'a.db')));
    expect(sqliteCode(error)).toBe(14);
    expect(storeError(error, 'a.db', 'reading')).toMatchObject({ code: 'store_unreadable' });
    expect(storeError(error, 'a.db', 'writing')).toMatchObject({ code: 'store_unwritable' });
  });

  it.each([
    ['EACCES', 'may not be written'],
    ['EROFS', 'may not be written'],
    ['ENOSPC', 'disk is full'],
    ['EIO', 'could not be written: why'],
  ])('words %s', (code, words) => {
    const error = Object.assign(new Error('why'), { code });
    expect(storeError(error, 'a.db', 'writing')).toMatchObject({
      code: 'store_unwritable',
      message: expect.stringContaining(words),
    });
    expect(storeError(error, 'a.db', 'reading')).toMatchObject({
      code: 'store_unreadable',
      message: expect.stringContaining('why'),
    });
  });

  it('passes on what is worded already, and has no code for what is not of the database', () => {
    const error = new WebhookError('store_newer', 'Newer.');
    expect(storeError(error, 'a.db', 'writing')).toBe(error);
    expect(sqliteCode('text')).toBeNull();
    expect(sqliteCode(new Error('x'))).toBeNull();
  });
});
