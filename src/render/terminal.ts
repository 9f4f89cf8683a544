/**
 * What may reach a terminal, and how wide it stands there. Every text that came from outside (bodies, header values,
 * event names, paths, messages of other programs) passes {@link safe} or one of its two shorthands first.
 */
import { lazyPattern } from '../core/lazy-pattern.js';

/**
 * Everything that is obeyed instead of shown, or that lies about what is shown: C0, DEL and C1 controls (and so every
 * escape sequence), bidirectional overrides and isolates, zero-width and other format characters, tags, line and
 * paragraph separators, lone surrogates, and what fonts are told to ignore. U+FE0F only asks for an emoji's colours.
 */
const UNSAFE = lazyPattern(String.raw`(?!\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`, 'gu');
const PLAIN = /^[\x20-\x7e]*$/;
/**
 * All of it is safe: ASCII, the letters of Western and Central Europe, dashes, quotation marks and arrows. Told much sooner than
 * by the classes above.
 */
const SAFE = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u21ff]*$/;
const SAFE_LINES = /^[\n\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u21ff]*$/;

/** How newlines and tabs fare: shown as `\n` and `\t`, or kept as they are. */
export interface SafeOptions {
  readonly newlines?: 'show' | 'keep';
  readonly tabs?: 'show' | 'keep' | 'expand';
}

/**
 * Makes a text safe to print: whatever a terminal would obey, or hide, is written out as `\x1b` or `\u202e`.
 *
 * @example safe('\x1b[2Jgone') // '\\x1b[2Jgone'
 */
export function safe(text: string, options: SafeOptions = {}): string {
  if (SAFE.test(text)) return text;
  return text.replace(UNSAFE(), (character) => {
    if (character === '\n') return options.newlines === 'keep' ? '\n' : '\\n';
    if (character === '\t') return options.tabs === 'keep' ? '\t' : options.tabs === 'expand' ? '    ' : '\\t';
    if (character === '\r') return '\\r';
    return spelled(character);
  });
}

/** {@link safe} for a text that must stay on one line. */
export function safeLine(text: string): string {
  return safe(text);
}

/** {@link safe} for a text of several lines: newlines stay, a tab becomes four spaces. */
export function safeBlock(text: string): string {
  return safe(text, { newlines: 'keep', tabs: 'expand' });
}

/**
 * The same for JSON text: unsafe characters become JSON's own escapes, so that it still says the same to a program.
 * Newlines stay: they stand between values only.
 */
export function safeJson(json: string): string {
  if (isAscii(json) || SAFE_LINES.test(json)) return json;
  return json.replace(UNSAFE(), (character) => {
    if (character === '\n') return character;
    let escapes = '';
    for (let i = 0; i < character.length; i++) escapes += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return escapes;
  });
}

/** Of JSON text, which has no control characters but DEL; told sooner than by a pattern. */
function isAscii(json: string): boolean {
  return Buffer.byteLength(json) === json.length && !json.includes('\x7f');
}

/** For terminals without Unicode: everything outside ASCII is written out. */
export function asciiOnly(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, spelled);
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

const MARK = lazyPattern(String.raw`^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$`, 'u');
const EMOJI = lazyPattern(String.raw`^\p{Emoji_Presentation}$`, 'u');
const PICTOGRAPH = lazyPattern(String.raw`^\p{Extended_Pictographic}$`, 'u');
const EMOJI_STYLE = 0xfe0f;

/** East Asian Wide and Fullwidth ranges that are not emoji (Unicode TR 11). */
const WIDE: ReadonlyArray<readonly [from: number, to: number]> = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

function characterWidth(character: string, before: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : 1;
  // Asking for the emoji form makes a narrow symbol wide; half of a flag is one column, a skin tone adds none.
  if (code === EMOJI_STYLE) return PICTOGRAPH().test(before) && !EMOJI().test(before) ? 1 : 0;
  if (code >= 0x1f3fb && code <= 0x1f3ff && PICTOGRAPH().test(before)) return 0;
  let width = known.get(code);
  if (width === undefined) {
    width = ownWidth(character, code);
    if (known.size < MOST_KNOWN) known.set(code, width);
  }
  return width;
}

/** Looking a character up takes some microseconds, and texts use the same ones again and again: first of all our own marks. */
const known = new Map<number, number>(Array.from('✓✗○→←…–↻’', (mark) => [mark.codePointAt(0) ?? 0, 1]));
const MOST_KNOWN = 5_000;

function ownWidth(character: string, code: number): number {
  if (MARK().test(character)) return 0;
  if (code >= 0x1f1e6 && code <= 0x1f1ff) return 1;
  if (EMOJI().test(character)) return 2;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** How many columns a (safe, uncoloured) text takes. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let total = 0;
  let before = '';
  for (const character of text) {
    total += characterWidth(character, before);
    before = character;
  }
  return total;
}

/** The longest start of a text that fits into so many columns, and the rest. A mark stays with its letter. */
export function splitAtWidth(text: string, width: number): readonly [fits: string, rest: string] {
  // No more is looked at than what may fit: a long text is cut into very many lines.
  if (PLAIN.test(text.slice(0, width + 1))) return [text.slice(0, width), text.slice(width)];
  let total = 0;
  let end = 0;
  let before = '';
  for (const character of text) {
    total += characterWidth(character, before);
    if (total > width) break;
    end += character.length;
    before = character;
  }
  return [text.slice(0, end), text.slice(end)];
}

/** Cuts a text to so many columns, an ellipsis in place of what went. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
  if (displayWidth(text) <= width) return text;
  const room = width - displayWidth(ellipsis);
  return room < 0 ? splitAtWidth(text, width)[0] : splitAtWidth(text, room)[0] + ellipsis;
}

/** Fills a text up with spaces to so many columns; one that is wider stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const missing = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + missing : missing + text;
}

/** A command that is to be copied stays on one line, as far as its name goes: `webhook tunnels`. */
const BETWEEN_WORDS = /(?<!(?:^|\s)webhook) /;

/** Breaks a text at spaces into lines of at most `width` columns; a word that is wider than that is cut. */
export function wrapWords(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (let word of paragraph.split(BETWEEN_WORDS)) {
      const joined = line === '' ? word : `${line} ${word}`;
      if (splitAtWidth(joined, room)[1] === '') {
        line = joined;
        continue;
      }
      if (line !== '') lines.push(line);
      for (let [start, rest] = splitAtWidth(word, room); rest !== ''; [start, rest] = splitAtWidth(word, room)) {
        // A single character may be wider than the room; it goes out alone.
        const taken = start === '' ? (Array.from(word)[0] ?? '') : start;
        lines.push(taken);
        word = start === '' ? word.slice(taken.length) : rest;
      }
      line = word;
    }
    lines.push(line);
  }
  return lines;
}
