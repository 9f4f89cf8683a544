import Database from 'libsql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import { flattener } from '../../../src/io/store/flat.js';
import { deliverySource, idsOf, temporaryStore } from './samples.js';

/** What statements are run through; the driver does not export it. */
const statements = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as {
  run(cells: readonly unknown[]): unknown;
  get(cells: readonly unknown[]): unknown;
};

describe('keeping a delivery', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('binds few values: each costs the driver more than a microsecond', async () => {
    const store = temporaryStore();
    const flat = flattener();
    const next = deliverySource();
    const keep = (count: number): Promise<unknown> =>
      store.keepFlat(Array.from({ length: count }, (_, i) => flat(next({ eventId: `evt_${Math.random()}_${i}` }))));
    await keep(48);
    const [run, get] = [vi.spyOn(statements, 'run'), vi.spyOn(statements, 'get')];
    await keep(96);
    const bound = [...run.mock.calls, ...get.mock.calls].reduce((sum, [cells]) => sum + cells.length, 0);
    // Sixteen share two statements and one look for earlier ones and for a number; a transaction is ended for all of them, and begun without being prepared.
    expect(run).toHaveBeenCalledTimes(2 * 6 + 1);
    expect(get).toHaveBeenCalledTimes(6);
    expect(bound).toBeLessThanOrEqual(13 * 96);
  });

  it('refuses an id that is there already for itself alone', async () => {
    const store = temporaryStore();
    const flat = flattener();
    const next = deliverySource();
    const first = next();
    await store.keep(first);
    const others = Array.from({ length: 6 }, () => next());
    const all = [...others.slice(0, 2), first, ...others.slice(2), others[0] as Delivery];
    const kept = await store.keepFlat(all.map(flat));
    expect(kept.map((one) => ('error' in one ? one.error.code : 'kept'))).toEqual([
      ...['kept', 'kept', 'input_malformed', 'kept', 'kept', 'kept', 'kept', 'input_malformed'],
    ]);
    expect([...store.select(EVERYTHING)]).toStrictEqual([first, ...others]);
    expect(store.checkIntegrity()).toEqual([]);
  });

  it('tells those that come together which one was the first, in the store or among them', async () => {
    const store = temporaryStore();
    const flat = flattener();
    const next = deliverySource();
    const kept = next({ eventId: 'a' });
    await store.keep(kept);
    const ids = ['a', 'b', 'b', null, 'a', 'b'];
    const together = ids.map((eventId) => next({ eventId }));
    const other = next({ eventId: 'b', provider: 'acme' });
    const results = await store.keepFlat([...together, other].map(flat));
    const b = together[1]?.id;
    expect(results).toEqual([kept.id, null, b, null, kept.id, b, null].map((duplicateOf) => ({ duplicateOf })));
    expect(together.map(({ id }) => store.get(id)?.duplicateOf)).toEqual([kept.id, null, b, null, kept.id, b]);
  });

  it('keeps deliveries alike and unlike side by side, each as it is', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const deliveries = Array.from({ length: 60 }, (_, i) =>
      next(
        i % 3 === 0
          ? {}
          : { provider: i % 3 === 1 ? "o'neill" : null, event: `e${i}`, request: { ...next().request, path: `/${i % 7}'` } },
      ),
    );
    await Promise.all(deliveries.map((delivery) => store.keep(delivery)));
    expect([...store.select(EVERYTHING)]).toStrictEqual(deliveries);
    expect(idsOf(store.summaries(EVERYTHING))).toEqual(idsOf(deliveries));
  });
});
