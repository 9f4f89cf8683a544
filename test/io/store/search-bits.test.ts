import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesOf, rangesOf, SegmentBuilder } from '../../../src/io/store/search-bits.js';

/** The numbers of the bodies that a segment does not rule out for a text. */
function left(builder: SegmentBuilder, text: Uint8Array): Set<number> {
  const classes = classesOf(text);
  const slices = new Map(builder.slices());
  const own = classes.map((one) => slices.get(one));
  if (own.some((slice) => slice === undefined)) return new Set();
  const within = { first: builder.first ?? 0, last: builder.last };
  const ranges = rangesOf(own as Array<Uint8Array | null>, builder.starts(), within);
  return new Set(ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)));
}

const letters = fc.constantFrom(...Buffer.from('abcABC01"{}\0\xff', 'latin1'));
const body = fc.oneof(
  fc.array(letters, { maxLength: 40 }),
  fc.array(letters, { minLength: 900, maxLength: 1_700 }),
  fc.tuple(fc.integer({ min: 1_500, max: 5_000 }), letters).map(([size, filling]) => {
    const bytes = Array<number>(size).fill(filling);
    bytes.splice(size >> 1, 5, 0x31, 0x32, 0x33, 0x34, 0x35);
    return bytes;
  }),
);

describe('SegmentBuilder', () => {
  it('rules out no body that holds the text, wherever it stands and however long it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(body, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 3, max: 300 }),
        (bodies, which, where, length) => {
          const builder = new SegmentBuilder();
          let number = 7;
          const numbers = bodies.map(([bytes, gap]) => {
            number += gap;
            expect(builder.add(number, Uint8Array.from(bytes))).toBe(true);
            return number;
          });
          const place = which % bodies.length;
          const bytes = Buffer.from(bodies[place]?.[0] ?? []);
          const text = bytes.subarray(where % (bytes.length + 1)).subarray(0, length);
          if (text.length < 3) return;
          const folded = Buffer.from(text.toString('latin1').toUpperCase().replace('ÿ'.toUpperCase(), 'ÿ'), 'latin1');
          expect(left(builder, text)).toContain(numbers[place]);
          if (!text.includes(0xff)) expect(left(builder, folded)).toContain(numbers[place]);
        },
      ),
    );
  });

  it('rules out most of the others', () => {
    const builder = new SegmentBuilder();
    for (let number = 1; number <= 2_000; number++) {
      const id = (number * 7_919).toString(36).padStart(8, 'k');
      builder.add(number, Buffer.from(`{"id":"${id}","event":"order.created","data":{"total":${number}.00}}`.padEnd(1_200)));
    }
    const rare = (1_234 * 7_919).toString(36).padStart(8, 'k');
    const found = left(builder, Buffer.from(rare));
    expect(found).toContain(1_234);
    expect(found.size).toBeLessThan(20);
    expect(left(builder, Buffer.from('order.created')).size).toBe(2_000);
    expect(left(builder, Buffer.from('nowhere at all')).size).toBe(0);
  });

  it('says when it is full, and begins anew', () => {
    const builder = new SegmentBuilder();
    const large = Buffer.alloc(200_000, 'abc');
    let number = 0;
    while (builder.add(number + 1, large)) number++;
    expect(number).toBe(39);
    expect(left(builder, Buffer.from('abcabc')).size).toBe(39);
    builder.clear();
    expect(builder.add(50, Buffer.from('something else'))).toBe(true);
    expect([builder.first, [...left(builder, Buffer.from('SOMETHING'))], [...left(builder, Buffer.from('abc'))]]).toEqual([
      50,
      [50],
      [],
    ]);
  });

  it('always leaves a body that is too large to be looked into', () => {
    const builder = new SegmentBuilder();
    for (const [number, one] of [
      [1, 'small'],
      [2, null],
      [3, 'tiny'],
    ] as const) {
      builder.add(number, one === null ? null : Buffer.from(one));
    }
    expect([...left(builder, Buffer.from('anything'))]).toEqual([2]);
    expect([...left(builder, Buffer.from('tiny'))]).toEqual([2, 3]);
  });
});
