/** Values that were found private, wherever else they stand. */
import type { Sensitive } from './sensitive.js';

export interface KnownMatch {
  readonly start: number;
  readonly end: number;
  /** As it was found first. */
  readonly value: string;
  readonly kind: Sensitive;
}

interface Known {
  readonly value: string;
  /** In lower case. */
  readonly folded: string;
  readonly kind: Sensitive;
  /** Where its first word stands in it. */
  readonly offset: number;
}

const WORD = /[\p{L}\p{N}]+/gu;
const LAST_IS_WORD = /[\p{L}\p{N}]$/u;
const FIRST_IS_WORD = /^[\p{L}\p{N}]/u;

/** Shorter ones are everywhere (`12`, `NL`) and say nothing. */
const SHORTEST = 3;
const SHORTEST_NUMBER = 6;
const SHORTEST_SECRET = 8;

/**
 * A collection of values that finds them again in any text, as whole words and whatever their case. Finding takes time by the
 * length of the text, not by the number of values.
 */
export class KnownValues {
  readonly #byWord = new Map<string, Known[]>();
  readonly #kinds = new Map<string, Sensitive>();

  /** Whether a value says enough to be looked for elsewhere. */
  static isTelling(value: string, kind: Sensitive): boolean {
    return value.length >= (kind === 'secret' ? SHORTEST_SECRET : /^[\d .,-]*$/.test(value) ? SHORTEST_NUMBER : SHORTEST);
  }

  /** Adds a value, if it is one that tells something wherever it stands. */
  add(value: string, kind: Sensitive): void {
    const folded = value.toLowerCase();
    if (!KnownValues.isTelling(value, kind) || this.#kinds.has(folded)) return;
    const [first] = folded.matchAll(WORD);
    if (first === undefined) return;
    this.#kinds.set(folded, kind);
    const known: Known = { value, folded, kind, offset: first.index };
    const others = this.#byWord.get(first[0]);
    if (others === undefined) this.#byWord.set(first[0], [known]);
    else {
      others.push(known);
      others.sort((a, b) => b.folded.length - a.folded.length);
    }
  }

  find(text: string): KnownMatch[] {
    if (this.#byWord.size === 0) return [];
    const lower = text.toLowerCase();
    // A few letters change their length with their case, and then places would not be the same.
    const folded = lower.length === text.length ? lower : text;
    const found: KnownMatch[] = [];
    for (const word of folded.matchAll(WORD)) {
      for (const { value, folded: wanted, kind, offset } of this.#byWord.get(word[0]) ?? []) {
        const start = word.index - offset;
        const end = start + wanted.length;
        if (start < 0 || !folded.startsWith(wanted, start) || !isWhole(folded, start, end)) continue;
        found.push({ start, end, value, kind });
        break;
      }
    }
    return found;
  }
}

function isWhole(text: string, start: number, end: number): boolean {
  const inside = text.slice(start, end);
  const before = FIRST_IS_WORD.test(inside) && LAST_IS_WORD.test(text.slice(Math.max(0, start - 2), start));
  const after = LAST_IS_WORD.test(inside) && FIRST_IS_WORD.test(text.slice(end, end + 2));
  return !before && !after;
}
