/** Waits for a delivery that another process receives and keeps. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../../core/delivery/delivery.js';
import { EVERYTHING } from '../../core/delivery/selector.js';
import type { Store } from './store.js';

const INTERVAL_MS = 100;

export interface Arrivals {
  /**
   * The first delivery that was received since, once its sender has been answered, or the time is over. Null where none comes in
   * time, or the signal is aborted first.
   */
  next(timeoutMs: number, signal: AbortSignal): Promise<Delivery | null>;
}

/**
 * From now on, what the store gets of a provider.
 *
 * @example
 * const arrivals = watchArrivals(store, 'connect2print');
 * await askForATestEvent();
 * const delivery = await arrivals.next(30_000, context.signal);
 */
export function watchArrivals(store: Store, provider: string): Arrivals {
  const [newest] = store.summaries({ ...EVERYTHING, last: 1 });
  let seen = newest?.id ?? null;
  const look = (): Delivery | null => {
    for (const delivery of store.select({ ...EVERYTHING, provider }, seen)) {
      seen = delivery.id;
      if (delivery.origin === 'received') return delivery;
    }
    return null;
  };
  return {
    async next(timeoutMs, signal) {
      const end = performance.now() + timeoutMs;
      let delivery: Delivery | null = null;
      while (!signal.aborted) {
        delivery = delivery === null ? look() : store.get(delivery.id);
        const left = end - performance.now();
        if ((delivery !== null && delivery.response !== null) || left <= 0) return delivery;
        await sleep(Math.min(INTERVAL_MS, left), undefined, { signal }).catch(() => {});
      }
      return null;
    },
  };
}
