import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, hasFailed } from '../../../src/core/delivery/delivery.js';
import { EVERYTHING, type Selector } from '../../../src/core/delivery/selector.js';
import { eventMatcher } from '../../../src/core/events/patterns.js';
import { bytesOf, deliverySource, idsOf, refused, responded, START, selecting, temporaryStore } from './samples.js';

/** What a selector means, said plainly. */
function expected(deliveries: readonly Delivery[], selector: Selector): string[] {
  const matches = selector.event === null ? () => true : eventMatcher(selector.event);
  const found = deliveries.filter(
    (one) =>
      (selector.ids.length === 0 || selector.ids.some((id) => one.id.startsWith(id))) &&
      matches(one.event) &&
      (selector.provider === null || one.provider === selector.provider) &&
      (selector.since === null || one.receivedAt >= selector.since) &&
      (selector.until === null || one.receivedAt < selector.until) &&
      (selector.status === null || one.verdict.status === selector.status) &&
      (!selector.failed || hasFailed(one)) &&
      (selector.search === null ||
        Buffer.from(one.request.body)
          .toString('latin1')
          .toLowerCase()
          .includes(Buffer.from(selector.search).toString('latin1').toLowerCase())),
  );
  const ids = idsOf(found).sort();
  const limit = Math.min(selector.last ?? Infinity, selector.limit ?? Infinity);
  return limit === Infinity ? ids : limit < 1 ? [] : ids.slice(-limit);
}

const EVENTS = [
  'order.created',
  'order.updated',
  'invoice.paid',
  'a[b',
  'a?b',
  'x\0y',
  null,
  ...Array.from({ length: 20 }, (_, i) => `many.e${i}`),
];
const BODIES = ['{"total":499.00}', '{"name":"Zoë"}', 'EMPTY', '', '\0binary\0Needle'];

describe('select, summaries and count', () => {
  /** 700 deliveries, so that there are several pages; some of them with ids that do not tell their time. */
  const deliveries: Delivery[] = [];
  const next = deliverySource();
  for (let index = 0; index < 700; index++) {
    const receivedAt = START + index * 1_000;
    const delivery = next({
      receivedAt,
      event: EVENTS[index % EVENTS.length] ?? null,
      provider: index % 5 === 0 ? 'printone' : 'connect2print',
      request: { method: 'POST', path: `/${index}`, headers: [], body: bytesOf(BODIES[index % BODIES.length] ?? '') },
      verdict: { status: index % 7 === 0 ? 'invalid' : 'valid', reason: null, message: '', diagnosis: [] },
      attempts: index % 11 === 0 ? [responded(200), refused()] : index % 13 === 0 ? [responded(500)] : [],
    });
    deliveries.push(index % 50 === 49 ? { ...delivery, receivedAt: receivedAt + (index % 100 === 99 ? 9e9 : -9e9) } : delivery);
  }
  let store: ReturnType<typeof temporaryStore>;
  const fill = async (): Promise<void> => {
    store = temporaryStore();
    await Promise.all(deliveries.map((one) => store.keep(one)));
  };

  it('agree with what the selector means', async () => {
    await fill();
    const time = fc.option(fc.integer({ min: -20, max: 720 }).map((seconds) => START + seconds * 1_000));
    const wild = time.map((at) => (at !== null && at % 7_000 === 0 ? at + 8e9 : at));
    const selector: fc.Arbitrary<Selector> = fc.record({
      ids: fc.oneof(fc.constant([]), fc.subarray(idsOf(deliveries), { minLength: 1, maxLength: 5 })),
      last: fc.option(fc.integer({ min: 0, max: 750 })),
      event: fc.option(
        fc.constantFrom(
          'order.*',
          'order.*,!order.updated',
          '!order.created',
          'invoice.paid',
          'a[b',
          'a?b',
          'a*',
          'many.*',
          '*',
          '!*',
          'none',
          '!x*',
          '*d',
        ),
      ),
      provider: fc.option(fc.constantFrom('connect2print', 'printone', 'other')),
      since: wild,
      until: wild,
      status: fc.option(fc.constantFrom('valid' as const, 'invalid' as const, 'unchecked' as const), { freq: 2 }),
      failed: fc.boolean(),
      where: fc.constant([]),
      search: fc.option(fc.constantFrom('499.00', 'ZOË', 'zoë', 'empty', 'needle', '\0', 'nowhere'), { freq: 2 }),
      limit: fc.option(fc.integer({ min: -1, max: 750 })),
    });
    fc.assert(
      fc.property(selector, (given) => {
        const ids = expected(deliveries, given);
        expect(idsOf(store.summaries(given))).toEqual(ids);
        expect(store.count(given)).toBe(ids.length);
      }),
      { numRuns: 400 },
    );
  });

  it('give every delivery whole, oldest first, over several pages', async () => {
    await fill();
    const sorted = [...deliveries].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect([...store.select(EVERYTHING)]).toStrictEqual(sorted);
    expect([...store.select(selecting({ last: 600 }))]).toStrictEqual(sorted.slice(-600));
    expect([...store.select(selecting({ last: 3 }))]).toStrictEqual(sorted.slice(-3));
    expect([...store.summaries(selecting({ limit: 1 }))]).toStrictEqual([
      {
        id: sorted.at(-1)?.id,
        origin: 'received',
        receivedAt: sorted.at(-1)?.receivedAt,
        provider: 'connect2print',
        event: sorted.at(-1)?.event,
        eventId: null,
        duplicateOf: null,
        method: 'POST',
        path: '/699',
        status: 'valid',
        reason: null,
        message: '',
        responseStatus: null,
        responseMs: null,
        bodySize: sorted.at(-1)?.request.body.byteLength,
        attempts: 0,
        lastAttempt: null,
        failed: false,
        waits: false,
      },
    ]);
  });

  it('read on while the store changes, without what came after', async () => {
    await fill();
    const seen: string[] = [];
    const later = deliverySource();
    for (const { id } of store.summaries(EVERYTHING)) {
      if (seen.length % 100 === 0) {
        await store.keep(later({ receivedAt: START + 1e9 + seen.length }));
        await store.finish(id, { attempts: [responded(200)] });
      }
      seen.push(id);
    }
    expect(seen).toEqual(idsOf(deliveries).sort());
    expect(store.count(EVERYTHING)).toBe(707);
  });

  it('end early without standing in the way of writes', async () => {
    await fill();
    for (const delivery of store.select(EVERYTHING)) {
      expect(delivery.id).toBe(idsOf(deliveries).sort()[0]);
      break;
    }
    const other = temporaryStore(store.path, { busyTimeout: 0 });
    await other.keep(next({ receivedAt: START + 2e9 }));
    await store.keep(next({ receivedAt: START + 3e9 }));
    expect(other.count(EVERYTHING)).toBe(702);
  });

  it('say so where there is no such event pattern or id', async () => {
    await fill();
    expect(() => store.summaries(selecting({ event: '!' }))).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => store.count(selecting({ ids: ['dlv_7ZZ'] }))).toThrow(expect.objectContaining({ code: 'selection_empty' }));
  });

  it('give nothing of an empty store', () => {
    const empty = temporaryStore();
    expect([...empty.select(EVERYTHING)]).toEqual([]);
    expect([...empty.summaries(selecting({ last: 5, event: 'order.*' }))]).toEqual([]);
    expect(empty.count(selecting({ search: 'x' }))).toBe(0);
  });
});

describe('what comes after a delivery', () => {
  it('is the rest of what is selected, however much that is', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const kept = Array.from({ length: 600 }, (_, index) => next({ event: index % 2 === 0 ? 'even' : 'odd' }));
    await Promise.all(kept.map((delivery) => store.keep(delivery)));
    const ids = kept.map(({ id }) => id);
    const rest = (selector: Selector, after: number): string[] => idsOf(store.select(selector, ids[after]));
    expect(rest(EVERYTHING, 9)).toEqual(ids.slice(10));
    expect(rest(selecting({ event: 'odd' }), 9)).toEqual(ids.slice(10).filter((_, index) => index % 2 === 1));
    expect(rest(selecting({ last: 5 }), 9)).toEqual(ids.slice(595));
    expect(rest(selecting({ last: 5 }), 597)).toEqual(ids.slice(598));
    expect(rest(selecting({ limit: 400 }), 300)).toEqual(ids.slice(301));
    expect(rest(selecting({ limit: 400 }), 9)).toEqual(ids.slice(200));
    expect(rest(EVERYTHING, 599)).toEqual([]);
  });
});
