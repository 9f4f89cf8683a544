import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glance } from '../../../src/core/events/json-glance.js';
import { readPointer } from '../../../src/core/events/json-pointer.js';

const at = (json: string, pointer: string): string | null => glance(Buffer.from(json), pointer);

describe('glance', () => {
  it('reads a string, a number by its digits, a boolean, through objects', () => {
    const json =
      '\n { "a" : [1, {"id": "no"}, "]}\\"," ], "order": {"id":"o\\u0041 é \\"x\\"", "total" : 499.00 ,"paid":true}, "n": -1e3}';
    expect(['/order/id', '/order/total', '/order/paid', '/n'].map((pointer) => at(json, pointer))).toEqual([
      ...['oA é "x"', '499.00', 'true', '-1e3'],
    ]);
  });

  it('says nothing of what it does not find so', () => {
    const json = '{"a":{"b":null,"c":[1,2],"d":{}},"e":"x","":"empty"}';
    for (const pointer of ['/a', '/a/b', '/a/c', '/a/c/0', '/a/d/e', '/e/f', '/x', '', 'a']) expect(at(json, pointer)).toBe(null);
    expect(at(json, '/')).toBe('empty');
    for (const broken of [
      '',
      '[1]',
      '"id"',
      '{',
      '{"id',
      '{"id"',
      '{"id":',
      '{"id":"x',
      '{"id" "x"}',
      '{"a" 1,"id":"x"}',
      '{"id":12',
    ]) {
      expect(at(broken, '/id')).toBe(null);
    }
  });

  it('does not look at what stands behind', () => {
    expect(at(`{"id":"x", this is no JSON`, '/id')).toBe('x');
  });

  it('agrees with a parser wherever it finds something, and finds what stands in objects', () => {
    const key = fc.constantFrom('id', 'a', 'b/c', 'd~', '"', '\\', 'é');
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const { tree } = fc.letrec((tie) => ({ tree: fc.oneof(leaf, fc.dictionary(key, tie('tree'))) }));
    fc.assert(
      fc.property(fc.dictionary(key, tree), fc.array(key, { minLength: 1, maxLength: 3 }), fc.nat(2), (value, keys, space) => {
        const pointer = keys.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        const expected = readPointer(value, pointer);
        const scalar = ['string', 'number', 'boolean'].includes(typeof expected) ? JSON.stringify(expected) : null;
        const text = typeof expected === 'string' ? Buffer.from(expected).toString() : scalar;
        const throughArray = keys.some((_, depth) =>
          Array.isArray(
            readPointer(
              value,
              pointer
                .split('/')
                .slice(0, depth + 1)
                .join('/'),
            ),
          ),
        );
        expect(at(JSON.stringify(value, null, space), pointer)).toBe(throughArray ? null : text);
      }),
    );
  });
});
