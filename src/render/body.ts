import { WebhookError } from '../core/errors.js';
import { type JsonLine, type JsonPart, prettyJsonLines } from '../core/events/json-pretty.js';
import type { HeaderList } from '../core/http/headers.js';
import { formatSize, grouped } from '../core/units.js';
import { type Content, readContent } from './content.js';
import { foldLine, type Line, type Span } from './layout.js';
import { displayWidth, pad, safeLine, truncate } from './terminal.js';
import type { Marks, Style } from './theme.js';

/** How much of a body is shown, and how. */
export interface BodyView {
  /** Columns it is folded to. */
  readonly width: number;
  /** Rows it may take. */
  readonly maxRows: number;
  /** The command that shows all of it; null where there is none. */
  readonly more: string | null;
  readonly marks: Marks;
  /** Takes out what is not for people to see. */
  hide?(body: Uint8Array): Uint8Array;
}

export interface BodyText {
  /** One line about it: `application/json · 1.4 kB`. */
  readonly about: Line;
  readonly lines: readonly Line[];
  /** True where that line says what the text itself does not. */
  readonly remarkable: boolean;
}

/** One line of the source takes at most so many rows; a picture in base64 would take hundreds. */
const MOST_ROWS_A_LINE = 4;
const MOST_CHARACTERS_A_LINE = 2_000;
const HEX_ROWS = 8;
const MOST_PAIRS = 500;
/** Larger JSON is read only as far as it is shown, so its lines are not counted. */
const MOST_COUNTED = 256_000;

/** A body for a person: JSON pretty and highlighted, forms as a list, text as it is, anything else as a hex dump. */
export function bodyText(headers: HeaderList, body: Uint8Array, view: BodyView): BodyText {
  const content = readContent(headers, body, view.marks.arrow, view.hide);
  const rows = new Rows(view);
  let problem: string | null = null;
  if (content.kind === 'empty') return { about: [['empty body', 'dim']], lines: [], remarkable: true };
  if (content.kind === 'json') problem = addJson(content.bytes, rows);
  else if (content.kind === 'form') addForm(content.text, rows);
  else if (content.kind === 'binary') addHex(content.bytes, rows);
  if (content.kind === 'text' || problem !== null) addText(content, rows);
  const about: Span[] = [[content.notes.map(safeLine).join(` ${view.marks.dot} `), 'dim']];
  if (problem !== null) about.push([` ${view.marks.dot} `, 'dim'], [safeLine(problem), 'warn']);
  return { about, lines: rows.finish(), remarkable: content.remarkable || problem !== null };
}

/** Collects rows up to the height that was asked for, and counts what did not fit. */
class Rows {
  readonly view: BodyView;
  readonly lines: Line[] = [];
  #hidden = 0;
  #endless = false;

  constructor(view: BodyView) {
    this.view = view;
  }

  get full(): boolean {
    return this.lines.length >= this.view.maxRows;
  }

  /** Adds a line as it came, not yet safe: it is made so here, after what is too long has been cut. */
  add(line: Line, hanging: number): void {
    if (this.full) {
      this.#hidden++;
      return;
    }
    const { width, marks } = this.view;
    const length = line.reduce((total, [text]) => total + text.length, 0);
    const most = Math.min(MOST_CHARACTERS_A_LINE, Math.max(8, width * MOST_ROWS_A_LINE - hanging * (MOST_ROWS_A_LINE - 1)));
    if (length <= most) {
      this.lines.push(...foldLine(line.map(safeSpan), width, hanging));
      return;
    }
    const room = Math.max(8, most - 28);
    const kept: Span[] = [];
    let used = 0;
    for (const [text, style] of line) {
      const part = cutCharacters(text, room - used);
      used += part.length;
      kept.push(safeSpan(spanOf(part, style)));
      if (part.length < text.length) break;
    }
    const note: Span = [` ${marks.ellipsis} ${grouped(length - used)} more characters`, 'dim'];
    this.lines.push(...foldLine([...kept, note], width, hanging));
  }

  /** A line that is laid out already. */
  put(line: Line): void {
    if (this.full) this.#hidden++;
    else this.lines.push(line);
  }

  hide(lines: number): void {
    this.#hidden += lines;
  }

  hideRest(): void {
    this.#endless = true;
  }

  finish(): readonly Line[] {
    const { marks, more } = this.view;
    // One row more costs no more than the line that would tell of it.
    const over = this.lines.length - this.view.maxRows;
    if (over > 1) {
      this.lines.length = this.view.maxRows;
      this.#hidden += over;
    }
    if (this.#hidden === 0 && !this.#endless) return this.lines;
    const count =
      this.#hidden === 0 || this.#endless ? 'more' : `${grouped(this.#hidden)} more line${this.#hidden === 1 ? '' : 's'}`;
    return [...this.lines, [[`${marks.ellipsis} ${count}${more === null ? '' : ` (${safeLine(more)})`}`, 'dim']]];
  }
}

const JSON_STYLES: Readonly<Record<JsonPart['kind'], Style>> = {
  key: 'key',
  string: 'string',
  number: 'number',
  literal: 'literal',
  punctuation: 'dim',
};

/** Gives what is wrong with the JSON, and then adds nothing; null where it has been added. */
function addJson(bytes: Uint8Array, rows: Rows): string | null {
  const shown: JsonLine[] = [];
  let hidden = 0;
  let endless = false;
  try {
    for (const line of prettyJsonLines(bytes)) {
      if (shown.length <= rows.view.maxRows) shown.push(line);
      else if (bytes.length <= MOST_COUNTED) hidden++;
      else {
        endless = true;
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    return error.message.replace(/^This is not JSON:/, 'not valid JSON:').replace(/\.$/, '');
  }
  for (const { indent, parts } of shown) {
    const spans = parts.map(({ kind, text }): Span => [text, JSON_STYLES[kind]]);
    rows.add(indent === 0 ? spans : [[' '.repeat(indent)], ...spans], indent + 4);
  }
  rows.hide(hidden);
  if (endless) rows.hideRest();
  return null;
}

function addForm(text: string, rows: Rows): void {
  const pairs = text.split('&', MOST_PAIRS + 1).map((pair): readonly [key: string, value: string] => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [unescaped(pair), ''] : [unescaped(pair.slice(0, equals)), unescaped(pair.slice(equals + 1))];
  });
  const { ellipsis } = rows.view.marks;
  const keys = pairs.slice(0, MOST_PAIRS).map(([key]) => truncate(safeLine(key), 24, ellipsis));
  const column = keys.reduce((widest, key) => Math.max(widest, displayWidth(key)), 0);
  keys.forEach((key, index) => {
    rows.add([[pad(key, column), 'key'], ['  '], [pairs[index]?.[1] ?? '']], column + 2);
  });
  if (pairs.length > MOST_PAIRS) rows.hideRest();
}

function unescaped(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function addText(content: Content, rows: Rows): void {
  const { text } = content;
  let from = 0;
  let lines = 0;
  while (from <= text.length && !rows.full) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    // A text that ends in a newline has no further, empty line.
    if (from < text.length || lines === 0) rows.add([[expandTabs(text.slice(from, end))]], 0);
    lines++;
    from = end + 1;
  }
  if (from < text.length) rows.hide(countLines(text, from));
}

function countLines(text: string, from: number): number {
  let count = 0;
  let at = from;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    count++;
    if (newline < 0) break;
    at = newline + 1;
  }
  return count;
}

function addHex(bytes: Uint8Array, rows: Rows): void {
  const { width } = rows.view;
  const perRow = width >= 74 ? 16 : width >= 40 ? 8 : 4;
  for (let at = 0; at < bytes.length && at < perRow * HEX_ROWS; at += perRow) {
    const row = bytes.subarray(at, at + perRow);
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = Array.from(row, (byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    rows.put([[at.toString(16).padStart(4, '0'), 'dim'], [`  ${pad(hex, perRow * 3 - 1)}  `], [text, 'string']]);
  }
  const rest = bytes.length - perRow * HEX_ROWS;
  if (rest > 0) {
    const { marks, more } = rows.view;
    rows.put([[`${marks.ellipsis} ${formatSize(rest)} more${more === null ? '' : ` (${more})`}`, 'dim']]);
  }
}

function expandTabs(text: string): string {
  return text.replaceAll('\t', '    ');
}

function safeSpan([text, style]: Span): Span {
  return spanOf(safeLine(text), style);
}

function spanOf(text: string, style: Style | undefined): Span {
  return style === undefined ? [text] : [text, style];
}

/** The first characters of a text, no surrogate pair cut in two. */
function cutCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  const last = text.charCodeAt(count - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? count - 1 : count);
}
