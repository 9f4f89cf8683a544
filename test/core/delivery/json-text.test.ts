import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deliveryToJson } from '../../../src/core/delivery/json.js';
import { JsonBytes } from '../../../src/core/delivery/json-bytes.js';
import { writeDelivery } from '../../../src/core/delivery/json-text.js';
import { safeJson } from '../../../src/render/terminal.js';
import { deliveries } from './arbitrary.js';

/** What JSON.stringify writes, with a header on one line. A newline stands between values only: within a text it is escaped. */
function laidOut(value: unknown): string {
  const texts = /\[\n *"(?:[^"\\\n]|\\.)*"(?:,\n *"(?:[^"\\\n]|\\.)*")*\n *\]/g;
  const json = JSON.stringify(value, null, 2);
  return safeJson(json.replace(texts, (found) => `[${found.slice(1, -1).trim().replace(/\n */g, ' ')}]`));
}

it('writes what JSON.stringify gives of a delivery, spelled safely, a header a line', () => {
  fc.assert(
    fc.property(fc.array(deliveries, { minLength: 1, maxLength: 3 }), (list) => {
      for (const layout of ['line', 'lines', 'item'] as const) {
        const out = new JsonBytes(layout, safeJson);
        for (const delivery of list) {
          writeDelivery(out, delivery);
          const value = deliveryToJson(delivery);
          const expected = layout === 'line' ? safeJson(JSON.stringify(value)) : laidOut(value);
          const text = layout === 'item' ? expected.replaceAll('\n', '\n  ') : expected;
          expect(Buffer.from(out.take()).toString('utf8')).toBe(text);
        }
      }
    }),
    { numRuns: 300 },
  );
});
