/** Reads the values that locators and expressions name out of a request. */
import { glance } from '../events/json-glance.js';
import { readPointer } from '../events/json-pointer.js';
import { type HeaderList, headerToText } from '../http/headers.js';
import { type Expression, isLocator, type Locator } from './locator.js';

/** What locators read from. `path` may be a path with its query, or an absolute URL. */
export interface Readable {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly path: string;
}

/**
 * One request, of which the body is parsed at most once and only where something asks for it. Parsing is for reading
 * values: the bytes themselves are never made from what was parsed.
 */
export class RequestReader {
  readonly request: Readable;
  readonly #known: ((place: Locator) => string | null) | undefined;
  #headers: ReadonlyMap<string, readonly string[]> | undefined;
  #json: { value: unknown } | undefined;
  #spelled: { value: unknown } | undefined;
  #hasEscapes: boolean | undefined;
  #form: URLSearchParams | undefined;
  #query: URLSearchParams | undefined;

  /** @param known Says what the body holds at a place, where that is known without parsing it. */
  constructor(request: Readable, known?: (place: Locator) => string | null) {
    this.request = request;
    this.#known = known;
  }

  /** The body as JSON; `undefined` where it is none. */
  get json(): unknown {
    if (this.#json === undefined) {
      this.#json = { value: parseOrNothing(this.#bodyText()) };
    }
    return this.#json.value;
  }

  /** Every value of a header as text, in order. */
  headers(name: string): readonly string[] {
    this.#headers ??= valuesByName(this.request.headers);
    return this.#headers.get(name.toLowerCase()) ?? NONE;
  }

  /** The names of its headers in lower case. */
  headerNames(): Iterable<string> {
    this.#headers ??= valuesByName(this.request.headers);
    return this.#headers.keys();
  }

  /** The value at a locator as text (numbers and booleans as JSON spells them); null where there is none. */
  read(locator: Locator): string | null {
    const colon = locator.indexOf(':');
    const name = locator.slice(colon + 1);
    switch (locator.slice(0, colon)) {
      case 'header':
        return this.headers(name)[0] ?? null;
      case 'body':
        return this.#known === undefined ? this.#readBody(name) : this.#known(locator);
      case 'query':
        this.#query ??= new URLSearchParams(queryOf(this.request.path));
        return this.#query.get(name);
      case 'form':
        return this.#known === undefined ? this.#readForm(name) : this.#known(locator);
      default:
        return null;
    }
  }

  #readBody(pointer: string): string | null {
    if (this.#json === undefined && this.request.body.byteLength >= LARGE) {
      const { buffer, byteOffset, byteLength } = this.request.body;
      const seen = glance(Buffer.from(buffer, byteOffset, byteLength), pointer);
      if (seen !== null) return seen;
    }
    return readText(this.json, pointer, () => {
      this.#spelled ??= { value: withNumbersAsText(this.#bodyText()) };
      return this.#spelled.value;
    });
  }

  #readForm(name: string): string | null {
    const mark = name.indexOf('#/');
    const field = mark < 0 ? name : name.slice(0, mark);
    if (this.#form === undefined && !this.#mayHaveField(field)) return null;
    this.#form ??= new URLSearchParams(this.#bodyText());
    if (mark < 0) return this.#form.get(field);
    const json = this.#form.get(field);
    return json === null ? null : readText(parseOrNothing(json), name.slice(mark + 1), () => withNumbersAsText(json));
  }

  /** Every body is asked for the fields of forms, and few are one: a field's name stands in it as it is, or with escapes. */
  #mayHaveField(name: string): boolean {
    const { buffer, byteOffset, byteLength } = this.request.body;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#hasEscapes ??= bytes.includes('%') || bytes.includes('+');
    return this.#hasEscapes || bytes.includes(name);
  }

  /** The body as text, without a byte order mark. */
  #bodyText(): string {
    const { buffer, byteOffset, byteLength } = this.request.body;
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** The first expression that applies; null where none does. An empty value does not apply. */
  evaluate(expressions: readonly Expression[]): string | null {
    for (const expression of expressions) {
      const value = isLocator(expression) ? this.read(expression) : this.#fill(expression);
      if (value !== null && value !== '') return value;
    }
    return null;
  }

  #fill(template: string): string | null {
    let complete = true;
    const text = template.replace(/\{(\??)([^{}]+)\}/g, (_, condition: string, part: string) => {
      const [locator, wanted] = condition === '' ? [part, null] : splitCondition(part);
      const value = isLocator(locator) ? this.read(locator) : null;
      if (value === null || value === '' || (wanted !== null && value !== wanted)) complete = false;
      return condition === '' ? (value ?? '') : '';
    });
    return complete ? text : null;
  }
}

/** `body:/type=1` as the locator and the value it must have; null: any. */
function splitCondition(part: string): [locator: string, wanted: string | null] {
  const equals = part.lastIndexOf('=');
  return equals < 0 ? [part, null] : [part.slice(0, equals), part.slice(equals + 1)];
}

function parseOrNothing(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The string, boolean or number at a pointer, as text. */
function readText(json: unknown, pointer: string, spelled: () => unknown): string | null {
  const value = readPointer(json, pointer);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return null;
  // JSON.parse says 499 for 499.00 and rounds an id of 20 digits, so numbers are read again as the text they are.
  const digits = readPointer(spelled(), pointer);
  return typeof digits === 'string' ? digits : String(value);
}

const NONE: readonly string[] = [];
/** Bytes of a body from which on it is looked at first whether what is wanted can be read without parsing all of it. */
const LARGE = 32_768;

/** Values by name in lower case: a request is held against every provider, and each asks for headers of its own. */
function valuesByName(headers: HeaderList): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = byName.get(key);
    if (before === undefined) byName.set(key, [headerToText(value)]);
    else before.push(headerToText(value));
  }
  return byName;
}

/** JSON that is known to parse, each number as a string of its own digits. */
function withNumbersAsText(json: string): unknown {
  try {
    return JSON.parse(
      json.replace(/"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token.startsWith('"') ? token : `"${token}"`)),
    );
  } catch {
    return undefined;
  }
}

function queryOf(path: string): string {
  const mark = path.indexOf('?');
  return mark < 0 ? '' : path.slice(mark + 1).replace(/#.*$/s, '');
}
