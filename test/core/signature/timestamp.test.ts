import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimestampUnit } from '../../../src/core/providers/model.js';
import { checkAge, readTimestamp, writeTimestamp } from '../../../src/core/signature/timestamp.js';

const AT = Date.UTC(2026, 10, 22, 14, 2, 11, 123);

describe('writeTimestamp', () => {
  it.each([
    ['s', '1795356131'],
    ['ms', '1795356131123'],
    ['iso', '2026-11-22T14:02:11.123Z'],
  ] as const)('%s', (unit, text) => expect(writeTimestamp(AT, unit)).toBe(text));

  it('is read back, to the unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8e12 }), fc.constantFrom<TimestampUnit>('s', 'ms', 'iso'), (ms, unit) => {
        expect(readTimestamp(writeTimestamp(ms, unit), [unit])).toBe(unit === 's' ? Math.floor(ms / 1_000) * 1_000 : ms);
      }),
    );
  });
});

describe('readTimestamp', () => {
  const table: ReadonlyArray<readonly [string, readonly TimestampUnit[], number | null]> = [
    ['1795356131', ['s'], 1_795_356_131_000],
    [' 1795356131 ', ['s'], 1_795_356_131_000],
    ['0123', ['s'], 123_000],
    ['123.5', ['s'], 123_500],
    ['1795356131123', ['ms'], AT],
    ['1795356131', ['ms', 's'], 1_795_356_131_000],
    ['1795356131123', ['s', 'ms'], AT],
    ['-5', ['s'], -5_000],
    ['1e30', ['s'], 1e30 * 1_000],
    ['2026-11-22T14:02:11.123Z', ['iso'], AT],
    ['2026-11-22T14:02:11.123456789Z', ['iso'], AT],
    ['2026-11-22T15:02:11.123+01:00', ['iso'], AT],
    ['2026-11-22 14:02:11.123Z', ['iso'], AT],
    // No zone: UTC, wherever this runs.
    ['2026-11-22T14:02:11.123', ['iso'], AT],
    ['2026-11-22 14:02:11', ['iso'], AT - 123],
    ['2026-11-22T14:02:11.123Z', ['s'], null],
    ['1795356131', ['iso'], null],
    ['NaN', ['s', 'ms', 'iso'], null],
    ['', ['s'], null],
    ['Infinity', ['s'], null],
    ['0x10', ['s'], null],
    ['soon', ['iso'], null],
    ['2026-13-45T99:99:99Z', ['iso'], null],
  ];
  it.each(table)('%j as %j', (text, units, ms) => expect(readTimestamp(text, units)).toBe(ms));

  it('reads nothing that is not a number or null', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readTimestamp(text, ['s', 'ms', 'iso']);
        expect(read === null || !Number.isNaN(read)).toBe(true);
      }),
    );
  });
});

describe('checkAge', () => {
  const both = { past: 300_000, future: 300_000 };

  it('allows exactly the tolerance, both ways', () => {
    expect(checkAge(AT - 300_000, AT, both)).toBeNull();
    expect(checkAge(AT + 300_000, AT, both)).toBeNull();
    expect(checkAge(AT - 300_001, AT, both)).toEqual({
      reason: 'timestamp_too_old',
      message: 'it was signed 5 min ago, and 5 min are allowed',
    });
    expect(checkAge(AT + 300_001, AT, both)?.reason).toBe('timestamp_in_future');
  });

  it('limits one side, or none', () => {
    expect(checkAge(AT + 1e9, AT, { past: 5, future: null })).toBeNull();
    expect(checkAge(AT - 1e9, AT, { past: null, future: 5 })).toBeNull();
    expect(checkAge(0, AT, { past: null, future: null })).toBeNull();
  });

  it('tells milliseconds that stand where seconds are meant', () => {
    expect(checkAge(AT * 1_000, AT, both)?.message).toBe(
      'its timestamp is more than a century ahead of this clock, and 5 min are allowed; the timestamp looks like milliseconds where seconds are meant',
    );
    expect(checkAge(1e33, AT, both)?.message).not.toContain('milliseconds');
  });
});
