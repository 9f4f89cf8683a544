/**
 * JSON for files that are committed and compared: a member a line, a header a line, keys in the order they are documented
 * in, so that a change is one line of a diff. It says what JSON.stringify says of a value without `toJSON`.
 *
 * @param spell How a text that JSON.stringify wrote is spelled; letters, digits and signs of ASCII stay. Default: as it is.
 * @param indent What the second and later lines begin with.
 */
export function layoutJson(value: unknown, spell: (json: string) => string = (json) => json, indent = ''): string {
  return laidOut(value, spell, `\n${indent}`);
}

/** What needs no escape in JSON: most texts, and told in a fraction of the time. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** @param newline with what the line begins with */
function laidOut(value: unknown, spell: (json: string) => string, newline: string): string {
  if (typeof value === 'string') return PLAIN.test(value) ? `"${value}"` : spell(JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return String(JSON.stringify(value) ?? null);
  const inner = `${newline}  `;
  let text = '';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    // A header, say.
    const isShort = value.every((item) => typeof item === 'string');
    const [open, between, close] = isShort ? ['[', ', ', ']'] : [`[${inner}`, `,${inner}`, `${newline}]`];
    for (const item of value) text += `${text === '' ? open : between}${laidOut(item, spell, inner)}`;
    return text + close;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined)
      text += `${text === '' ? '{' : ','}${inner}${laidOut(key, spell, inner)}: ${laidOut(member, spell, inner)}`;
  }
  return text === '' ? '{}' : `${text}${newline}}`;
}
