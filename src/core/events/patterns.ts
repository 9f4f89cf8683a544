import { WebhookError } from '../errors.js';

/**
 * Reads event patterns such as `order.*,!order.updated`: parted by commas, `*` stands for any text (the empty one and dots
 * included), `!` excludes, and case counts. What one pattern includes and none excludes matches; where all of them exclude,
 * everything else matches. A delivery without an event (`null`) matches only `*`, or a list that only excludes.
 *
 * @throws WebhookError `usage` where there is no pattern at all, or one is empty.
 * @example eventMatcher('order.*,!order.updated')('order.created') // true
 */
export function eventMatcher(patterns: string): (event: string | null) => boolean {
  const included: string[] = [];
  const excluded: string[] = [];
  for (const part of patterns.split(',')) {
    const pattern = part.trim();
    const exclude = pattern.startsWith('!');
    const glob = exclude ? pattern.slice(1).trim() : pattern;
    if (glob === '') {
      throw new WebhookError(
        'usage',
        patterns.trim() === '' ? 'The event pattern is empty.' : `'${patterns}' holds an empty event pattern.`,
        {
          hint: "Write it like 'order.*' or 'order.*,!order.updated'.",
        },
      );
    }
    (exclude ? excluded : included).push(glob);
  }
  const matchesOne = (globs: readonly string[], event: string | null): boolean =>
    globs.some((glob) => (event === null ? /^\*+$/.test(glob) : globMatches(glob, event)));
  return (event) => (included.length === 0 || matchesOne(included, event)) && !matchesOne(excluded, event);
}

/**
 * Whether a glob stands for all of a text. The parts between stars are found from left to right, each where it first
 * occurs: a later place could not let more match, so there is nothing to go back for.
 */
function globMatches(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return text === first;
  const last = parts[parts.length - 1] ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
