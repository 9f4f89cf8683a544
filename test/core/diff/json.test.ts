import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDifferences } from '../../../src/core/diff/json.js';
import { JsonTape } from '../../../src/core/diff/tape.js';
import { formatPath } from '../../../src/core/events/json-path.js';

/** `kind path before after`, a line each. */
function told(before: string, after: string): string[] {
  const one = JsonTape.of(Buffer.from(before)) as JsonTape;
  const other = JsonTape.of(Buffer.from(after)) as JsonTape;
  return jsonDifferences(one, other).map(({ kind, before: a, after: b }) => {
    const from = a < 0 ? '' : formatPath(one.path(a));
    const to = b < 0 ? '' : formatPath(other.path(b));
    return `${kind} ${from}${to === '' || from === to ? '' : ` > ${to}`}`.trim();
  });
}

const MEANING = /^(changed|added|removed|moved)/;

describe('differences between documents', () => {
  it.each<[string, string, string, string[]]>([
    ['a value', '{"a":{"b":1}}', '{"a":{"b":2}}', ['changed a.b']],
    ['another kind of value', '{"a":[1]}', '{"a":{"0":1}}', ['changed a']],
    ['members that come and go', '{"a":1,"c":2}', '{"a":1,"d":3}', ['removed c', 'added  > d']],
    ['a number spelled otherwise', '{"a":499.00}', '{"a":499}', ['spelled a']],
    ['a text spelled otherwise', '["Zo\\u00eb","a\\/b"]', '["Zoë","a/b"]', ['spelled [0]', 'spelled [1]']],
    ['members in another order', '{"a":1,"b":2,"c":3}', '{"c":3,"a":1,"b":2}', ['order the document']],
    ['a member that was renamed', '{"customer_id":456}', '{"customerId":456}', ['moved customer_id > customerId']],
    ['a part that stands elsewhere', '{"a":{"x":[1,2]},"b":{}}', '{"a":{},"b":{"y":[1,2]}}', ['moved a.x > b.y']],
    [
      'no part that is everywhere',
      '{"a":true,"b":0}',
      '{"c":true,"d":0}',
      ['removed a', 'removed b', 'added  > c', 'added  > d'],
    ],
    ['an item put before the others', '[{"id":1},{"id":2}]', '[{"id":9},{"id":1},{"id":2}]', ['added  > [0]']],
    ['an item taken out of the middle', '[1,2,3,4]', '[1,3,4]', ['removed [1]']],
    ['a changed item among others', '[1,2,3]', '[1,5,3]', ['changed [1]']],
    ['items that changed places', '["a","b","c"]', '["b","c","a"]', ['moved [0] > [2]']],
    [
      'an item that moved and changed, known by its id',
      '[{"id":1,"n":1},{"id":2,"n":2},{"id":3,"n":3}]',
      '[{"id":2,"n":2},{"id":3,"n":3},{"id":1,"n":5}]',
      ['moved [0] > [2]', 'changed [0].n > [2].n'],
    ],
    ['a key that stands twice', '{"a":1,"a":2}', '{"a":1,"a":3}', ['changed a']],
    ['nothing', '{"a" : [1,\n2]}', '{"a":[1,2]}', []],
  ])('%s', (_, before, after, expected) => {
    expect(told(before, after).sort()).toEqual([...expected].sort());
  });

  it('are in the order of the first document', () => {
    expect(told('{"a":1,"b":{"c":1},"d":1}', '{"a":2,"b":{"c":2},"d":2}')).toEqual(['changed a', 'changed b.c', 'changed d']);
  });

  it('are none between a document and itself', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        expect(told(json, json)).toEqual([]);
      }),
    );
  });

  it('are none in meaning where it was only written again', () => {
    const respell = (value: unknown): string => {
      if (typeof value === 'number')
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? `${BigInt(value)}.0` : JSON.stringify(value);
      if (typeof value === 'string')
        return `"${[...Array(value.length)].map((_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
      if (Array.isArray(value)) return `[ ${value.map(respell).join(' , ')} ]`;
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      const members = Object.entries(value).reverse();
      return `{ ${members.map(([key, one]) => `${respell(key)} : ${respell(one)}`).join(' , ')} }`;
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const differences = told(JSON.stringify(value), respell(value));
        expect(differences.filter((one) => MEANING.test(one))).toEqual([]);
      }),
    );
  });

  it('are there exactly where two documents do not mean the same', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(value, value),
          value.map((one) => [one, one] as const),
        ),
        ([one, other]) => {
          const plain = (of: unknown): unknown => JSON.parse(JSON.stringify(of));
          const differs = told(JSON.stringify(one), JSON.stringify(other)).some((line) => MEANING.test(line));
          let same = true;
          try {
            expect(plain(one)).toEqual(plain(other));
          } catch {
            same = false;
          }
          // -0 and 0 are the same number.
          if (!/-0\b/.test(JSON.stringify([one, other]))) expect(differs).toBe(!same);
        },
      ),
    );
  });
});

describe('documents of any size', () => {
  it('are compared however deep they are', () => {
    const deep = (inner: string): string => `${'[{"a":'.repeat(50_000)}${inner}${'}]'.repeat(50_000)}`;
    expect(told(deep('1'), deep('2'))).toHaveLength(1);
    expect(told(deep('1.0'), deep('1'))).toEqual([expect.stringContaining('spelled …')]);
  });

  it('are compared in a time that grows as they do, whatever has happened to their items', () => {
    const items = Array.from({ length: 20_000 }, (_, index) => ({ id: index, text: `item ${index}` }));
    const shuffled = [...items].reverse().map((item) => ({ ...item, text: `${item.text}!` }));
    const differences = told(JSON.stringify(items), JSON.stringify(shuffled));
    // All but one have moved, and every one has changed.
    expect(differences.filter((line) => line.startsWith('moved'))).toHaveLength(19_999);
    expect(differences.filter((line) => line.startsWith('changed'))).toHaveLength(20_000);
  });

  it('keep their differences apart where everything has gone', () => {
    const numbers = (from: number): string => JSON.stringify(Array.from({ length: 30_000 }, (_, index) => from + index));
    expect(told(numbers(0), numbers(1_000_000))).toHaveLength(30_000);
    const members = (from: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${from + index}`, index])));
    const all = told(members(0), members(1_000_000));
    expect(all.length).toBeGreaterThanOrEqual(20_000);
  });
});
