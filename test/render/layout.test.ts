import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldLine, indent, type Line, lineWidth, paintLine } from '../../src/render/layout.js';
import { createTheme } from '../../src/render/theme.js';

const plain = createTheme({ painter: null, unicode: true });
const text = (line: Line): string => paintLine(line, plain);

describe('foldLine', () => {
  it('leaves a line that fits', () => {
    const line: Line = [['abc'], ['def', 'bad']];
    expect(foldLine(line, 6)).toEqual([line]);
  });

  it('breaks between words and hangs what follows', () => {
    expect(foldLine([['one two three four']], 10, 2).map(text)).toEqual(['one two', '  three', '  four']);
  });

  it('cuts a word that fits on no line, and keeps its meaning', () => {
    expect(foldLine([['abcdefghijklmnop', 'link']], 10, 2)).toEqual([[['abcdefghij', 'link']], [['  '], ['klmnop', 'link']]]);
  });

  it('gives lines that fit and loses no letter', () => {
    const line = fc.array(fc.tuple(fc.string({ minLength: 1 })), { maxLength: 6 });
    fc.assert(
      fc.property(line, fc.integer({ min: 8, max: 40 }), fc.integer({ min: 0, max: 20 }), (spans, width, hanging) => {
        const rows = foldLine(spans, width, hanging);
        for (const row of rows) expect(lineWidth(row)).toBeLessThanOrEqual(width);
        const letters = (lines: readonly Line[]): string =>
          lines
            .map((row) => row.map(([part]) => part).join(''))
            .join('')
            .replaceAll(' ', '');
        expect(letters(rows)).toBe(letters([spans]));
      }),
    );
  });
});

it('paints without trailing white space, and indents what is not empty', () => {
  expect(text([['a  '], ['b  '], ['  ']])).toBe('a  b');
  expect(text([['   ']])).toBe('');
  expect(text(indent([['a']], 3))).toBe('   a');
  expect(indent([], 3)).toEqual([]);
});
