import fc from 'fast-check';
import Database from 'libsql';
import { expect, it } from 'vitest';
import type { Ask } from '../../../src/io/store/connection.js';
import { askPacked } from '../../../src/io/store/packed.js';
import { encodeOrNull } from '../../../src/io/store/rows.js';

const text = fc.option(
  fc.string({ unit: 'binary' }).map((value) => encodeOrNull(value)),
  { nil: null },
);
const bytes = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });
const time = fc.integer({ min: 0, max: Date.UTC(9999, 0) });
const tenths = fc.nat({ max: 10_000_000 }).map((value) => value / 10);
const columns = { sql: 'a, b, c, d, e', names: ['a', 'b', 'c', 'd', 'e'], binary: [1, 4] };

it('gives the same rows as asking for them, in the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, bytes, time, tenths, bytes), { maxLength: 8 }), (rows) => {
      const db = new Database(':memory:');
      const ask: Ask = (sql, cells = []) =>
        db
          .prepare(sql)
          .raw()
          .all([...cells]) as unknown[][];
      db.exec('CREATE TABLE t (a TEXT, b BLOB, c REAL, d REAL, e BLOB)');
      for (const row of rows) db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?)').run([...row]);
      const plain = (found: ReadonlyArray<readonly unknown[]>): unknown[] =>
        found.map((row) => row.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell)));
      const sql = 'SELECT a, b, c, d, e FROM t WHERE rowid <> ? ORDER BY c, rowid DESC';
      expect(plain(askPacked(ask, columns, sql, [2]))).toEqual(plain(ask(sql, [2])));
      db.close();
    }),
  );
});
