import type { JsonTape } from './tape.js';

/** How the members or items of two containers belong together. */
export interface Alignment {
  readonly pairs: ReadonlyArray<readonly [before: number, after: number]>;
  readonly removed: readonly number[];
  readonly added: readonly number[];
  /** Pairs that stand in another order among the others. */
  readonly moved: ReadonlyArray<readonly [before: number, after: number]>;
  /** The order of members, which means nothing, is another. */
  readonly reordered: boolean;
}

/** What items are called by, where they are called by anything; the first that one has counts. */
const NAMES = ['id', 'uuid', 'key', 'sku', 'code', 'number', 'name'];

/**
 * Which items of two arrays belong together: those that mean the same, then those that are called the same (`id`), then, between
 * them, those that stand in the same place.
 */
export function alignItems(before: JsonTape, a: number, after: JsonTape, b: number): Alignment {
  const ones = before.children(a);
  const others = after.children(b);
  const pairs: Array<readonly [number, number]> = [];
  const alike = (i: number, j: number): boolean => before.isAlike(ones[i] as number, after, others[j] as number);
  let start = 0;
  while (start < ones.length && start < others.length && alike(start, start)) {
    pairs.push([ones[start] as number, others[start] as number]);
    start++;
  }
  let end = ones.length;
  let otherEnd = others.length;
  while (end > start && otherEnd > start && alike(end - 1, otherEnd - 1)) {
    end--;
    otherEnd--;
    pairs.push([ones[end] as number, others[otherEnd] as number]);
  }
  // What differs is mostly a single item, or only on one side.
  if (end - start <= 1 && otherEnd - start <= 1) {
    const one = ones.slice(start, end);
    const other = others.slice(start, otherEnd);
    if (one.length === 1 && other.length === 1) pairs.push([one[0] as number, other[0] as number]);
    const alone = one.length !== other.length;
    return { pairs, removed: alone ? one : [], added: alone ? other : [], moved: [], reordered: false };
  }
  /** Of each item of the first, in between, where its partner stands. */
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  const match = (keyOf: (tape: JsonTape, value: number) => string | number | null, fits: typeof alike): void => {
    const places = new Map<string | number, number[]>();
    for (let j = otherEnd - 1; j >= start; j--) {
      const key = taken.has(j) ? null : keyOf(after, others[j] as number);
      if (key === null) continue;
      const same = places.get(key);
      if (same === undefined) places.set(key, [j]);
      else same.push(j);
    }
    for (let i = start; i < end; i++) {
      const key = partner.has(i) ? null : keyOf(before, ones[i] as number);
      const same = key === null ? undefined : places.get(key);
      const j = same?.[same.length - 1];
      if (j === undefined || !fits(i, j)) continue;
      same?.pop();
      partner.set(i, j);
      taken.add(j);
    }
  };
  match((tape, value) => tape.hash(value), alike);
  match(nameOf, () => true);

  const matched = [...partner].sort(([i], [k]) => i - k);
  const inOrder = longestRise(matched.map(([, j]) => j));
  const moved = matched.flatMap(([i, j], index) =>
    inOrder.has(index) ? [] : [[ones[i] as number, others[j] as number] as const],
  );
  for (const [i, j] of matched) pairs.push([ones[i] as number, others[j] as number]);

  const removed: number[] = [];
  const added: number[] = [];
  // Between two that stayed, what is left belongs together by its place.
  let from = start;
  let otherFrom = start;
  const closeGap = (until: number, otherUntil: number): void => {
    const gap: number[] = [];
    for (let i = from; i < until; i++) if (!partner.has(i)) gap.push(ones[i] as number);
    let at = 0;
    for (let j = otherFrom; j < otherUntil; j++) {
      if (taken.has(j)) continue;
      const one = gap[at++];
      if (one === undefined) added.push(others[j] as number);
      else pairs.push([one, others[j] as number]);
    }
    removed.push(...gap.slice(at));
    from = until + 1;
    otherFrom = otherUntil + 1;
  };
  matched.forEach(([i, j], index) => {
    if (inOrder.has(index)) closeGap(i, j);
  });
  closeGap(end, otherEnd);
  return { pairs, removed, added, moved, reordered: false };
}

/** What an item is called by: the text of its first member that names it; null where none does. */
function nameOf(tape: JsonTape, item: number): string | null {
  if (!tape.isObject(item)) return null;
  let best: { rank: number; text: string } | null = null;
  const end = tape.next(item);
  for (let member = item + 1; member < end; member = tape.next(member)) {
    const rank = NAMES.indexOf(tape.rawKey(member));
    if (rank < 0 || tape.isContainer(member) || (best !== null && best.rank <= rank)) continue;
    best = { rank, text: `${NAMES[rank]}:${tape.raw(member)}` };
  }
  return best?.text ?? null;
}

/** The places of a longest rising row of numbers, none of which stands twice. */
function longestRise(numbers: readonly number[]): Set<number> {
  /** Where the smallest number stands that ends a row of that length. */
  const ends: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] as number] as number) < number) low = middle + 1;
      else high = middle;
    }
    previous[at] = low === 0 ? -1 : (ends[low - 1] as number);
    ends[low] = at;
  });
  const row = new Set<number>();
  for (let at = ends[ends.length - 1] ?? -1; at >= 0; at = previous[at] as number) row.add(at);
  return row;
}
