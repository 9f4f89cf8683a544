import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layoutJson } from '../../../src/core/delivery/layout.js';

it('puts a member on a line, and a header on one', () => {
  expect(layoutJson({ a: [], b: {}, headers: [['X', 'y']], c: [1, { d: 'é' }], e: null })).toBe(`{
  "a": [],
  "b": {},
  "headers": [
    ["X", "y"]
  ],
  "c": [
    1,
    {
      "d": "é"
    }
  ],
  "e": null
}`);
});

it('says the same as what it was given, in any spelling that does', () => {
  const escaped = (json: string): string =>
    json.replace(/[^\0-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(layoutJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(JSON.parse(layoutJson(value, escaped, '  '))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
