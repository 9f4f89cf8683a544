import { foldLine, type Line } from './layout.js';
import type { Screen } from './screen.js';
import { pad, safeLine, wrapWords } from './terminal.js';

export const MARGIN = 2;
export const LABEL = 12;

/** A name and what belongs to it, folded under itself. */
export function field(label: string, value: Line, screen: Screen): Line[] {
  const column = MARGIN + LABEL;
  return foldLine([[' '.repeat(MARGIN)], [pad(label, LABEL), 'dim'], ...value], screen.foldWidth, column);
}

/** Sentences of any length, or a few lines, beside a name. */
export function sentence(label: string, text: string, screen: Screen, style?: 'dim' | 'bad' | 'warn' | 'good'): Line[] {
  const rows = text.split('\n').flatMap((line) => wrapWords(safeLine(line), screen.foldWidth - MARGIN - LABEL));
  return rows.flatMap((row, index) => field(index === 0 ? label : '', [style === undefined ? [row] : [row, style]], screen));
}
