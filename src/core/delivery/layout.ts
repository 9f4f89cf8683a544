/** Needs no escape in a JSON string. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * JSON for files that are committed and compared: a member a line, a header a line, keys in the order they are documented
 * in, so that a change is one line of a diff.
 *
 * @param spell How a text that is not plain ASCII is written; default: as JSON.stringify writes it.
 * @returns What lays out a value, its second and later lines after an indent.
 */
export function jsonLayout(spell: (json: string) => string = (json) => json): (value: unknown, indent?: string) => string {
  const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : spell(JSON.stringify(text)));

  function layout(value: unknown, indent = ''): string {
    if (typeof value === 'string') return quoted(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const inner = `${indent}  `;
    let text = '';
    if (Array.isArray(value)) {
      if (value.length === 0) return '[]';
      if (value.every((item) => typeof item === 'string')) {
        for (const item of value) text += text === '' ? quoted(item) : `, ${quoted(item)}`;
        return `[${text}]`;
      }
      for (const item of value) text += `${text === '' ? '' : ',\n'}${inner}${layout(item, inner)}`;
      return `[\n${text}\n${indent}]`;
    }
    for (const [key, item] of Object.entries(value)) {
      text += `${text === '' ? '' : ',\n'}${inner}${quoted(key)}: ${layout(item, inner)}`;
    }
    return text === '' ? '{}' : `{\n${text}\n${indent}}`;
  }
  return layout;
}
