/**
 * Leaves out, at little cost, the providers that a request cannot be from. Most are told by the name of one header, or by one key of
 * the body: they are looked at only where that is there.
 */
import { unescapePointer } from '../events/json-pointer.js';
import { couldBe } from './detect.js';
import type { Outline } from './outline.js';
import type { RequestReader } from './read.js';

/** Those whose request it can be, in their order. */
export type Sieve = (reader: RequestReader) => readonly Outline[];

export function createSieve(outlines: readonly Outline[]): Sieve {
  const byHeader = new Map<string, number[]>();
  const byKey = new Map<string, number[]>();
  const always: number[] = [];
  const gates = outlines.map(gatesOf);
  const shared = (key: string): number => gates.filter(({ keys }) => keys.includes(key)).length;
  gates.forEach(({ headers, keys }, index) => {
    for (const name of headers) add(byHeader, name.toLowerCase(), index);
    // Of several keys, the one that the fewest others have: very many bodies have a `type` and an `id`.
    const [rarest] = [...keys].sort((a, b) => shared(a) - shared(b));
    if (rarest !== undefined) add(byKey, rarest, index);
    else if (headers.length === 0) always.push(index);
  });
  // As the keys of an object, V8 finds them in another one without comparing texts.
  const keyed = Object.entries(Object.fromEntries(byKey));
  return (reader) => {
    const met = new Set(always);
    for (const name of reader.headerNames()) for (const index of byHeader.get(name) ?? NONE) met.add(index);
    const { json } = reader;
    if (typeof json === 'object' && json !== null) {
      for (const [key, indexes] of keyed) if (Object.hasOwn(json, key)) for (const index of indexes) met.add(index);
    }
    const order = [...met].sort((a, b) => a - b);
    return order.flatMap((index) => outlines[index] ?? []).filter((outline) => couldBe(outline, reader));
  };
}

const NONE: readonly number[] = [];

/** Without any of either, it can be every request. */
interface Gates {
  /** One of these is there, or it is not this provider's. */
  readonly headers: readonly string[];
  /** The body is JSON and has all of these at the top, or it is not this provider's. */
  readonly keys: readonly string[];
}

function gatesOf({ clues, at, hasUnsigned }: Outline): Gates {
  const [needed] = clues.headers ?? [];
  if (needed !== undefined) return { headers: [needed], keys: [] };
  const places = Object.keys(clues.values ?? {});
  const keys = places.flatMap((place) => /^body:\/([^/]+)/.exec(place)?.[1] ?? []).map(unescapePointer);
  // Clues in the body suffice, whether it is signed or not.
  if (places.length > 0 || !at.every((place) => place.startsWith('header:'))) return { headers: [], keys };
  const signed = at.map((place) => place.slice('header:'.length).replace('{n}', '1'));
  return { headers: hasUnsigned ? [...signed, 'User-Agent'] : signed, keys: [] };
}

function add(lists: Map<string, number[]>, key: string, index: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [index]);
  else list.push(index);
}
