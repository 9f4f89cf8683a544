import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MIGRATIONS, migrate, readVersion } from '../../../src/io/store/schema.js';
import { temporaryDirectory } from './samples.js';

function temporaryDatabase(): Database.Database {
  const db = new Database(join(temporaryDirectory(), 'a.db'));
  onTestFinished(() => void db.close());
  return db;
}

describe('migrate', () => {
  it('takes the steps that a store has not taken yet, and keeps what is there', () => {
    const db = temporaryDatabase();
    migrate(db, 'a.db', ['CREATE TABLE one (a)']);
    db.exec('INSERT INTO one VALUES (7)');
    migrate(db, 'a.db', ['CREATE TABLE one (a)', 'ALTER TABLE one ADD COLUMN b DEFAULT 8', 'CREATE TABLE three (c)']);
    expect(db.prepare('SELECT a, b FROM one').raw().all([])).toEqual([[7, 8]]);
    expect(readVersion(db, 'a.db', 3)).toBe(3);
    migrate(db, 'a.db', ['CREATE TABLE one (a)', 'ALTER TABLE one ADD COLUMN b DEFAULT 8', 'CREATE TABLE three (c)']);
  });

  it('takes all steps or none', () => {
    const db = temporaryDatabase();
    migrate(db, 'a.db', ['CREATE TABLE one (a)']);
    expect(() => migrate(db, 'a.db', ['CREATE TABLE one (a)', 'CREATE TABLE two (b)', 'no SQL'])).toThrow(/syntax/);
    expect(readVersion(db, 'a.db', 3)).toBe(1);
    expect(() => db.prepare('SELECT * FROM two')).toThrow(/no such table/);
    migrate(db, 'a.db', ['CREATE TABLE one (a)', 'CREATE TABLE two (b)']);
    expect(readVersion(db, 'a.db', 2)).toBe(2);
  });

  it('refuses a newer store and a database of another program', () => {
    const db = temporaryDatabase();
    migrate(db, 'a.db', ['CREATE TABLE one (a)', 'CREATE TABLE two (b)']);
    expect(() => migrate(db, 'a.db', ['CREATE TABLE one (a)'])).toThrow(expect.objectContaining({ code: 'store_newer' }));
    const foreign = temporaryDatabase();
    foreign.exec('PRAGMA user_version = 1');
    expect(() => migrate(foreign, 'a.db')).toThrow(expect.objectContaining({ code: 'store_broken' }));
  });

  it('finds events and duplicates by index, and pages without sorting', () => {
    const db = temporaryDatabase();
    migrate(db, 'a.db', MIGRATIONS);
    const plan = (sql: string): string => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).raw().all([]).join('\n');
    const duplicate = plan(
      "SELECT id FROM deliveries WHERE event_id = 'x' AND provider = 'y' AND origin = 'z' ORDER BY id LIMIT 1",
    );
    expect(duplicate).toContain('USING INDEX deliveries_event_id');
    const branch = (event: string): string => `SELECT id, path FROM deliveries WHERE event = '${event}' AND id > 'dlv_1'`;
    const merged = plan(`${branch('a')} UNION ALL ${branch('b')} ORDER BY id LIMIT 9`);
    expect(merged).toContain('USING INDEX deliveries_event (event=? AND id>?)');
    expect(plan("SELECT id, path FROM deliveries WHERE failed = 1 AND id > 'x' ORDER BY id LIMIT 9")).toContain(
      'deliveries_failed',
    );
    for (const one of [duplicate, merged, plan('SELECT id, path FROM deliveries WHERE 1 ORDER BY id DESC LIMIT 9')]) {
      expect(one).not.toContain('TEMP B-TREE');
    }
  });
});
