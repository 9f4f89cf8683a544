/**
 * Headers as they stood on the wire: in order, in their own case, duplicates kept. Values are Latin-1 strings, one
 * character a byte, as node:http gives them.
 */
export type HeaderList = ReadonlyArray<readonly [name: string, value: string]>;

/** The first value of a header, whatever the case of its name; null where it is absent. */
export function headerValue(headers: HeaderList, name: string): string | null {
  const wanted = name.toLowerCase();
  for (const [key, value] of headers) if (isNamed(key, wanted)) return value;
  return null;
}

/** Every value of a header, in order. */
export function headerValues(headers: HeaderList, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([key]) => isNamed(key, wanted)).map(([, value]) => value);
}

/** Whether a header has this name, given in lower case. All of them are asked for each delivery: most differ in length already. */
function isNamed(key: string, wanted: string): boolean {
  return key.length === wanted.length && key.toLowerCase() === wanted;
}

function indexOfName(names: readonly string[], key: string): number {
  for (let at = 0; at < names.length; at++) if (isNamed(key, names[at] as string)) return at;
  return -1;
}

/** The list without the named headers. */
export function withoutHeaders(headers: HeaderList, names: readonly string[]): HeaderList {
  const unwanted = names.map((name) => name.toLowerCase());
  return headers.filter(([key]) => indexOfName(unwanted, key) < 0);
}

/**
 * The list with some headers replaced: a replaced header stands where its first occurrence stood (so that order is
 * kept), a new one comes last, and one whose value is the empty string is dropped (as `-H 'Name:'` asks).
 */
export function replaceHeaders(headers: HeaderList, replacements: HeaderList): HeaderList {
  if (replacements.length === 0) return headers;
  // It runs several times for each delivery, and there are few of them: looking through a list is sooner than making a Map.
  const keys = replacements.map(([name]) => name.toLowerCase());
  const placed: string[] = [];
  const result: Array<readonly [string, string]> = [];
  const place = (key: string): void => {
    if (placed.includes(key)) return;
    placed.push(key);
    replacements.forEach((entry, at) => {
      if (keys[at] === key && entry[1] !== '') result.push(entry);
    });
  };
  for (const entry of headers) {
    const at = indexOfName(keys, entry[0]);
    if (at < 0) result.push(entry);
    else place(keys[at] as string);
  }
  keys.forEach(place);
  return result;
}

/** The flat `[name, value, name, value, …]` form that node:http gives, as pairs. */
export function headersFromRaw(raw: readonly string[]): HeaderList {
  const list: Array<readonly [string, string]> = [];
  for (let i = 0; i + 1 < raw.length; i += 2) list.push([raw[i] as string, raw[i + 1] as string]);
  return list;
}

/** What a value says as text: UTF-8 where its bytes are that, else the Latin-1 it is. */
export function headerToText(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  const text = bytes.toString('utf8');
  return bytes.equals(Buffer.from(text, 'utf8')) ? text : value;
}

/** Text as a header value: its UTF-8 bytes, one character a byte. */
export function textToHeader(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the set RFC 9110 forbids in a field value
const FORBIDDEN_IN_VALUE = /[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/;

/**
 * Reads `Name: value`. Gives null where the name is not an RFC 9110 token, the colon is missing, or the value carries
 * a control character or one outside Latin-1.
 */
export function parseHeaderLine(line: string): readonly [string, string] | null {
  const colon = line.indexOf(':');
  if (colon <= 0) return null;
  const name = line.slice(0, colon);
  const value = trimBlanks(line.slice(colon + 1));
  return isHeaderName(name) && isHeaderValue(value) ? [name, value] : null;
}

/** The text without the blanks and tabs around it, and only those: in Latin-1, A0 may be half of a character. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isHeaderName(name: string): boolean {
  return TOKEN.test(name);
}

export function isHeaderValue(value: string): boolean {
  return !FORBIDDEN_IN_VALUE.test(value);
}

/** Headers that belong to one connection, not to the message (RFC 9110 §7.6.1); never passed on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * The list without hop-by-hop headers, those that `Connection` names included.
 *
 * @param others Names, in lower case, of what is left out besides.
 */
export function endToEndHeaders(headers: HeaderList, others: readonly string[] = []): HeaderList {
  const named = headerValues(headers, 'connection').flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase()));
  return headers.filter(
    ([key]) => indexOfName(HOP_BY_HOP, key) < 0 && indexOfName(named, key) < 0 && indexOfName(others, key) < 0,
  );
}
