/** Form fields in the order some providers sign them. */

/** The fields of a urlencoded text, in order; `+` is a space. */
export function formFields(text: string): ReadonlyArray<readonly [name: string, value: string]> {
  return [...new URLSearchParams(text)];
}

/**
 * The fields of a form body sorted by name (in the order of UTF-16 code units, as JavaScript and PHP's `ksort` of ASCII do), name and
 * value one after another. Of a name that stands several times, each value counts once, in order.
 *
 * @example sortedParams(Buffer.from('b=2&a=1')) // 'a1b2'
 */
export function sortedParams(body: Uint8Array): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of formFields(Buffer.from(body).toString('utf8'))) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return [...values.keys()]
    .sort()
    .flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value))
    .join('');
}
