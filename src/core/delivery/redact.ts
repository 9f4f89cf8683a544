import { unescapePointer } from '../events/json-pointer.js';
import { parseJson } from '../events/json-text.js';
import { JsonReader, latin1Of, utf8Of } from '../events/json-tokens.js';
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

/** Shows requests without their secrets: what is named like one, and what stands in the places it was told of. */
export class Redactor {
  readonly #headers = new Set<string>();
  readonly #parameters = new Set<string>();
  readonly #body = new Set<string>();

  /** From now on these, too. */
  hide({ headers, parameters, body }: SecretPlaces): void {
    for (const name of headers) this.#headers.add(name.toLowerCase());
    for (const name of parameters) this.#parameters.add(name);
    for (const place of body) this.#body.add(place);
  }

  headers(headers: HeaderList): HeaderList {
    return redactHeaders(headers, this.#headers);
  }

  url(url: string): string {
    return redactUrl(url, this.#parameters);
  }

  body(body: Uint8Array): Uint8Array {
    return redactBody(body, this.#body);
  }
}

/** A body as it may be shown: the texts at these places become `[redacted]`; every other byte stays. */
export function redactBody(body: Uint8Array, places: Iterable<string>): Uint8Array {
  const raw = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Parsing is for bodies that may have it: most do not even hold the word.
  const there = [...places].filter((place) => raw.includes(/[^/:#]*$/.exec(place)?.[0] ?? ''));
  if (there.length === 0) return body;
  return parseJson(body) === undefined ? redactForm(raw, there) : redactJson(body, there);
}

/** In one pass, however many there are: each edit on its own would read all of the text again. */
function redactJson(body: Uint8Array, places: readonly string[]): Uint8Array {
  const wanted = places.flatMap((place) =>
    place.startsWith('body:') ? [place.slice('body:'.length).split('/').slice(1).map(unescapePointer)] : [],
  );
  const longest = Math.max(0, ...wanted.map(({ length }) => length));
  const text = latin1Of(body);
  const reader = new JsonReader(text);
  /** The key or index in each object and array that is open, the outermost first; no deeper than is asked for. */
  const path: Array<string | number> = [];
  let shown = '';
  let from = 0;
  while (reader.next()) {
    const { kind, start, end, depth } = reader;
    path.length = Math.min(path.length, depth, longest);
    if (depth > longest) continue;
    if (kind === '[') path[depth - 1] = 0;
    else if (kind === ',' && typeof path[depth - 1] === 'number') path[depth - 1] = Number(path[depth - 1]) + 1;
    else if (kind === 'key') path[depth - 1] = String(JSON.parse(utf8Of(text.slice(start, end))));
    else if (kind === 'string' && end - start > 2 && wanted.some((parts) => leadsTo(parts, path))) {
      shown += `${text.slice(from, start)}"${REDACTED}"`;
      from = end;
    }
  }
  return from === 0 ? body : Buffer.from(shown + text.slice(from), 'latin1');
}

/** A `*` stands for any item of an array. */
function leadsTo(parts: readonly string[], path: ReadonlyArray<string | number>): boolean {
  return (
    parts.length === path.length &&
    parts.every((part, at) => part === String(path[at]) || (part === '*' && typeof path[at] === 'number'))
  );
}

function redactForm(raw: Buffer, places: readonly string[]): Uint8Array {
  const fields = places.flatMap((place) => (place.startsWith('form:') ? [place.slice('form:'.length).split('#', 2)] : []));
  if (fields.length === 0) return raw;
  const shown = raw
    .toString('latin1')
    .split('&')
    .map((field) => {
      const [name, value] = fieldOf(field);
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

/** Decoded only where it is spelled with escapes: a form may have millions of fields. */
function fieldOf(field: string): readonly [name: string, value: string] {
  const equals = field.indexOf('=');
  if (equals <= 0) return ['', ''];
  if (!/[%+]/.test(field)) return [field.slice(0, equals), field.slice(equals + 1)];
  return [...new URLSearchParams(field)][0] ?? ['', ''];
}

const NONE: ReadonlySet<string> = new Set();
const TELLING_NAMES = /authorization|cookie|token|secret|api[-_]?key|password|signature|hmac/i;

/** The first word of an Authorization value that only says of what kind it is. */
const SCHEME_WORD =
  /^(AWS4-HMAC-SHA256|ApiKey|Basic|Bearer|Digest|GenieKey|HMAC[-\w]*|Hawk|Key|Negotiate|OAuth|SharedKey|Signature|Token)[ \t]/i;

/**
 * The headers as they may be shown: the values of credentials, cookies and signatures become `[redacted]`, and an
 * Authorization keeps the word that names its kind. Names, order and duplicates stay; an empty value holds nothing to hide.
 *
 * @param extra More names to redact, in lower case, such as those that carry the provider's signature.
 * @example redactHeaders([['Authorization', 'Bearer abc']]) // [['Authorization', 'Bearer [redacted]']]
 */
export function redactHeaders(headers: HeaderList, extra: ReadonlySet<string> = NONE): HeaderList {
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
export function redactUrl(url: string, extra: ReadonlySet<string> = NONE): string {
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
