import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest, orList } from '../../src/core/nearest.js';

const events = ['order.created', 'order.updated', 'order.cancelled', 'invoice.paid', 'stock.low'];

describe('nearest', () => {
  it.each([
    ['order.craeted', ['order.created', 'order.updated']],
    ['Order.Created', ['order.created', 'order.updated']],
    ['order.update', ['order.updated', 'order.created']],
    ['stock', ['stock.low']],
    ['created', ['order.created']],
    ['completely different', []],
    ['order', ['order.created', 'order.updated', 'order.cancelled']],
  ])('%j', (word, found) => expect(nearest(word, events)).toEqual(found));

  it('has the word itself first, and no more than asked for', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 4 }),
        (words, at, most) => {
          const word = words[at % words.length] ?? '';
          const found = nearest(word, words, most);
          expect(found[0]).toBe(word);
          expect(found.length).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('takes texts of any length', () => {
    const long = 'x'.repeat(1_000_000);
    expect(nearest(long, ['y', long]).map((word) => word.length)).toEqual([1_000_000]);
    expect(nearest('', ['ab'])).toEqual(['ab']);
  });
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('orList(%j)', (words, text) => expect(orList(words)).toBe(text));
