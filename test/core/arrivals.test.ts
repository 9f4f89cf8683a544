import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArrivalReport, type Arrived, createArrivals, parseExpected } from '../../src/core/arrivals.js';

const came = (...events: Array<string | null>): Arrived[] => events.map((event) => ({ event, status: 'valid' }));

function report(
  expected: string | null,
  arrived: readonly Arrived[],
  over: { allValid?: boolean; countsInvalid?: boolean } = {},
): ArrivalReport {
  const arrivals = createArrivals({
    expected: expected === null ? null : parseExpected(expected),
    allValid: over.allValid ?? false,
    countsInvalid: over.countsInvalid ?? false,
  });
  for (const one of arrived) arrivals.take(one);
  return arrivals.report();
}

describe('what is expected', () => {
  it('is read with its counts', () => {
    expect(parseExpected('order.created x2, order.shipped,stock.low x0')).toEqual([
      { event: 'order.created', count: 2 },
      { event: 'order.shipped', count: 1 },
      { event: 'stock.low', count: 0 },
    ]);
  });

  it.each(['', 'a,,b', 'a b', 'order.created 2', 'a x-1', '!a', 'a, a'])('is not %j', (text) => {
    expect(() => parseExpected(text)).toThrowError(expect.objectContaining({ code: 'usage' }));
  });
});

describe('what arrived', () => {
  it('is named where it is missing, or too much', () => {
    expect(report('order.created x2, order.shipped', came('order.created', 'stock.low', 'stock.low', null))).toMatchObject({
      ok: false,
      missing: [
        { event: 'order.created', count: 2, arrived: 1 },
        { event: 'order.shipped', count: 1, arrived: 0 },
      ],
      extra: [
        { event: 'stock.low', arrived: 2 },
        { event: null, arrived: 1 },
      ],
      complaints: [
        'Missing: order.created (1 of 2), order.shipped (0 of 1).',
        'Not expected: stock.low (2), no known event (1).',
      ],
    });
    expect(report('order.created', came('order.created', 'order.created')).extra).toEqual([
      { event: 'order.created', arrived: 1 },
    ]);
    expect(report('a, b x0', came('a', 'b')).complaints).toEqual(['Not expected: b (1).']);
  });

  it('counts for a name before a pattern, whichever stands first', () => {
    expect(report('order.* x1, order.created', came('order.created', 'order.shipped')).ok).toBe(true);
    expect(report('order.created, order.*', came('order.shipped', 'order.created')).ok).toBe(true);
  });

  it('does not count where it was refused, unless that is what is wanted', () => {
    const forged: Arrived[] = [{ event: 'a', status: 'invalid' }];
    expect(report('a', forged)).toMatchObject({ ok: false, missing: [{ event: 'a', count: 1, arrived: 0 }], extra: [] });
    expect(report('a', forged, { countsInvalid: true }).ok).toBe(true);
  });

  it('has to be valid where that is asserted: what was not checked is not', () => {
    expect(report(null, came('a', 'b'), { allValid: true }).ok).toBe(true);
    expect(report(null, [...came('a'), { event: 'a', status: 'unchecked' }], { allValid: true }).complaints).toEqual([
      'Not valid: 1 of 2.',
    ]);
    expect(report(null, [], { allValid: true }).complaints).toEqual(['Nothing arrived, so that nothing was shown to be valid.']);
  });

  it('is complete as soon as everything is there, in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['a', 'a', 'b', 'c'], { minLength: 4 }), (events) => {
        const arrivals = createArrivals({ expected: parseExpected('a x2, b, c'), allValid: false, countsInvalid: false });
        expect(arrivals.complete()).toBe(false);
        events.forEach((event, index) => {
          arrivals.take({ event, status: 'valid' });
          expect(arrivals.complete()).toBe(index === 3);
        });
        expect(arrivals.report().ok).toBe(true);
      }),
    );
  });

  it('is never complete where only absence is expected', () => {
    const arrivals = createArrivals({ expected: parseExpected('a x0'), allValid: false, countsInvalid: false });
    expect(arrivals.complete()).toBe(false);
  });
});
