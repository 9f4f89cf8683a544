/**
 * Reads one value of a large JSON text without parsing all of it: ids and event names stand near the start, and what comes after
 * may be megabytes.
 */
import { keysOf } from './json-pointer.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The string, number (by its own digits) or boolean at a JSON Pointer through objects, as text. Null where it was not found so:
 * nothing is said then of whether it is there. What stands behind it is not looked at.
 *
 * @param json UTF-8. Of a member that stands twice the first one counts.
 */
export function glance(json: Buffer, pointer: string): string | null {
  if (!pointer.startsWith('/')) return null;
  let at = skipSpace(json, 0);
  for (const key of keysOf(pointer)) {
    at = findMember(json, at, key);
    if (at < 0) return null;
  }
  if (json[at] === QUOTE) {
    const end = endOfString(json, at);
    return end < 0 ? null : textOf(json, at, end);
  }
  const literal = /^(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[\s,}])/.exec(
    json.toString('latin1', at, at + 64),
  );
  return literal === null ? null : literal[0];
}

/** Where the value of a member begins, of the object that begins at `start`; -1 where there is none. */
function findMember(json: Buffer, start: number, key: string): number {
  if (json[start] !== OPEN_BRACE) return -1;
  let at = skipSpace(json, start + 1);
  while (json[at] === QUOTE) {
    const end = endOfString(json, at);
    if (end < 0) return -1;
    const name = textOf(json, at, end);
    at = skipSpace(json, end);
    if (json[at] !== COLON) return -1;
    at = skipSpace(json, at + 1);
    if (name === key) return at;
    at = skipSpace(json, endOfValue(json, at));
    if (json[at] !== COMMA) return -1;
    at = skipSpace(json, at + 1);
  }
  return -1;
}

function skipSpace(json: Buffer, start: number): number {
  let at = start;
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at++;
  return at;
}

/** Behind the closing quote; -1 where there is none. */
function endOfString(json: Buffer, start: number): number {
  for (let end = json.indexOf(QUOTE, start + 1); end >= 0; end = json.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return -1;
}

/** Behind a value; at the end of the text where that comes first. */
function endOfValue(json: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) {
      const end = endOfString(json, at);
      if (end < 0) return json.length;
      at = end - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    else if (byte === COMMA && depth === 0) return at;
    if (depth < 0) return at;
  }
  return json.length;
}

/** A string's text; null where it is not one after all. */
function textOf(json: Buffer, start: number, end: number): string | null {
  const text = json.toString('utf8', start, end);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
