/** Lays JSON out in lines for reading. White space is all that changes: numbers, strings and keys keep their spelling. */
import { WebhookError } from '../errors.js';
import { JsonReader, latin1Of, utf8Of } from './json-tokens.js';

/** A piece of a line; `punctuation` has its white space with it (`: `). */
export interface JsonPart {
  readonly kind: 'key' | 'string' | 'number' | 'literal' | 'punctuation';
  /** As it stands in the document, read as UTF-8. It is not safe for a terminal yet. */
  readonly text: string;
}

/** One line: so many spaces, then the parts. */
export interface JsonLine {
  readonly indent: number;
  readonly parts: readonly JsonPart[];
}

/** Beyond it lines stand no further to the right, so that a deep document does not become gigabytes of spaces. */
const DEEPEST_INDENT = 50;

/**
 * The lines of a JSON document, one member or item a line, read only as far as they are asked for: whoever stops after 40
 * lines of 25 MB pays for 40 lines.
 *
 * @param indent Spaces a level.
 * @throws WebhookError `edit_failed` at the line where the bytes turn out not to be JSON.
 */
export function* prettyJsonLines(bytes: Uint8Array, indent = 2): Generator<JsonLine, void, undefined> {
  const text = latin1Of(bytes);
  const reader = new JsonReader(text);
  let parts: JsonPart[] = [];
  let level = 0;
  let opened = false;
  while (reader.next()) {
    const { kind } = reader;
    const closes = kind === '}' || kind === ']';
    const opens = kind === '{' || kind === '[';
    // An empty object or array stays on its line.
    const breaks = closes ? !opened : opened;
    if (breaks) {
      yield { indent: indentOf(level, indent), parts };
      parts = [];
    }
    if (parts.length === 0) level = opens ? reader.depth - 1 : reader.depth;
    const word = utf8Of(text.slice(reader.start, reader.end));
    if (opens || closes || kind === ',') parts.push({ kind: 'punctuation', text: word });
    else if (kind === ':') parts.push({ kind: 'punctuation', text: ': ' });
    else parts.push({ kind, text: word });
    opened = opens;
    if (kind === ',') {
      yield { indent: indentOf(level, indent), parts };
      parts = [];
    }
  }
  yield { indent: indentOf(level, indent), parts };
}

function indentOf(level: number, indent: number): number {
  return Math.min(level, DEEPEST_INDENT) * indent;
}

/**
 * JSON as indented lines with every spelling kept; null where the bytes are not JSON. With `maxLines` it reads no further
 * than that many lines, so that what comes after them is not checked.
 *
 * @example prettyJson(Buffer.from('{"total":499.00}')) // ['{', '  "total": 499.00', '}']
 */
export function prettyJson(bytes: Uint8Array, indent = 2, maxLines: number = Number.POSITIVE_INFINITY): string[] | null {
  const lines: string[] = [];
  if (maxLines <= 0) return lines;
  try {
    for (const line of prettyJsonLines(bytes, indent)) {
      lines.push(' '.repeat(line.indent) + line.parts.map((part) => part.text).join(''));
      if (lines.length >= maxLines) break;
    }
  } catch (error) {
    if (error instanceof WebhookError) return null;
    throw error;
  }
  return lines;
}
