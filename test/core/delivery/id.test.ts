import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource, lowestIdAt, timeOfId } from '../../../src/core/delivery/id.js';

const MAX_TIME = 2 ** 48 - 1;
const FORM = /^dlv_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** A source of ids under a clock that reads these times in turn and random bytes that are all the same. */
function idsAt(times: readonly number[], byte: number): string[] {
  let turn = 0;
  const next = createIdSource(
    () => times[turn++] ?? 0,
    (size) => new Uint8Array(size).fill(byte),
  );
  return times.map(() => next());
}

describe('createIdSource', () => {
  it('spells the time as the ULID specification does', () => {
    // The example of https://github.com/ulid/spec: 01ARZ3NDEKTSV4RRFFQ69G5FAV is of 2016-07-30T23:54:10.259Z.
    expect(idsAt([1469922850259], 0)[0]).toBe('dlv_01ARZ3NDEK0000000000000000');
    expect(timeOfId('dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe(1469922850259);
  });

  it('gives greater ids one after another, whatever the clock and the random bytes', () => {
    const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: MAX_TIME - 1_000 })), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 255 }), (clock, byte) => {
        const ids = idsAt(clock, byte);
        for (const id of ids) expect(id).toMatch(FORM);
        expect([...new Set(ids)].sort()).toEqual(ids);
      }),
    );
  });

  it('stays in order when a millisecond has no room for another id', () => {
    const ids = idsAt([7, 7, 7], 255);
    expect(ids.map(timeOfId)).toEqual([7, 8, 8]);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('lowestIdAt', () => {
  it('sorts at or before every id of that time and after those before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_TIME }), fc.integer({ min: 0, max: 255 }), (ms, byte) => {
        const [id = ''] = idsAt([ms], byte);
        const [earlier = ''] = idsAt([ms - 1], byte);
        expect(lowestIdAt(ms) <= id).toBe(true);
        expect(earlier < lowestIdAt(ms)).toBe(true);
        expect(timeOfId(lowestIdAt(ms))).toBe(ms);
      }),
    );
  });

  it('keeps to the times an id can tell', () => {
    expect(timeOfId(lowestIdAt(-5))).toBe(0);
    expect(timeOfId(lowestIdAt(Number.POSITIVE_INFINITY))).toBe(MAX_TIME);
  });
});

describe('timeOfId', () => {
  it.each([
    '',
    'dlv_',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'dlv_01ARZ3NDEKTSV4RRFFQ69G5FA',
    'dlv_81ARZ3NDEKTSV4RRFFQ69G5FAV',
    'dlv_01arz3ndektsv4rrffq69g5fav',
    'dlv_01ARZ3NDEKTSV4RRFFQ69G5FAU',
  ])('is null for %j', (id) => {
    expect(timeOfId(id)).toBeNull();
  });
});
