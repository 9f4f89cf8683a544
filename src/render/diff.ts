/** Two things that are compared, side by side where there is room. */
import { type BytesDifference, type Difference, type DifferenceKind, type Differences, isReal } from '../core/diff/model.js';
import { grouped } from '../core/units.js';
import { foldLine, type Line, lineWidth, type Span } from './layout.js';
import type { DiffReport } from './renderer.js';
import type { Screen } from './screen.js';
import { displayWidth, pad, safeLine, splitAtWidth, truncate } from './terminal.js';
import type { Style } from './theme.js';

/** From so many columns on, both values stand beside their path. */
const SIDE_BY_SIDE = 100;
const WIDEST_PATH = 44;
/** Rows that a value takes at most, in a column of its own. */
const MOST_ROWS = 6;
const MOST_LISTED = 500;

const MARKS: Readonly<Record<DifferenceKind, readonly [mark: string, style: Style]>> = {
  changed: ['~', 'warn'],
  added: ['+', 'good'],
  removed: ['-', 'bad'],
  moved: ['>', 'link'],
  spelled: ['=', 'dim'],
  order: ['=', 'dim'],
  layout: ['=', 'dim'],
  bytes: ['~', 'warn'],
};

const TITLES: Readonly<Record<Difference['part'], string>> = {
  request: 'Request',
  status: 'Answer',
  headers: 'Headers',
  body: 'Body',
};

/** What is compared, what of it differs, and in which sense. */
export function diffLines(report: DiffReport, screen: Screen): Line[] {
  const { before, after, differences } = report;
  const { theme } = screen;
  const lines: Line[] = [
    ...foldLine(
      [
        ['  - ', 'bad'],
        [safeLine(before), 'strong'],
      ],
      screen.foldWidth,
      4,
    ),
    ...foldLine(
      [
        ['  + ', 'good'],
        [safeLine(after), 'strong'],
      ],
      screen.foldWidth,
      4,
    ),
  ];
  if (differences.list.length === 0) return [...lines, [], [[`  ${theme.marks.valid} ${report.same}`, 'good']]];
  for (const part of ['request', 'status', 'headers', 'body'] as const) {
    const list = differences.list.filter((one) => one.part === part);
    if (list.length > 0) lines.push([], [[`  ${TITLES[part]}`, 'strong']], ...listLines(list, screen, 4));
  }
  return [...lines, [], summaryLine(differences, screen)];
}

/** The differences alone, moved to the right: those of an answer stand under its attempt. */
export function differenceLines({ list, more }: Differences, screen: Screen, margin: number, most: number): Line[] {
  const hidden = Math.max(0, list.length - most) + more;
  const lines = listLines(list.slice(0, most), screen, margin);
  return hidden === 0
    ? lines
    : [...lines, [[`${' '.repeat(margin)}${screen.theme.marks.ellipsis} and ${grouped(hidden)} more`, 'dim']]];
}

function listLines(list: readonly Difference[], screen: Screen, margin: number): Line[] {
  const shown = list.slice(0, MOST_LISTED);
  const paths = shown.map(pathText);
  const column = Math.min(WIDEST_PATH, Math.max(...paths.map(displayWidth)));
  const lines = shown.flatMap((one, index) => lineOf(one, paths[index] as string, column, screen, margin));
  const hidden = list.length - shown.length;
  return hidden === 0
    ? lines
    : [...lines, [[`${' '.repeat(margin)}${screen.theme.marks.ellipsis} and ${grouped(hidden)} more`, 'dim']]];
}

function pathText({ kind, part, path }: Difference): string {
  if (kind === 'order' && part === 'headers') return 'in another order';
  if (kind === 'layout') return 'only white space differs';
  if (kind === 'bytes') return 'differs in its bytes';
  if (kind === 'spelled' && path === '') return 'only the spelling differs';
  return safeLine(path);
}

function lineOf(one: Difference, path: string, column: number, screen: Screen, margin: number): Line[] {
  const { ellipsis } = screen.theme.marks;
  const [mark, own] = MARKS[one.kind];
  const style = one.expected === null ? own : 'dim';
  const left: Line = [[' '.repeat(margin)], [`${mark} `, style], [path, one.expected === null ? 'key' : 'dim']];
  if (one.bytes !== undefined) return [left, ...bytesLines(one.bytes, margin + 2, screen)];
  const note = noteOf(one);
  if (one.before === null && one.after === null)
    return foldLine([...left, [note === '' ? '' : `  ${note}`, 'dim']], screen.foldWidth, margin + 2);
  const [before, after] = values(one, screen);
  // In a pipe there is no width to share: a line each.
  if (screen.foldWidth === screen.width && screen.width >= SIDE_BY_SIDE) {
    const name: Line = [
      [' '.repeat(margin)],
      [`${mark} `, style],
      [pad(truncate(path, column, ellipsis), column), one.expected === null ? 'key' : 'dim'],
    ];
    const room = Math.floor((screen.width - margin - 2 - column - 4) / 2);
    return columns(name, [before, after], room, screen, one.expected !== null, note, margin + 2 + column);
  }
  const short: Line = [...left, ['  '], ...arrowed(one, before, after, screen), [note === '' ? '' : `  ${note}`, 'dim']];
  if (lineWidth(short) <= screen.width) return [short];
  const value = (sign: string, text: string, color: Style): Line[] =>
    bounded(foldLine([[`${' '.repeat(margin + 2)}${sign} `, color], [text]], screen.foldWidth, margin + 4), ellipsis);
  return [
    [...left, [note === '' ? '' : `  ${note}`, 'dim']],
    ...(one.before === null ? [] : value('-', before, 'bad')),
    ...(one.after === null || one.kind === 'moved' ? [] : value('+', after, 'good')),
  ];
}

function arrowed(one: Difference, before: string, after: string, screen: Screen): Line {
  const arrow: Span = [` ${screen.theme.marks.arrow} `, 'dim'];
  const isExpected = one.expected !== null;
  const left: Span = [before, isExpected ? 'dim' : 'bad'];
  const right: Span = [after, isExpected ? 'dim' : 'good'];
  if (one.before === null) return [right];
  if (one.after === null) return [left];
  return one.kind === 'moved' ? [[before]] : [left, arrow, right];
}

/** What else is to be said of it. */
function noteOf({ kind, to, expected, path, part }: Difference): string {
  const notes: string[] = [];
  if (kind === 'moved') notes.push(`now ${safeLine(to ?? path)}`);
  if (kind === 'spelled' && path !== '') notes.push('the same, spelled differently');
  if (kind === 'order' && part === 'body') notes.push('in another order, which means nothing');
  if (expected !== null) notes.push(`expected: ${expected}`);
  return notes.join('; ');
}

/** As they may be shown: of two that are hidden it is only told that they differ. */
function values(one: Difference, screen: Screen): readonly [before: string, after: string] {
  const shown = (text: string | null): string => {
    if (text === null) return '';
    return safeLine(
      one.part === 'headers' ? (screen.headers([[one.path, text]])[0]?.[1] ?? '') : one.path === 'path' ? screen.url(text) : text,
    );
  };
  return [shown(one.before), shown(one.after)];
}

/** A name and two columns of text, folded each within its own. */
function columns(
  name: Line,
  texts: readonly [string, string],
  room: number,
  screen: Screen,
  dim: boolean,
  note: string,
  indent: number,
): Line[] {
  const { ellipsis } = screen.theme.marks;
  const [before, after] = texts.map((text) => cells(text, room, ellipsis)) as [string[], string[]];
  const rows = Math.max(before.length, after.length, 1);
  const lines: Line[] = [];
  for (let row = 0; row < rows; row++) {
    const first: Line = row === 0 ? name : [[' '.repeat(indent)]];
    const left: Span = [`  ${pad(before[row] ?? '', room)}`, dim ? 'dim' : 'bad'];
    lines.push([...first, left, [`  ${after[row] ?? ''}`, dim ? 'dim' : 'good']]);
  }
  if (note === '') return lines;
  const last = lines[lines.length - 1] as Line;
  const span: Span = [`  ${note}`, 'dim'];
  if (lineWidth(last) + displayWidth(span[0]) <= screen.width) return [...lines.slice(0, -1), [...last, span]];
  return [...lines, [[' '.repeat(indent)], span]];
}

function cells(text: string, room: number, ellipsis: string): string[] {
  const rows: string[] = [];
  let rest = text;
  while (rest !== '' && rows.length < MOST_ROWS) {
    const [fits, more] = splitAtWidth(rest, room);
    rows.push(fits);
    rest = more;
  }
  if (rest !== '') rows[MOST_ROWS - 1] = truncate(`${rows[MOST_ROWS - 1] ?? ''}${rest}`, room, ellipsis);
  return rows;
}

function bounded(lines: readonly Line[], ellipsis: string): Line[] {
  return lines.length <= MOST_ROWS ? [...lines] : [...lines.slice(0, MOST_ROWS - 1), [[`      ${ellipsis}`, 'dim']]];
}

function bytesLines(
  { offset, line, column, sizes, from, before, after }: BytesDifference,
  margin: number,
  screen: Screen,
): Line[] {
  const row = screen.width >= margin + WIDTH_OF_16 ? 16 : 8;
  const place = `first at byte ${grouped(offset)} (line ${line}, column ${column}); ${grouped(sizes[0])} and ${grouped(sizes[1])} bytes`;
  return [
    [[' '.repeat(margin)], [place, 'dim']],
    ...hexLines(before, after, from, '-', 'bad', margin, row),
    ...hexLines(after, before, from, '+', 'good', margin, row),
  ];
}

/** Columns that a row of 16 bytes takes: its sign, place, bytes and text. */
const WIDTH_OF_16 = 75;

/** Rows of so many bytes; those that differ from the other side's are marked. */
function hexLines(
  bytes: Uint8Array,
  other: Uint8Array,
  from: number,
  sign: string,
  style: Style,
  margin: number,
  row: number,
): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length; at += row) {
    const spans: Span[] = [];
    let text = '';
    for (let i = at; i < at + row; i++) {
      const byte = bytes[i];
      const hex = byte === undefined ? '  ' : byte.toString(16).padStart(2, '0');
      spans.push(byte === other[i] ? [`${hex} `] : [`${hex} `, style]);
      if (byte !== undefined) text += byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.';
    }
    lines.push([
      [' '.repeat(margin)],
      [`${sign} `, style],
      [`${(from + at).toString(16).padStart(6, '0')}  `, 'dim'],
      ...spans,
      [` ${text}`, 'string'],
    ]);
  }
  return lines;
}

/** `3 differences · 2 expected · 1 in spelling only` */
function summaryLine({ list, more }: Differences, { theme }: Screen): Line {
  const real = list.filter(isReal).length + more;
  const expected = list.filter((one) => one.expected !== null).length;
  const spelled = list.length + more - real - expected;
  const line: Span[] = [[`  ${grouped(real)} difference${real === 1 ? '' : 's'}`, real === 0 ? 'good' : 'warn']];
  if (expected > 0) line.push([` ${theme.marks.dot} ${grouped(expected)} expected`, 'dim']);
  if (spelled > 0) line.push([` ${theme.marks.dot} ${grouped(spelled)} in spelling only`, 'dim']);
  return line;
}
