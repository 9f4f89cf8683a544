/**
 * JSON for files that are committed and compared: a member a line, a header a line, keys in the order they are documented
 * in, so that a change is one line of a diff.
 *
 * @param spell How a text, number or literal is written; default: as JSON.stringify writes it.
 */
export function layoutJson(value: unknown, spell: (json: string) => string = (json) => json, indent = ''): string {
  const scalar = (part: unknown): string => spell(JSON.stringify(part));
  if (typeof value !== 'object' || value === null) return scalar(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((item) => typeof item === 'string')) return `[${value.map(scalar).join(', ')}]`;
    return `[\n${value.map((item) => inner + layoutJson(item, spell, inner)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value);
  if (members.length === 0) return '{}';
  return `{\n${members.map(([key, item]) => `${inner}${scalar(key)}: ${layoutJson(item, spell, inner)}`).join(',\n')}\n${indent}}`;
}
