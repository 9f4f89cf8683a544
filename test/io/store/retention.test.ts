import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import type { Retention, Store } from '../../../src/io/store/store.js';
import { bytesOf, deliverySource, idsOf, START, temporaryStore } from './samples.js';

const DAY = 86_400_000;
const NONE: Retention = { days: null, count: null, bytes: null };

async function filled(count: number, size = 10): Promise<{ store: Store; kept: Delivery[] }> {
  const store = temporaryStore();
  const next = deliverySource();
  const request = { method: 'POST', path: '/', headers: [], body: bytesOf('x'.repeat(size)) } as const;
  const kept = Array.from({ length: count }, (_, index) => next({ request, receivedAt: START + index * 60_000 }));
  await Promise.all(kept.map((delivery) => store.keep(delivery)));
  return { store, kept };
}

function apply(store: Store, bounds: Partial<Retention>, now: number = START): number {
  let removed = 0;
  for (const count of store.retain({ ...NONE, ...bounds }, now)) removed += count;
  return removed;
}

const left = (store: Store): string[] => idsOf(store.summaries(EVERYTHING));

describe('retain', () => {
  it('deletes what is older', async () => {
    const { store, kept } = await filled(10);
    expect(apply(store, { days: 2 }, START + 2 * DAY + 3 * 60_000)).toBe(3);
    expect(left(store)).toEqual(idsOf(kept.slice(3)));
    expect(apply(store, { days: 2 }, START + 2 * DAY)).toBe(0);
  });

  it('deletes the oldest of what is too many', async () => {
    const { store, kept } = await filled(600);
    expect(apply(store, { count: 1_000 })).toBe(0);
    expect(apply(store, { count: 290 })).toBe(310);
    expect(left(store)).toEqual(idsOf(kept.slice(310)));
    expect(store.checkIntegrity()).toEqual([]);
  });

  it('deletes the oldest until the rest is small enough, in small steps', async () => {
    const { store, kept } = await filled(1_000, 5_000);
    const steps = [...store.retain({ ...NONE, bytes: 4_000_000 }, START)];
    expect(Math.max(...steps)).toBeLessThanOrEqual(100);
    const rest = left(store);
    expect(rest.length).toBeLessThan(700);
    expect(rest.length).toBeGreaterThan(500);
    expect(rest).toEqual(idsOf(kept.slice(-rest.length)));
    expect(apply(store, { bytes: 4_000_000 })).toBe(0);
  });

  it('spares what waits for its target, and applies every bound', async () => {
    const { store, kept } = await filled(10);
    const [first] = kept;
    const entry = { target: 'http://localhost:3000', remoteAddress: '::1', protocol: 'http', tries: 0, begun: false } as const;
    await store.queue('a run').add({ id: first?.id ?? '', ...entry });
    expect(apply(store, { days: 1, count: 3, bytes: 1e9 }, START + DAY + 60_000)).toBe(7);
    expect(left(store)).toEqual(idsOf([kept[0], ...kept.slice(8)].filter((one) => one !== undefined)));
    expect(apply(store, { bytes: 0 })).toBe(2);
    expect(left(store)).toEqual([first?.id]);
  });
});
