import { cut, type Difference, type Differences } from './model.js';

/** Of two lines longer than that, the bytes around the first difference tell more. */
const LONG_LINE = 200;

/**
 * How two texts differ, by lines: between those that they begin and end with alike, each against the one in its place. Null
 * where that does not show it: they are no texts, only white space differs, or two long lines do.
 */
export function lineDifferences(before: Uint8Array, after: Uint8Array, most: number): Differences | null {
  const ones = linesOf(before);
  const others = ones === null ? null : linesOf(after);
  if (ones === null || others === null) return null;
  const shorter = Math.min(ones.length, others.length);
  let start = 0;
  while (start < shorter && ones[start] === others[start]) start++;
  let end = 0;
  while (end < shorter - start && ones[ones.length - 1 - end] === others[others.length - 1 - end]) end++;
  const list: Difference[] = [];
  let more = 0;
  const longest = Math.max(ones.length, others.length) - end;
  for (let at = start; at < longest; at++) {
    const one = at < ones.length - end ? (ones[at] ?? null) : null;
    const other = at < others.length - end ? (others[at] ?? null) : null;
    if (one === other) continue;
    if ((one ?? '').trim() === (other ?? '').trim()) return null;
    if (one !== null && other !== null && Math.min(one.length, other.length) > LONG_LINE) return null;
    if (list.length >= most) {
      more++;
      continue;
    }
    const kind = one === null ? 'added' : other === null ? 'removed' : 'changed';
    const [from, to] = [one, other].map((line) => (line === null ? null : cut(line)));
    list.push({ part: 'body', kind, path: `line ${at + 1}`, to: null, before: from ?? null, after: to ?? null, expected: null });
  }
  return { list, more };
}

/** Null: it is no text. An empty one has no lines, and what ends in a newline no further one. */
function linesOf(bytes: Uint8Array): string[] | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what no text has
    if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)) return null;
    return text === '' ? [] : text.split('\n');
  } catch {
    return null;
  }
}
