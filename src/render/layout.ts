import { displayWidth, splitAtWidth } from './terminal.js';
import type { Style, Theme } from './theme.js';

/** A piece of safe text and what it means. */
export type Span = readonly [text: string, style?: Style];

/** One line of the screen, not yet coloured: its width is known, and it can be folded. */
export type Line = readonly Span[];

export function lineWidth(line: Line): number {
  return line.reduce((total, [text]) => total + displayWidth(text), 0);
}

/** How wide a column has to be for these texts; `most` at most. */
export function widest(texts: readonly string[], most: number): number {
  return Math.min(
    most,
    texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0),
  );
}

/** The line as it is written, without trailing white space. */
export function paintLine(line: Line, theme: Theme): string {
  let last = line.length;
  while (last > 0 && (line[last - 1]?.[0] ?? '').trim() === '') last--;
  const spans = line.slice(0, last);
  return spans.map(([text, style], i) => theme.paint(i === last - 1 ? text.trimEnd() : text, style)).join('');
}

/** The line moved to the right. */
export function indent(line: Line, columns: number): Line {
  return line.length === 0 || columns === 0 ? line : [[' '.repeat(columns)], ...line];
}

/** Like splitAtWidth, but a word that fits on the next line is not cut. */
function splitBefore(text: string, width: number, next: number): readonly [string, string] {
  const [fits, rest] = splitAtWidth(text, width);
  if (rest === '' || rest.startsWith(' ')) return [fits, rest];
  const space = fits.lastIndexOf(' ');
  if (space < 0 || fits.trimStart() === '') return [fits, rest];
  const word = text.slice(space + 1).split(' ', 1)[0] ?? '';
  return displayWidth(word.slice(0, next + 1)) <= next ? [fits.slice(0, space + 1), text.slice(space + 1)] : [fits, rest];
}

/** Folds a line into pieces of at most `width` columns; the second and later ones begin with `hanging` spaces. */
export function foldLine(line: Line, width: number, hanging = 0): Line[] {
  if (lineWidth(line) <= width) return [line];
  const room = Math.max(8, width);
  const margin = Math.min(hanging, Math.floor(room / 2));
  const lines: Line[] = [];
  let current: Span[] = [];
  let used = 0;
  for (const [text, style] of line) {
    let rest = text;
    while (rest !== '') {
      const [fits, more] = splitBefore(rest, room - used, room - margin);
      if (fits !== '') current.push(style === undefined ? [fits] : [fits, style]);
      used += displayWidth(fits);
      rest = more;
      if (rest !== '') {
        lines.push(current);
        current = margin > 0 ? [[' '.repeat(margin)]] : [];
        used = margin;
      }
    }
  }
  lines.push(current);
  return lines;
}
