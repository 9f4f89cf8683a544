import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonBytes } from '../../../src/core/delivery/json-bytes.js';
import { safeJson } from '../../../src/render/terminal.js';

const written = (bytes: Uint8Array): string => {
  const out = new JsonBytes('line', safeJson);
  const isText = out.utf8(bytes);
  const text = Buffer.from(out.take()).toString('utf8');
  return isText ? text : `not UTF-8${text}`;
};
const spelled = (text: string): string => safeJson(JSON.stringify(text));

it.each([
  ['every byte of ASCII', Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code))],
  ['every letter of two bytes', Array.from({ length: 0x780 }, (_, code) => `a${String.fromCharCode(code + 0x80)}b`)],
  ['what is obeyed, hidden or rare', ['\u2028', '\u202e', '\ufeff{}', '\ufe0f', '日本', '😀', '\u{e0001}', '\ud7ff', '']],
])('spells %s as texts are spelled', (_, texts) => {
  expect(texts.map((text) => written(Buffer.from(text)))).toEqual(texts.map(spelled));
});

it('takes for text what is UTF-8, of any length, and nothing else', () => {
  const parts = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 4 }), fc.nat({ max: 9_000 }), (some, length) => {
      const bytes = Buffer.concat([Buffer.alloc(length, 'é"'), ...some]);
      const text = bytes.toString('utf8');
      expect(written(bytes)).toBe(Buffer.from(text).equals(bytes) ? spelled(text) : 'not UTF-8');
    }),
  );
});

it('grows for what is large, and begins anew', () => {
  const out = new JsonBytes('line', safeJson);
  for (const text of ['\u0001'.repeat(300_000), '\ud800'.repeat(100_000), 'short']) {
    out.text(text);
    expect(Buffer.from(out.take()).toString('utf8')).toBe(spelled(text));
  }
  out.utf8(Buffer.alloc(1_000_000, '\u001f'));
  expect(out.take()).toHaveLength(6_000_002);
});
