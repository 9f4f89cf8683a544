/** An array of nothing but texts, as JSON.stringify lays it out. A newline stands between values only: within a text it is escaped. */
const TEXTS = /\[\n *"(?:[^"\\\n]|\\.)*"(?:,\n *"(?:[^"\\\n]|\\.)*")*\n *\]/g;

/**
 * JSON for files that are committed and compared: a member a line, a header a line, keys in the order they are documented
 * in, so that a change is one line of a diff.
 *
 * @param spell How all of it is written, a newline between values aside; default: as JSON.stringify writes it.
 * @param indent What its second and later lines begin with.
 */
export function layoutJson(value: unknown, spell: (json: string) => string = (json) => json, indent = ''): string {
  const text = JSON.stringify(value, null, 2).replace(TEXTS, (texts) => `[${texts.slice(1, -1).trim().replace(/\n */g, ' ')}]`);
  return spell(text).replaceAll('\n', `\n${indent}`);
}
