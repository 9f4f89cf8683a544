import { renameSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import { flatten, flattener } from '../../../src/io/store/flat.js';
import type { Store } from '../../../src/io/store/store.js';
import { comparable, deliveries } from '../../core/delivery/arbitrary.js';
import { bytesOf, deliverySource, idsOf, temporaryDirectory, temporaryStore } from './samples.js';

const statements = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as {
  run(cells: readonly unknown[]): unknown;
};

/** Two at one file: one that keeps at once, and one as any other program has it. */
function both(): { alone: Store; store: Store; path: string } {
  const path = join(temporaryDirectory(), 'deliveries.db');
  const store = temporaryStore(path);
  return { store, alone: temporaryStore(path, { mustExist: true, hurried: true }), path };
}

describe('keeping a delivery that comes alone', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('keeps the same of it as is kept of any other', () => {
    const { alone, store } = both();
    const flat = flattener();
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(deliveries, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 12 }), (some, times) => {
        for (const one of some) {
          // What is alike and comes often is kept by another statement.
          for (let i = 0; i < times; i++) {
            const id = `dlv_${String(seen.size).padStart(26, '0')}`;
            seen.add(id);
            const delivery = { ...one, id, duplicateOf: null, attempts: [], verdict: { ...one.verdict, diagnosis: [] } };
            const kept = alone.keepNow(flat(delivery));
            expect(comparable(store.get(id))).toEqual(comparable({ ...delivery, duplicateOf: kept?.duplicateOf() }));
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(store.count(EVERYTHING)).toBe(seen.size);
    expect(store.checkIntegrity()).toEqual([]);
  });

  it('gives the same rows as keeping together does, to the last column', async () => {
    const { alone, store, path } = both();
    const next = deliverySource();
    const response = { status: 200, headers: [['X-A', 'b']] as const, body: bytesOf('{"received":true}'), durationMs: 1.26 };
    const samples = [
      next(),
      next({ eventId: 'evt_1', response }),
      next({ request: { ...next().request, body: new Uint8Array() } }),
      // The clock was set back since the id was made.
      { ...next(), receivedAt: 1_000 },
    ];
    for (const sample of samples) alone.keepNow(flatten(sample));
    const rows = (): unknown[] => {
      const db = new Database(path);
      const all = ['deliveries', 'contents'].flatMap((table) => db.prepare(`SELECT * FROM ${table}`).all() as unknown[]);
      db.close();
      return all.map(comparable);
    };
    const byItself = rows();
    store.remove(EVERYTHING);
    for (const sample of samples) await store.keep(sample);
    expect(rows()).toEqual(byItself);
  });

  it('takes a single statement, without a begin and an end', () => {
    const { alone } = both();
    const flat = flattener();
    const next = deliverySource();
    for (let i = 0; i < 10; i++) alone.keepNow(flat(next()));
    const run = vi.spyOn(statements, 'run');
    alone.keepNow(flat(next()));
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('tells which one was the first like it when that is asked', async () => {
    const { alone, store } = both();
    const next = deliverySource();
    const keep = (delivery: Delivery): string | null | undefined => alone.keepNow(flatten(delivery))?.duplicateOf();
    // What was triggered is another one, though it has the same event id.
    await store.keep(next({ eventId: 'a', origin: 'triggered' }));
    const first = next({ eventId: 'a' });
    expect(keep(first)).toBe(null);
    const again = next({ eventId: 'a' });
    expect(keep(again)).toBe(first.id);
    expect(store.get(again.id)?.duplicateOf).toBe(first.id);
    expect(keep(next({ eventId: 'a' }))).toBe(first.id);
    expect(keep(next({ eventId: 'a', provider: 'acme' }))).toBe(null);
    expect([keep(next({ eventId: null })), keep(next({ eventId: null }))]).toEqual([null, null]);
    expect([keep(next({ eventId: 'a', provider: null })), keep(next({ eventId: 'a', provider: null }))]).toEqual([null, null]);
  });

  it('tells of none that was removed meanwhile', () => {
    const { alone, store } = both();
    const next = deliverySource();
    const [, again] = [next({ eventId: 'a' }), next({ eventId: 'a' })].map((delivery) => alone.keepNow(flatten(delivery)));
    store.remove(EVERYTHING);
    expect(again?.duplicateOf()).toBe(null);
  });

  it('refuses an id that is there already, and goes on', async () => {
    const { alone, store } = both();
    const next = deliverySource();
    const [first, second] = [next(), next()];
    await store.keep(first);
    expect(() => alone.keepNow(flatten(first))).toThrowError(expect.objectContaining({ code: 'input_malformed' }));
    alone.keepNow(flatten(second));
    expect([...store.select(EVERYTHING)]).toStrictEqual([first, second]);
    expect(store.checkIntegrity()).toEqual([]);
  });

  it('leaves to others what has more than it has room for', () => {
    const { alone, store } = both();
    const next = deliverySource();
    const diagnosis = [{ code: 'stale', message: 'It is old.', hint: null }];
    const attempt = { target: 'http://a', startedAt: 1, durationMs: 1, replay: false } as const;
    const attempts = [{ ...attempt, outcome: 'failed', reason: 'refused', message: 'no' }] as const;
    const some = [
      next({ verdict: { status: 'invalid', reason: 'mismatch', message: 'no', diagnosis } }),
      next({ attempts }),
      next({ duplicateOf: 'dlv_1' }),
    ];
    expect(some.map((one) => alone.keepNow(flatten(one)))).toEqual([null, null, null]);
    expect(store.count(EVERYTHING)).toBe(0);
  });

  it('keeps nothing while another process writes, and does not wait for it', () => {
    const { alone, store, path } = both();
    const next = deliverySource();
    alone.keepNow(flatten(next()));
    const writer = new Database(path);
    writer.exec('BEGIN IMMEDIATE');
    expect(alone.keepNow(flatten(next()))).toBe(null);
    writer.exec('ROLLBACK');
    writer.close();
    expect(alone.keepNow(flatten(next()))?.duplicateOf()).toBe(null);
    expect(store.count(EVERYTHING)).toBe(2);
  });

  it('goes on after the store was made smaller by another process', async () => {
    const { alone, store, path } = both();
    const flat = flattener();
    const next = deliverySource();
    for (let i = 0; i < 10; i++) alone.keepNow(flat(next()));
    const writer = new Database(path);
    writer.exec('VACUUM');
    writer.close();
    alone.keepNow(flat(next()));
    expect(store.count(EVERYTHING)).toBe(11);
  });

  it('begins a new file where the old one was moved away', async () => {
    const { alone, path } = both();
    const next = deliverySource();
    alone.keepNow(flatten(next()));
    renameSync(path, `${path}.old`);
    const second = next();
    alone.keepNow(flatten(second));
    const reader = temporaryStore(path, { readOnly: true });
    expect(idsOf(reader.summaries(EVERYTHING))).toEqual([second.id]);
  });
});
