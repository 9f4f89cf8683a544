import { WebhookError } from '../errors.js';
import { type JsonPath, parsePath } from './json-path.js';

/** The names and indexes from the root on; `*` stands for any one of them. */
export type PathPattern = readonly string[];

/**
 * Reads a path as {@link parsePath} does, in which `*` may stand for a key and `[*]` for an index.
 *
 * @throws WebhookError `usage` where it is none.
 * @example parsePattern('data.items[*].id') // ['data', 'items', '*', 'id']
 */
export function parsePattern(text: string): PathPattern {
  if (text === '') throw new WebhookError('usage', 'The path is empty.', { hint: 'Write it like data.order.id or items[*].id.' });
  const plain = text.startsWith('/') ? text : text.replaceAll('[*]', '.*').replace(/^\./, '');
  return parsePath(plain).map((segment) => segment.text);
}

/** True for the value the pattern names and for all that it holds. */
export function isUnder(path: JsonPath, pattern: PathPattern): boolean {
  return pattern.length <= path.length && pattern.every((name, index) => name === '*' || name === path[index]?.text);
}
