import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesDifference } from '../../../src/core/diff/bytes.js';

describe('where bytes part', () => {
  it('is told with its line and column, and what stands around it', () => {
    const before = Buffer.from(`${'x'.repeat(100)}\nab\ncd`);
    const after = Buffer.from(`${'x'.repeat(100)}\nab\ncD`);
    const found = bytesDifference(before, after);
    expect(found).toMatchObject({ offset: 105, line: 3, column: 2, sizes: [106, 106], from: 80 });
    expect(Buffer.from(found?.before ?? []).toString()).toBe(`${'x'.repeat(20)}\nab\ncd`);
  });

  it('is the end of the shorter one where the other goes on', () => {
    expect(bytesDifference(Buffer.from('ab'), Buffer.from('abc'))).toMatchObject({ offset: 2, sizes: [2, 3] });
    expect(bytesDifference(Buffer.from(''), Buffer.from('c'))).toMatchObject({ offset: 0, line: 1, column: 1 });
  });

  it('is the first byte that differs, and nowhere in the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, size: 'large', maxLength: 70_000 }), fc.nat(), (bytes, seed) => {
        expect(bytesDifference(bytes, Uint8Array.from(bytes))).toBeNull();
        const at = seed % bytes.length;
        const other = Uint8Array.from(bytes);
        other[at] = (other[at] as number) ^ 1;
        expect(bytesDifference(bytes, other)?.offset).toBe(at);
      }),
      { numRuns: 20 },
    );
  });
});
