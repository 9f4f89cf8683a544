/** JSON Pointers (RFC 6901), read without anything heavy: every request that is received is. */

const INDEX = /^(0|[1-9]\d*)$/;

/**
 * The value at a JSON Pointer (RFC 6901), own properties and array items only; `undefined` where there is none, or where the text
 * is not a pointer. The empty pointer is the value itself.
 */
export function readPointer(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  if (!pointer.startsWith('/')) return undefined;
  let current = value;
  for (const key of keysOf(pointer)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    if (Array.isArray(current) && !INDEX.test(key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** The keys of the pointers that descriptions name; those that are made up on the way are not kept without end. */
const knownKeys = new Map<string, readonly string[]>();

/** The keys of a pointer that begins with a slash. */
export function keysOf(pointer: string): readonly string[] {
  let keys = knownKeys.get(pointer);
  if (keys === undefined) {
    keys = pointer.slice(1).split('/').map(unescapePointer);
    if (knownKeys.size >= 2_000) knownKeys.clear();
    knownKeys.set(pointer, keys);
  }
  return keys;
}

/** One step of a pointer as the key it stands for. */
export function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
