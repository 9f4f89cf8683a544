import { describe, expect, it } from 'vitest';
import { parsePath } from '../../../src/core/events/json-path.js';
import { isUnder, parsePattern } from '../../../src/core/events/path-pattern.js';

const matches = (pattern: string, path: string): boolean => isUnder(parsePath(path), parsePattern(pattern));

describe('a pattern of paths', () => {
  it.each([
    ['data.order.id', 'data.order.id', true],
    ['data.order', 'data.order.id', true],
    ['data.order.id', 'data.order', false],
    ['items[*].id', 'items[7].id', true],
    ['[*].id', '[0].id', true],
    ['*.id', 'customer.id', true],
    ['items[1].id', 'items[2].id', false],
    ['/data/items/*/id', 'data.items[3].id', true],
    ['["a.b"].c', '["a.b"].c', true],
  ])('%s: %s %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it('is refused where it is none', () => {
    expect(() => parsePattern('')).toThrow('The path is empty.');
    expect(() => parsePattern('a..b')).toThrow(/not a path/);
  });
});
