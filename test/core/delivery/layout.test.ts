import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deliveryToJson } from '../../../src/core/delivery/json.js';
import { layoutJson } from '../../../src/core/delivery/layout.js';
import { safeJson } from '../../../src/render/terminal.js';
import { deliveries } from './arbitrary.js';

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

it('writes a delivery as JSON.stringify does, but for the lines of its headers', () => {
  // A newline stands between values only: within a text it is escaped.
  const texts = /\[\n *"(?:[^"\\\n]|\\.)*"(?:,\n *"(?:[^"\\\n]|\\.)*")*\n *\]/g;
  const onOneLine = (json: string): string =>
    json.replace(texts, (found) => `[${found.slice(1, -1).trim().replace(/\n */g, ' ')}]`);
  fc.assert(
    fc.property(deliveries, (delivery) => {
      const value = deliveryToJson(delivery);
      const expected = safeJson(onOneLine(JSON.stringify(value, null, 2))).replaceAll('\n', '\n  ');
      expect(layoutJson(value, safeJson, '  ')).toBe(expected);
    }),
  );
});
