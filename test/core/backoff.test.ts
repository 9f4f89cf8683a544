import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from '../../src/core/backoff.js';

const BACKOFF = { firstMs: 250, mostMs: 5_000 };

describe('backoff', () => {
  it('doubles, up to the most', () => {
    expect(Array.from({ length: 7 }, (_, tries) => backoff(BACKOFF, tries, 0.5))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 5_000, 5_000,
    ]);
  });

  it('is spread by half of it either way, and finite however often it failed', () => {
    expect([backoff(BACKOFF, 0, 0), backoff(BACKOFF, 0, 1)]).toEqual([125, 375]);
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
        const middle = backoff(BACKOFF, tries, 0.5);
        const wait = backoff(BACKOFF, tries, random);
        expect(wait).toBeGreaterThanOrEqual(middle / 2);
        expect(wait).toBeLessThanOrEqual(middle * 1.5);
      }),
    );
  });
});
