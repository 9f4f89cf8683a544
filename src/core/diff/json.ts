/** Compares JSON documents by what they mean. */
import { type Alignment, alignItems } from './items.js';
import type { DifferenceKind } from './model.js';
import type { JsonTape } from './tape.js';

/** A difference by the values it is about; -1: there is none on that side. */
export interface JsonDifference {
  readonly kind: DifferenceKind;
  readonly before: number;
  readonly after: number;
}

/**
 * The differences between two documents, in the order of the first. Members are told apart by their keys, items by what they
 * are; so that an item which was put before others changes none of them. The work is linear in the size of both, but for the
 * sorting of items that were moved.
 */
export function jsonDifferences(before: JsonTape, after: JsonTape): JsonDifference[] {
  const found: Found[] = [];
  /** Pairs that are still to be compared, and whether it is known that they mean the same. */
  const pairs: Array<readonly [before: number, after: number, alike: boolean]> = [[0, 0, false]];
  const removed: Found[] = [];
  const added: Found[] = [];
  const report = (kind: DifferenceKind, a: number, b: number, at: number): Found => {
    const difference = { kind, before: a, after: b, at };
    found.push(difference);
    return difference;
  };

  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b, known] = pair;
    let alike = known;
    if (!alike && before.isAlike(a, after, b)) {
      if (before.raw(a) === after.raw(b)) continue;
      alike = true;
    }
    const isObject = before.isObject(a) && after.isObject(b);
    if (!isObject && !(before.isArray(a) && after.isArray(b))) {
      if (before.raw(a) !== after.raw(b)) report(alike ? 'spelled' : 'changed', a, b, before.start(a));
      continue;
    }
    const children = isObject ? pairMembers(before, a, after, b) : alignItems(before, a, after, b);
    for (const [one, other] of children.pairs) pairs.push([one, other, alike]);
    // Where it was all along, what is new stands at the end.
    for (const one of children.removed) removed.push(report('removed', one, -1, before.start(one)));
    for (const one of children.added) added.push(report('added', -1, one, before.end(a)));
    for (const [one, other] of children.moved) report('moved', one, other, before.start(one));
    if (children.reordered) report('order', a, b, before.start(a));
  }

  joinMoved(before, removed, after, added);
  found.sort((x, y) => x.at - y.at);
  return found.flatMap(({ kind, before: a, after: b }) => (kind === null ? [] : [{ kind, before: a, after: b }]));
}

interface Found {
  /** Null: it is told as a part of another. */
  kind: DifferenceKind | null;
  before: number;
  after: number;
  /** Where it is told. */
  readonly at: number;
}

function pairMembers(before: JsonTape, a: number, after: JsonTape, b: number): Alignment {
  const pairs: Array<readonly [number, number]> = [];
  const removed: number[] = [];
  let one = a + 1;
  let other = b + 1;
  const end = before.next(a);
  const otherEnd = after.next(b);
  // Mostly they stand in the same order.
  while (one < end && other < otherEnd && before.rawKey(one) === after.rawKey(other)) {
    pairs.push([one, other]);
    one = before.next(one);
    other = after.next(other);
  }
  /** A key may stand several times: the first belongs to the first, and so on. */
  const left = new Map<string, number[]>();
  for (; other < otherEnd; other = after.next(other)) {
    const key = after.key(other);
    const same = left.get(key);
    if (same === undefined) left.set(key, [other]);
    else same.push(other);
  }
  for (const same of left.values()) same.reverse();
  let last = -1;
  let reordered = false;
  for (; one < end; one = before.next(one)) {
    const partner = left.get(before.key(one))?.pop();
    if (partner === undefined) {
      removed.push(one);
      continue;
    }
    pairs.push([one, partner]);
    if (partner < last) reordered = true;
    last = partner;
  }
  return { pairs, removed, added: [...left.values()].flatMap((same) => same.reverse()), moved: [], reordered };
}

/** What was taken away in one place and stands in another was moved, where it is clear which is which. */
function joinMoved(before: JsonTape, removed: readonly Found[], after: JsonTape, added: readonly Found[]): void {
  const byHash = new Map<number, Found | null>();
  for (const one of added) {
    if (!isTelling(after, one.after)) continue;
    const hash = after.hash(one.after);
    byHash.set(hash, byHash.has(hash) ? null : one);
  }
  const partners = new Map<Found, Found | null>();
  for (const one of removed) {
    const other = isTelling(before, one.before) ? byHash.get(before.hash(one.before)) : null;
    if (other == null || !before.isAlike(one.before, after, other.after)) continue;
    partners.set(other, partners.has(other) ? null : one);
  }
  for (const [other, one] of partners) {
    if (one === null) continue;
    one.kind = 'moved';
    one.after = other.after;
    other.kind = null;
  }
}

/** Whether a value says enough to be known again: `true`, `0` and `""` are everywhere. */
function isTelling(tape: JsonTape, value: number): boolean {
  const length = tape.end(value) - tape.start(value);
  if (tape.isContainer(value)) return tape.next(value) > value + 1;
  return length > 2 && !(length < 6 && /^[tfn]/.test(tape.raw(value)));
}
