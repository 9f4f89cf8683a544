/** Compares lists of names and values: headers, and the fields of a form. */
import { cut, type Difference } from './model.js';

export type Fields = ReadonlyArray<readonly [name: string, value: string]>;

/**
 * The differences between two lists. Of a name that stands several times the first belongs to the first, and so on.
 *
 * @param isHeader The case of names means nothing, and is told apart from it.
 */
export function fieldDifferences(before: Fields, after: Fields, part: Difference['part'], isHeader: boolean): Difference[] {
  const keyOf = (name: string): string => (isHeader ? name.toLowerCase() : name);
  const left = new Map<string, number[]>();
  after.forEach(([name], index) => {
    const key = keyOf(name);
    const same = left.get(key);
    if (same === undefined) left.set(key, [index]);
    else same.push(index);
  });
  for (const same of left.values()) same.reverse();
  const found: Difference[] = [];
  const add = (kind: Difference['kind'], path: string, one: string | null, other: string | null): void => {
    const texts = { before: one === null ? null : cut(one), after: other === null ? null : cut(other) };
    found.push({ part, kind, path, to: null, ...texts, expected: null });
  };
  let last = -1;
  let reordered = false;
  for (const [name, value] of before) {
    const index = left.get(keyOf(name))?.pop();
    const partner = index === undefined ? undefined : after[index];
    if (index === undefined || partner === undefined) {
      add('removed', name, value, null);
      continue;
    }
    if (index < last) reordered = true;
    last = index;
    if (partner[0] !== name) add('spelled', name, name, partner[0]);
    if (partner[1] !== value) add('changed', name, value, partner[1]);
  }
  const rest = [...left.values()].flat().sort((i, j) => i - j);
  for (const index of rest) {
    const [name, value] = after[index] as Fields[number];
    add('added', name, null, value);
  }
  if (reordered) add('order', '', null, null);
  return found;
}
