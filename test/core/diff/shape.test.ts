import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeDifferences } from '../../../src/core/diff/shape.js';

const message = (body: string, type = 'application/json') => ({
  headers: [['Content-Type', type]] as const,
  body: Buffer.from(body),
});
const told = (sample: string, payload: string): string[] =>
  shapeDifferences(message(sample), message(payload)).list.map(
    ({ kind, path, before, after }) => `${kind} ${path} ${before} ${after}`,
  );

describe('how a payload has drifted from its sample', () => {
  it('is told by the paths that came and went, and by kinds of values', () => {
    expect(told('{"a":1,"b":{"c":"x"},"d":true}', '{"a":"1","b":{"c":"y","e":[]}}')).toEqual([
      'removed d boolean null',
      'changed a number string',
      'added b.e null array',
    ]);
  });

  it('is told once for all items of an array', () => {
    expect(told('{"items":[{"id":1}]}', '{"items":[{"id":1,"w":1},{"id":2},{"id":3,"w":null}]}')).toEqual([
      'added items[*].w null null or number',
    ]);
  });

  it('is nothing where null or an empty array says nothing', () => {
    expect(told('{"a":null,"b":[],"c":1}', '{"a":{"x":1},"b":[1],"c":null}')).toEqual([]);
  });

  it('tells only the top of what is absent', () => {
    expect(told('{"a":{"b":{"c":1}}}', '{}')).toEqual(['removed a object null']);
  });

  it('takes the fields of a form as texts', () => {
    const form = 'application/x-www-form-urlencoded';
    const { list } = shapeDifferences(message('a=1&b=2', form), message('a=5&c=6', form));
    expect(list.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['removed b', 'added c']);
  });

  it('is nothing between a document and itself, and bounded by nothing but its size', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(told(json, json)).toEqual([]);
      }),
    );
    const deep = (inner: string): string => `${'{"a":'.repeat(30_000)}${inner}${'}'.repeat(30_000)}`;
    expect(told(deep('1'), deep('"x"'))).toHaveLength(1);
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 250_000 }, (_, index) => [`k${index}`, 1])));
    expect(shapeDifferences(message('{}'), message(wide))).toMatchObject({ list: { length: 10_000 }, more: 189_999 });
  });

  it('cannot be told of what has no structure', () => {
    expect(() => told('{}', 'hello')).toThrow('The body of the delivery is neither JSON nor a form');
  });
});
