import type { Redaction } from '../core/capture/capture.js';
import { foldLine, type Line, widest } from './layout.js';
import type { FixtureRow } from './renderer.js';
import type { Screen } from './screen.js';
import { pad, safeLine } from './terminal.js';
import { within } from './words.js';

/** Sample payloads under their providers: where those of one's own are, and what they stand for. */
export function fixturesLines(rows: readonly FixtureRow[], cwd: string | null, screen: Screen): Line[] {
  const names = widest(
    rows.map(({ event }) => event),
    Math.floor(screen.width / 2),
  );
  const lines: Line[] = [];
  let provider: string | null = null;
  for (const row of rows) {
    if (row.provider !== provider) lines.push(...(provider === null ? [] : [[]]), [['  '], [safeLine(row.provider), 'strong']]);
    provider = row.provider;
    const where: Line = row.builtin
      ? [['built in', 'dim']]
      : [
          [safeLine(within(row.path, cwd)), 'good'],
          [row.replaces ? '  in place of the built-in one' : '', 'dim'],
        ];
    lines.push(...foldLine([['  '], [pad(safeLine(row.event), names), 'link'], ['  '], ...where], screen.foldWidth, names + 4));
  }
  return lines;
}

/** Each path with what was private there and what stands there now. */
export function redactionsLines(redactions: readonly Redaction[], screen: Screen): Line[] {
  const paths = redactions.map(({ path }) => safeLine(path));
  const column = widest(paths, Math.floor(screen.width / 2));
  return redactions.flatMap(({ kind, standIn }, index) =>
    foldLine(
      [
        ['  '],
        [pad(paths[index] ?? '', column), 'key'],
        [`  ${kind} ${screen.theme.marks.arrow} `, 'dim'],
        [safeLine(standIn), 'string'],
      ],
      screen.foldWidth,
      4,
    ),
  );
}
