import { describe, expect, it } from 'vitest';
import { nextTry, parseRetry, retryAfter, triesWithin, USUAL_RETRIES } from '../../src/core/retry.js';

const NOW = Date.UTC(2015, 9, 21, 7, 28);

describe('parseRetry', () => {
  it.each([
    ['1', [1_000]],
    ['3', [1_000, 2_000, 4_000]],
    ['8', [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
    ['1s,5s,30s', [1_000, 5_000, 30_000]],
    ['500ms, 2m', [500, 120_000]],
  ])('%s', (text, waits) => {
    expect(parseRetry(text)).toEqual(waits);
  });

  it.each(['0', '101', '-1', '', 'often', '1s,', '1s;2s'])('takes no %j', (text) => {
    const error = expect.objectContaining({ code: 'usage', message: expect.stringContaining('--retry takes') });
    expect(() => parseRetry(text)).toThrow(error as Error);
  });
});

describe('Retry-After', () => {
  it.each([
    // The two forms of RFC 9110 §10.2.3, with its own examples.
    ['120', 120_000],
    ['Wed, 21 Oct 2015 07:28:30 GMT', 30_000],
    [' 2 ', 2_000],
    ['0', 0],
    ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
    ['999999', 3_600_000],
    ['Sun, 01 Jan 2090 00:00:00 GMT', 3_600_000],
    ['soon', null],
    ['', null],
    ['-1', null],
    ['1.5', null],
  ])('%j', (value, wait) => {
    expect(retryAfter([['retry-after', value]], NOW)).toBe(wait);
  });

  it('may be absent', () => {
    expect(retryAfter([['X-Other', '1']], NOW)).toBe(null);
  });
});

describe('triesWithin', () => {
  it('counts the tries that are due in time', () => {
    const cases = [[], [10_000], [10_001], [1_000, 5_000, 30_000], [1_000, 2_000, 4_000, 8_000], [0, 0]];
    expect(cases.map((schedule) => triesWithin(schedule, 10_000))).toEqual([0, 1, 0, 2, 3, 2]);
  });
});

describe('nextTry', () => {
  it('waits as the schedule says, until it is over', () => {
    expect([1, 2, 3].map((tries) => nextTry([1_000, 5_000], tries, [], NOW))).toEqual([1_000, 5_000, null]);
  });

  it('waits longer where the answer asks for it, not shorter, and not when there is no next try', () => {
    const wait = (value: string, tries = 1): number | null => nextTry([1_000], tries, [['Retry-After', value]], NOW);
    expect([wait('7'), wait('0'), wait('soon'), wait('7', 2)]).toEqual([7_000, 1_000, 1_000, null]);
  });
});

it('the usual schedule is that of Standard Webhooks', () => {
  const hours = [5 / 3_600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24];
  expect(USUAL_RETRIES).toEqual(hours.map((hour) => Math.round(hour * 3_600_000)));
});
