import { readPointer } from '../events/json-pointer.js';
import { parseJson, setJson } from '../events/json-text.js';
import type { HeaderList } from '../http/headers.js';

export const REDACTED = '[redacted]';

/** What of requests is not for people to see, beside what is named like a credential. */
export interface SecretPlaces {
  /** Names of headers. */
  readonly headers: Iterable<string>;
  /** Names of query parameters. */
  readonly parameters: Iterable<string>;
  /** In bodies: `body:/apikey`, `body:/items/*\/hmac` (in each item), `form:token`, `form:payload#/token`. */
  readonly body: Iterable<string>;
}

/** A body as it may be shown: the texts at these places become `[redacted]`; every other byte stays. */
export function redactBody(body: Uint8Array, places: Iterable<string>): Uint8Array {
  const raw = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Parsing is for bodies that may have it: most do not even hold the word.
  const there = [...places].filter((place) => raw.includes(/[^/:#]*$/.exec(place)?.[0] ?? ''));
  if (there.length === 0) return body;
  const json = parseJson(body);
  return json === undefined ? redactForm(raw, there) : redactJson(body, json, there);
}

function redactJson(body: Uint8Array, json: unknown, places: readonly string[]): Uint8Array {
  let shown = body;
  for (const place of places) {
    if (!place.startsWith('body:')) continue;
    for (const pointer of eachOf(json, place.slice('body:'.length))) {
      const value = readPointer(json, pointer);
      if (typeof value === 'string' && value !== '') shown = setJson(shown, pointer, JSON.stringify(REDACTED));
    }
  }
  return shown;
}

/** The pointers that one with a `*` stands for: one for each item of the array there. */
function eachOf(json: unknown, pointer: string): string[] {
  const star = pointer.indexOf('/*');
  if (star < 0) return [pointer];
  const [before, after] = [pointer.slice(0, star), pointer.slice(star + 2)];
  const list = readPointer(json, before);
  return Array.isArray(list) ? list.flatMap((_, index) => eachOf(json, `${before}/${index}${after}`)) : [];
}

function redactForm(raw: Buffer, places: readonly string[]): Uint8Array {
  const fields = places.flatMap((place) => (place.startsWith('form:') ? [place.slice('form:'.length).split('#', 2)] : []));
  if (fields.length === 0) return raw;
  const shown = raw
    .toString('latin1')
    .split('&')
    .map((field) => {
      const [name, value] = [...new URLSearchParams(field)][0] ?? ['', ''];
      const pointers = fields.flatMap(([wanted, pointer]) => (wanted === name ? [pointer ?? null] : []));
      if (value === '' || pointers.length === 0) return field;
      const spelled = field.slice(0, field.indexOf('=') + 1);
      if (pointers.includes(null)) return spelled + REDACTED;
      const inside = Buffer.from(value);
      const after = redactBody(
        inside,
        pointers.map((pointer) => `body:${pointer}`),
      );
      return Buffer.compare(after, inside) === 0 ? field : spelled + encodeURIComponent(Buffer.from(after).toString());
    });
  return Buffer.from(shown.join('&'), 'latin1');
}

const TELLING_NAMES = /authorization|cookie|token|secret|api[-_]?key|password|signature|hmac/i;

/** The first word of an Authorization value that only says of what kind it is. */
const SCHEME_WORD =
  /^(AWS4-HMAC-SHA256|ApiKey|Basic|Bearer|Digest|GenieKey|HMAC[-\w]*|Hawk|Key|Negotiate|OAuth|SharedKey|Signature|Token)[ \t]/i;

/**
 * The headers as they may be shown: the values of credentials, cookies and signatures become `[redacted]`, and an
 * Authorization keeps the word that names its kind. Names, order and duplicates stay; an empty value holds nothing to hide.
 *
 * @param extraNames More names to redact, such as those that carry the provider's signature.
 * @example redactHeaders([['Authorization', 'Bearer abc']]) // [['Authorization', 'Bearer [redacted]']]
 */
export function redactHeaders(headers: HeaderList, extraNames: Iterable<string> = []): HeaderList {
  const extra = new Set([...extraNames].map((name) => name.toLowerCase()));
  return headers.map((header) => {
    const [name, value] = header;
    if (value === '' || !(TELLING_NAMES.test(name) || extra.has(name.toLowerCase()))) return header;
    const scheme = /authorization/i.test(name) ? SCHEME_WORD.exec(value)?.[1] : undefined;
    return [name, scheme === undefined ? REDACTED : `${scheme} ${REDACTED}`] as const;
  });
}

const TELLING_PARAMETER = /authorization|token|secret|api[-_]?key|^key$|password|signature|^sig$|hmac/i;

/**
 * A URL, or a path with its query, as it may be shown: without user and password, and without the values of parameters
 * that are named like credentials or signatures. Everything else stays as it is spelled.
 *
 * @example redactUrl('https://me:pw@host/hooks?token=abc&x=1') // 'https://[redacted]@host/hooks?token=[redacted]&x=1'
 */
export function redactUrl(url: string, extraNames: Iterable<string> = []): string {
  const extra = new Set(extraNames);
  const bare = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${REDACTED}@`);
  const question = bare.indexOf('?');
  if (question < 0) return bare;
  // A parameter at a time, each looked at once: a query may be long, and have no equals sign in it.
  const query = bare.slice(question + 1).replace(/[^&#]+/g, (parameter) => {
    const [whole, before = '', name = ''] = /^(=*)([^=]+)=./s.exec(parameter) ?? [];
    return whole !== undefined && (TELLING_PARAMETER.test(name) || extra.has(name)) ? `${before}${name}=${REDACTED}` : parameter;
  });
  return `${bare.slice(0, question)}?${query}`;
}
