import { expect, it } from 'vitest';
import { lazyPattern } from '../../src/core/lazy-pattern.js';

it('is read when it is first used, and once', () => {
  const broken = lazyPattern('(', 'u');
  expect(broken).toThrow(SyntaxError);
  const mark = lazyPattern(String.raw`^\p{Mn}$`, 'u');
  const first = mark();
  expect([mark().test('\u0301'), mark().test('a'), mark() === first]).toEqual([true, false, true]);
});
