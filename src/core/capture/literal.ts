/** Replaces parts of what a JSON string says, and keeps how the rest of it is spelled. */
import { spellJsonString } from '../events/json-path.js';
import { utf8AsLatin1 } from '../events/json-tokens.js';

/** A part of a text (in UTF-16 units), and what stands there from now on. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * @param inside What stands between the quotes, bytes read as Latin-1.
 * @param replacements In order, and apart from each other.
 */
export function replaceInLiteral(inside: string, replacements: readonly Replacement[]): string {
  let result = '';
  let raw = 0;
  let unit = 0;
  /** Goes on to a place in the text, and gives the bytes up to there. */
  const upTo = (place: number): string => {
    const from = raw;
    while (unit < place && raw < inside.length) {
      const [bytes, units] = characterAt(inside, raw);
      raw += bytes;
      unit += units;
    }
    return inside.slice(from, raw);
  };
  for (const { start, end, text } of replacements) {
    result += upTo(start);
    upTo(end);
    result += utf8AsLatin1(spellJsonString(text).slice(1, -1));
  }
  return result + inside.slice(raw);
}

/** How many bytes a character takes, and how many UTF-16 units it is. */
function characterAt(inside: string, at: number): readonly [bytes: number, units: number] {
  const code = inside.charCodeAt(at);
  if (code === 0x5c) return [inside.charCodeAt(at + 1) === 0x75 ? 6 : 2, 1];
  if (code < 0xc0) return [1, 1];
  if (code < 0xe0) return [2, 1];
  return code < 0xf0 ? [3, 1] : [4, 2];
}
