import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalNumber } from '../../../src/core/diff/number.js';

describe('numbers of the same value', () => {
  it.each([
    ['499.00', '499'],
    ['4.99e2', '499'],
    ['0.0', '-0'],
    ['1E+3', '1000.000'],
    ['0.001', '1e-3'],
    ['100', '1e2'],
  ])('%s and %s are spelled alike', (one, other) => {
    expect(canonicalNumber(one)).toBe(canonicalNumber(other));
  });

  it.each([
    ['9007199254740993', '9007199254740992'],
    ['0.1', '0.10000000000000000001'],
    ['1', '-1'],
    ['10', '1'],
    ['1e400', '1e401'],
  ])('%s and %s are not, however near they are', (one, other) => {
    expect(canonicalNumber(one)).not.toBe(canonicalNumber(other));
  });

  it('is the value', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(6), (value, zeros) => {
        const text = JSON.stringify(value);
        expect(Number(canonicalNumber(text))).toBe(value === 0 ? 0 : value);
        if (/^-?\d+$/.test(text)) expect(canonicalNumber(`${text}.${'0'.repeat(zeros + 1)}`)).toBe(canonicalNumber(text));
      }),
    );
  });

  it('takes no longer than it is long', () => {
    const long = `1${'0'.repeat(2_000_000)}1`;
    expect(canonicalNumber(long)).toBe(`${long}e0`);
    expect(canonicalNumber(`1e${'9'.repeat(400)}`)).toBe(`1e${'9'.repeat(400)}`);
  });
});
