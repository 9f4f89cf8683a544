import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../src/core/errors.js';
import {
  countDeliveries,
  formatDuration,
  formatSize,
  grouped,
  parseDuration,
  parseSize,
  tenths,
  timerMs,
} from '../../src/core/units.js';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1h30m', 5_400_000],
    ['1m500ms', 60_500],
    [' 5M ', 300_000],
    ['0', 0],
    ['0s', 0],
  ])('%j is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    '',
    ' ',
    '5',
    '-5s',
    '5 s',
    's',
    '1.s',
    '.5s',
    '1e3s',
    '5x',
    '5m5',
    'NaN',
    'Infinity',
    '5s,',
    '９s',
    `${'9'.repeat(310)}d`,
  ])('%j is none', (text) => {
    expect(() => parseDuration(text, 'timeout')).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `'${text}' is not a timeout.`,
        hint: 'Write it like 500ms, 10s, 5m or 2h.',
      }),
    );
  });
});

describe('tenths', () => {
  it.each([
    [0, 0],
    [12.04, 12],
    [12.05, 12.1],
    [0.049, 0],
    [1_234.56, 1_234.6],
  ])('of %d ms are %d', (ms, told) => expect(tenths(ms)).toBe(told));

  it('are told again as they were', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ms) => tenths(tenths(ms)) === tenths(ms)));
  });
});

describe('parseSize', () => {
  it.each([
    ['512', 512],
    ['512b', 512],
    ['512kb', 512_000],
    ['1KiB', 1_024],
    ['25mb', 25_000_000],
    ['1.5 MB', 1_500_000],
    ['2mib', 2_097_152],
    ['1gb', 1e9],
    ['1gib', 1_073_741_824],
    ['0', 0],
  ])('%j is %d bytes', (text, size) => expect(parseSize(text)).toBe(size));

  it.each(['', 'mb', '-1', '1tb', '1,5mb', 'NaN', '9'.repeat(310)])('%j is none', (text) => {
    expect(() => parseSize(text)).toThrow(WebhookError);
  });
});

it('anything else is a WebhookError, soon', () => {
  const tricky = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom('1', 'm', 's', '.', 'h'), { maxLength: 2_000 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(tricky, (text) => {
      for (const parse of [parseDuration, parseSize]) {
        try {
          expect(parse(text)).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(WebhookError);
        }
      }
    }),
  );
});

it.each([
  [0, '0 ms'],
  [850.4, '850 ms'],
  [999.6, '1 s'],
  [1_000, '1 s'],
  [1_250, '1.3 s'],
  [12_000, '12 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [300_000, '5 min'],
  [3_599_999, '1 h'],
  [7_200_000, '2 h'],
  [172_799_999, '2 days'],
  [259_200_000, '3 days'],
])('%d ms is %j', (ms, text) => expect(formatDuration(ms)).toBe(text));

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [1_440, '1.4 kB'],
  [999_950, '1 MB'],
  [20_000_000, '20 MB'],
  [999_999_999, '1 GB'],
  [2.5e9, '2.5 GB'],
])('%d bytes are %j', (size, text) => expect(formatSize(size)).toBe(text));

it.each([
  [0, '0', '0 deliveries'],
  [1, '1', '1 delivery'],
  [999, '999', '999 deliveries'],
  [1_000, '1,000', '1,000 deliveries'],
  [1_234_567, '1,234,567', '1,234,567 deliveries'],
])('%d for a person', (count, number, deliveries) => {
  expect([grouped(count), countDeliveries(count)]).toEqual([number, deliveries]);
});

it('a wait is as a timer takes it, or as long as one can be set for', () => {
  expect([timerMs(0), timerMs(10_000), timerMs(2 ** 31), timerMs(Number.POSITIVE_INFINITY)]).toEqual([
    0,
    10_000,
    2 ** 31 - 1,
    2 ** 31 - 1,
  ]);
});
