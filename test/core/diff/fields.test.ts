import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fields, fieldDifferences } from '../../../src/core/diff/fields.js';

const told = (before: Fields, after: Fields): string[] =>
  fieldDifferences(before, after, 'headers', true).map(({ kind, path, before: a, after: b }) => `${kind} ${path} ${a} ${b}`);

describe('differences between headers', () => {
  it('tell values, names, order and duplicates apart', () => {
    expect(told([['A', '1']], [['A', '2']])).toEqual(['changed A 1 2']);
    expect(told([['X-Id', '1']], [['x-id', '1']])).toEqual(['spelled X-Id X-Id x-id']);
    expect(
      told(
        [
          ['A', '1'],
          ['B', '2'],
        ],
        [
          ['B', '2'],
          ['A', '1'],
        ],
      ),
    ).toEqual(['order  null null']);
    expect(
      told(
        [['A', '1']],
        [
          ['A', '1'],
          ['a', '2'],
        ],
      ),
    ).toEqual(['added a null 2']);
    expect(told([['Gone', '1']], [])).toEqual(['removed Gone 1 null']);
  });

  it('are none between a list and itself', () => {
    const fields = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.string()));
    fc.assert(
      fc.property(fields, fc.boolean(), (list, isHeader) => {
        expect(fieldDifferences(list, list, 'body', isHeader)).toEqual([]);
      }),
    );
  });
});
