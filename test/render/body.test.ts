import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../src/core/http/headers.js';
import { type BodyView, bodyText } from '../../src/render/body.js';
import { lineWidth, paintLine } from '../../src/render/layout.js';
import { createTheme } from '../../src/render/theme.js';

const theme = createTheme({ painter: null, unicode: true });
const JSON_HEADERS: HeaderList = [['Content-Type', 'application/json']];

function shown(headers: HeaderList, body: string | Uint8Array, view: Partial<BodyView> = {}): string {
  const { about, lines } = bodyText(headers, typeof body === 'string' ? Buffer.from(body) : body, {
    width: 60,
    maxRows: 24,
    more: 'webhook show dlv_1 --body',
    marks: theme.marks,
    ...view,
  });
  return [about, ...lines].map((line) => paintLine(line, theme)).join('\n');
}

describe('bodyText', () => {
  it('lays JSON out with every spelling and every duplicate kept', () => {
    expect(shown(JSON_HEADERS, '{"total":499.00,"n":1e3,"n":-0,"s":"\\u00e9\\/","e":[],"x":[true,null]}')).toMatchInlineSnapshot(`
      "application/json · 69 B
      {
        "total": 499.00,
        "n": 1e3,
        "n": -0,
        "s": "\\u00e9\\/",
        "e": [],
        "x": [
          true,
          null
        ]
      }"
    `);
  });

  it('colours keys, strings, numbers and literals apart', () => {
    const { lines } = bodyText(JSON_HEADERS, Buffer.from('{"a":"b","c":1.50,"d":null}'), {
      width: 60,
      maxRows: 24,
      more: null,
      marks: theme.marks,
    });
    const spans = lines.flat().filter(([text]) => text.trim() !== '');
    expect(spans).toContainEqual(['"a"', 'key']);
    expect(spans).toContainEqual(['"b"', 'string']);
    expect(spans).toContainEqual(['1.50', 'number']);
    expect(spans).toContainEqual(['null', 'literal']);
  });

  it('folds long strings, cuts endless ones, and stops at a sensible height', () => {
    const items = Array.from({ length: 30 }, (_, i) => ({ i }));
    const body = JSON.stringify({
      text: 'several words that do not fit on a line of sixty columns at all',
      file: 'iVBORw0KGgo'.repeat(200),
      items,
    });
    expect(shown(JSON_HEADERS, body, { maxRows: 12 })).toMatchInlineSnapshot(`
      "application/json · 2.6 kB
      {
        "text": "several words that do not fit on a line of sixty
            columns at all",
        "file": "iVBORw0KGgoiVBORw0KGgoiVBORw0KGgoiVBORw0KGgoiVBOR
            w0KGgoiVBORw0KGgoiVBORw0KGgoiVBORw0KGgoiVBORw0KGgoiVBO
            Rw0KGgoiVBORw0KGgoiVBORw0KGgoiVBORw0KGgoiVBORw0KGgoiVB
            ORw0KGgoiVBORw0KGgoiVBORw0 … 2,019 more characters
        "items": [
          {
            "i": 0
          },
          {
      … 88 more lines (webhook show dlv_1 --body)"
    `);
  });

  it('shows what is no JSON as text, and says where it breaks', () => {
    expect(shown(JSON_HEADERS, '{"a":1,\n "b": tru}')).toMatchInlineSnapshot(`
      "application/json · 18 B · not valid JSON: line 2, column 7: a value should stand there
      {"a":1,
       "b": tru}"
    `);
    expect(shown(JSON_HEADERS, 'hello\x1b[31m')).toMatchInlineSnapshot(`
      "application/json · 10 B · not valid JSON: line 1, column 1: a value should stand there
      hello\\x1b[31m"
    `);
  });

  it('lists the fields of a form', () => {
    expect(
      shown([['Content-Type', 'application/x-www-form-urlencoded']], 'payload=%7B%22a%22%3A1%7D&to=%2B31+6&bad=%zz&bare&x=1&x=2'),
    ).toMatchInlineSnapshot(`
      "application/x-www-form-urlencoded · 57 B
      payload  {"a":1}
      to       +31 6
      bad      %zz
      bare
      x        1
      x        2"
    `);
  });

  it('dumps bytes that are no text', () => {
    expect(
      shown([['Content-Type', 'image/png']], Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7) % 256)), { width: 80 }),
    ).toMatchInlineSnapshot(`
      "image/png · 300 B
      0000  00 07 0e 15 1c 23 2a 31 38 3f 46 4d 54 5b 62 69  .....#*18?FMT[bi
      0010  70 77 7e 85 8c 93 9a a1 a8 af b6 bd c4 cb d2 d9  pw~.............
      0020  e0 e7 ee f5 fc 03 0a 11 18 1f 26 2d 34 3b 42 49  ..........&-4;BI
      0030  50 57 5e 65 6c 73 7a 81 88 8f 96 9d a4 ab b2 b9  PW^elsz.........
      0040  c0 c7 ce d5 dc e3 ea f1 f8 ff 06 0d 14 1b 22 29  ..............")
      0050  30 37 3e 45 4c 53 5a 61 68 6f 76 7d 84 8b 92 99  07>ELSZahov}....
      0060  a0 a7 ae b5 bc c3 ca d1 d8 df e6 ed f4 fb 02 09  ................
      0070  10 17 1e 25 2c 33 3a 41 48 4f 56 5d 64 6b 72 79  ...%,3:AHOV]dkry
      … 172 B more (webhook show dlv_1 --body)"
    `);
  });

  it('says that there is no body', () => {
    expect(shown(JSON_HEADERS, '')).toBe('empty body');
  });

  it('counts the lines of a text that it does not show', () => {
    const text = Array.from({ length: 336 }, (_, i) => `line ${i}\n`).join('');
    expect(
      shown([['Content-Type', 'text/plain']], text)
        .split('\n')
        .at(-1),
    ).toBe('… 312 more lines (webhook show dlv_1 --body)');
  });

  it('reads a body of 25 MB only as far as it is shown: its lines are not even counted', () => {
    const body = Buffer.from(`[${'{"a":1},'.repeat(3_000_000)}{}]`);
    expect(shown(JSON_HEADERS, body).split('\n').at(-1)).toBe('… more (webhook show dlv_1 --body)');
  });

  it('fits the width and obeys nothing, whatever the bytes', () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.json().map((json) => Buffer.from(json)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    const types = fc.constantFrom(
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/octet-stream',
    );
    fc.assert(
      fc.property(bodies, types, fc.integer({ min: 30, max: 120 }), (body, type, width) => {
        const { about, lines } = bodyText([['Content-Type', type]], body, { width, maxRows: 10, more: null, marks: theme.marks });
        expect(lines.length).toBeLessThanOrEqual(12);
        for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(width);
        for (const line of [about, ...lines])
          expect(paintLine(line, theme)).not.toMatch(/[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u);
      }),
      { numRuns: 300 },
    );
  });
});
