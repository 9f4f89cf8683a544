import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Cell } from '../../../src/io/store/rows.js';
import { type Bound, SpelledStatement } from '../../../src/io/store/spelled.js';

const insert = (): SpelledStatement =>
  new SpelledStatement(
    (rows) => `INSERT INTO t (a, b, c) VALUES ${rows.map((row) => `(${row(0)}, ${row(1)}, ${row(2)})`).join(', ')}`,
    3,
    [1, 2],
  );

/** A statement after it was asked for so often with the same cells. */
function asked(times: number, cells: readonly Cell[]): Bound {
  const statement = insert();
  for (let i = 1; i < times; i++) statement.with([cells]);
  return statement.with([cells])[0] as Bound;
}

describe('SpelledStatement', () => {
  it('binds everything at first, and what repeats no more once it is frequent', () => {
    expect(asked(1, ['x', 'y', 2])).toEqual({
      sql: 'INSERT INTO t (a, b, c) VALUES (?1, ?2, ?3)',
      cells: ['x', 'y', 2],
      rows: 1,
    });
    expect(asked(20, ['x', 'y', 2])).toEqual({ sql: "INSERT INTO t (a, b, c) VALUES (?1, 'y', 2)", cells: ['x'], rows: 1 });
  });

  it('takes rows together that have in common what is spelled out, in their order, in few sizes', () => {
    const db = new Database(':memory:');
    onTestFinished(() => {
      db.close();
    });
    db.exec('CREATE TABLE t (a, b, c)');
    const rows: Cell[][] = Array.from({ length: 40 }, (_, i) => [i, i < 23 ? 'y' : `o'${i % 2}`, null]);
    const statements = insert().with(rows);
    expect(statements.map((one) => one.rows)).toEqual([16, 4, 1, 1, 1, ...Array.from({ length: 17 }, () => 1)]);
    expect(statements[0]?.cells).toEqual(Array.from({ length: 16 }, (_, i) => i));
    for (const { sql, cells } of statements) db.prepare(sql).run([...cells]);
    expect(db.prepare('SELECT a, b, c FROM t').raw().all()).toEqual(rows);
  });

  it('writes the same into the database, however a value is spelled', () => {
    const db = new Database(':memory:');
    onTestFinished(() => {
      db.close();
    });
    db.exec('CREATE TABLE t (a, b, c)');
    const odd: Cell[] = [
      "it's",
      "'); DROP TABLE t; --",
      "''",
      '',
      'é → 日本 \u{1f600}',
      '%?1',
      null,
      0,
      -7,
      1.5,
      Buffer.from([0, 255, 39]),
    ];
    for (const cell of odd) {
      for (const times of [1, 20]) {
        const { sql, cells } = asked(times, ['x', cell, cell]);
        db.prepare(sql).run([...cells]);
      }
    }
    const rows = db.prepare('SELECT b, c, typeof(b) FROM t').raw().all() as unknown[][];
    const plain = (cell: unknown): unknown => (cell instanceof Uint8Array ? [...cell] : cell);
    expect(rows.map(([b, c]) => [plain(b), plain(c)])).toEqual(
      odd.flatMap((cell) => [
        [plain(cell), plain(cell)],
        [plain(cell), plain(cell)],
      ]),
    );
  });

  it('binds what is long, and what has no exact spelling', () => {
    for (const cell of ['x'.repeat(300), Buffer.alloc(300), 0.1, 2 ** 60])
      expect(asked(20, ['x', cell, 1]).cells).toHaveLength(3);
  });

  it('does not grow with senders that never repeat themselves', () => {
    const statement = insert();
    const sqls = new Set<string>();
    for (let i = 0; i < 5_000; i++) sqls.add(statement.with([['x', `/path/${i}`, 1]])[0]?.sql ?? '');
    expect(sqls.size).toBe(1);
  });
});
