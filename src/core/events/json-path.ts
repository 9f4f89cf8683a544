import { WebhookError } from '../errors.js';
import { unescapePointer } from './json-pointer.js';
import { JsonReader, utf8AsLatin1 } from './json-tokens.js';

/**
 * One step of a path. `key` names a member of an object, `index` an item of an array (`-`: the one after the last), and
 * `either` is what stands there to say: `/items/0` may be item 0 or the member "0".
 */
export interface PathSegment {
  readonly form: 'key' | 'index' | 'either';
  readonly text: string;
}

/** From the root to a value; empty: the root itself. */
export type JsonPath = readonly PathSegment[];

/** What `--set path=value` says. */
export interface Assignment {
  readonly path: JsonPath;
  /** JSON text. */
  readonly json: string;
}

const INDEX = /^(0|[1-9]\d*)$/;
const HOW_TO = 'Write it like data.order.items[0].sku or /data/order/items/0/sku; ["a.b"] names a key with a dot in it.';

/**
 * Reads a dotted path (`data.order.items[0].sku`, `[-]` for the item after the last, `["a.b"]` for any key) or, where it
 * begins with a slash, a JSON Pointer (RFC 6901).
 *
 * @throws WebhookError `usage` where it is neither.
 */
export function parsePath(text: string): JsonPath {
  return text.startsWith('/') ? parsePointer(text) : parseDotted(text);
}

function parsePointer(text: string): JsonPath {
  if (/~(?![01])/.test(text)) {
    throw new WebhookError('usage', `'${text}' is not a JSON Pointer: ~ stands only in ~0 (for ~) and ~1 (for /).`, {
      hint: HOW_TO,
    });
  }
  return text
    .slice(1)
    .split('/')
    .map((part) => {
      const key = unescapePointer(part);
      return { form: key === '-' || INDEX.test(key) ? 'either' : 'key', text: key };
    });
}

function parseDotted(text: string): JsonPath {
  const segments: PathSegment[] = [];
  let at = 0;
  while (at < text.length || segments.length === 0) {
    if (text[at] === '[') {
      const close = closingBracket(text, at);
      if (close < 0) throw badPath(text, 'a [ is not closed');
      segments.push(bracketSegment(text, text.slice(at + 1, close)));
      at = close + 1;
    } else {
      const name = /[^.[\]]*/y;
      name.lastIndex = at;
      const key = name.exec(text)?.[0] ?? '';
      if (key === '') throw badPath(text, text[at] === ']' ? 'a ] stands alone' : 'a name is missing');
      segments.push({ form: INDEX.test(key) ? 'either' : 'key', text: key });
      at += key.length;
    }
    if (text[at] === '.') {
      at++;
      if (at === text.length || text[at] === '[') throw badPath(text, 'a name is missing after a dot');
    } else if (at < text.length && text[at] !== '[') {
      throw badPath(text, text[at] === ']' ? 'a ] stands alone' : 'a dot is missing after a ]');
    }
  }
  return segments;
}

function bracketSegment(path: string, inside: string): PathSegment {
  if (inside === '-' || INDEX.test(inside)) return { form: 'index', text: inside };
  if (inside.length > 1 && inside.startsWith("'") && inside.endsWith("'")) return { form: 'key', text: inside.slice(1, -1) };
  if (inside.startsWith('"')) {
    try {
      const key: unknown = JSON.parse(inside);
      if (typeof key === 'string') return { form: 'key', text: key };
    } catch {
      // said below
    }
  }
  throw badPath(path, `[${inside}] is neither an index nor a key in quotes`);
}

/** Where the bracket that opens at `open` closes; a quoted key may hold brackets itself. -1 where it does not. */
function closingBracket(text: string, open: number): number {
  const quote = text[open + 1];
  if (quote !== '"' && quote !== "'") return text.indexOf(']', open);
  for (let at = open + 2; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) return text.indexOf(']', at);
  }
  return -1;
}

function badPath(text: string, why: string): WebhookError {
  const message = text === '' ? 'The path is empty.' : `'${text}' is not a path: ${why}.`;
  return new WebhookError('usage', message, { hint: HOW_TO });
}

/** The path in dotted form, as {@link parsePath} reads it. The root is `the document`. */
export function formatPath(path: JsonPath): string {
  if (path.length === 0) return 'the document';
  let text = '';
  for (const { form, text: key } of path) {
    if (form === 'index') text += `[${key}]`;
    else if (key !== '' && !/[.[\]=/"'\s]/.test(key)) text += text === '' ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text;
}

/**
 * Reads `path=value`. A value that is JSON keeps its spelling (`12.50`, `1e2`, `{"a":1}`); any other is a JSON string.
 * The path ends at the first `=` outside brackets.
 *
 * @throws WebhookError `usage` where there is no `=`, or the path is none.
 * @example parseAssignment('data.order.total=12.50').json // '12.50'
 */
export function parseAssignment(text: string): Assignment {
  const parts = splitAssignment(text);
  if (parts === null) {
    throw new WebhookError('usage', `'${text}' sets nothing: there is no '=' after the path.`, {
      hint: 'Write it like data.order.total=12.50.',
    });
  }
  const { path, value } = parts;
  return { path: parsePath(path), json: isJsonText(value) ? value : spellJsonString(value) };
}

/** What stands before and after the first `=` outside brackets; null where there is none. */
export function splitAssignment(text: string): { readonly path: string; readonly value: string } | null {
  const equals = endOfPath(text);
  return equals < 0 ? null : { path: text.slice(0, equals), value: text.slice(equals + 1) };
}

function endOfPath(text: string): number {
  if (text.startsWith('/')) return text.indexOf('=');
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '=') return at;
    if (text[at] === '[') {
      at = closingBracket(text, at);
      if (at < 0) return -1;
    }
  }
  return -1;
}

function isJsonText(text: string): boolean {
  if (text.startsWith('\ufeff')) return false;
  const reader = new JsonReader(utf8AsLatin1(text));
  try {
    while (reader.next());
    return true;
  } catch {
    return false;
  }
}

/** The JSON text of a string: `a "b"` becomes `"a \"b\""`. A lone surrogate is escaped, so that it survives UTF-8. */
export function spellJsonString(text: string): string {
  return JSON.stringify(text);
}
