import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Cell } from '../../../src/io/store/rows.js';
import { SpelledStatement } from '../../../src/io/store/spelled.js';

const insert = (): SpelledStatement =>
  new SpelledStatement((value) => `INSERT INTO t (a, b, c) VALUES (${value(0)}, ${value(1)}, ${value(2)})`, [1, 2]);

/** A statement after it was asked for so often with the same cells. */
function asked(times: number, cells: readonly Cell[]): ReturnType<SpelledStatement['with']> {
  const statement = insert();
  for (let i = 1; i < times; i++) statement.with(cells);
  return statement.with(cells);
}

describe('SpelledStatement', () => {
  it('binds everything at first, and what repeats no more once it is frequent', () => {
    expect(asked(1, ['x', 'y', 2])).toEqual({ sql: 'INSERT INTO t (a, b, c) VALUES (?1, ?2, ?3)', cells: ['x', 'y', 2] });
    expect(asked(20, ['x', 'y', 2])).toEqual({ sql: "INSERT INTO t (a, b, c) VALUES (?1, 'y', 2)", cells: ['x'] });
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
    for (let i = 0; i < 5_000; i++) sqls.add(statement.with(['x', `/path/${i}`, 1]).sql);
    expect(sqls.size).toBe(1);
  });
});
