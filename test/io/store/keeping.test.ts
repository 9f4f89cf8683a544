import Database from 'libsql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
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
    const next = deliverySource();
    const keep = (count: number): Promise<unknown> =>
      Promise.all(Array.from({ length: count }, (_, i) => store.keep(next({ eventId: `evt_${Math.random()}_${i}` }))));
    await keep(50);
    const [run, get] = [vi.spyOn(statements, 'run'), vi.spyOn(statements, 'get')];
    await keep(100);
    const bound = [...run.mock.calls, ...get.mock.calls].reduce((sum, [cells]) => sum + cells.length, 0);
    // Two rows each and one look for an earlier one; a transaction begun and ended for all of them.
    expect(run).toHaveBeenCalledTimes(202);
    expect(get).toHaveBeenCalledTimes(100);
    expect(bound).toBeLessThanOrEqual(12 * 100);
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
