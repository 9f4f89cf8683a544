/** `--where path=value`: what a JSON body says at a place. */
import { WebhookError } from '../errors.js';
import { type JsonPath, parsePath, splitAssignment } from '../events/json-path.js';
import { locate, minifyJson } from '../events/json-text.js';
import { JsonReader, latin1Of } from '../events/json-tokens.js';
import type { BodyCondition, Traces } from './selector.js';

/**
 * Reads `data.order.customer.id=456`: a path as `trigger --set` takes it, in which `[*]` is any item, and a value. It holds for a body that is JSON and
 * has there a text that reads like the value, or anything else that is spelled like it. Zeros at the end of a fraction do not
 * count (`499` finds `499.00`), and no number is rounded. Of a key that stands twice the last one counts.
 *
 * @throws WebhookError `usage` where there is no `=`, or the path is none, or one that never leads anywhere.
 * @example parseWhere('total=499').holds(Buffer.from('{"total":499.00}')) // true
 */
export function parseWhere(text: string): BodyCondition {
  const parts = splitAssignment(text);
  if (parts === null) {
    throw new WebhookError('usage', `'${text}' says no value: there is no '=' after the path.`, {
      hint: 'Write it like data.order.customer.id=456.',
    });
  }
  const places = placesOf(parts.path);
  const path = places.flat();
  if (path.some(({ form, text: key }) => form === 'index' && key === '-')) {
    throw new WebhookError('usage', `'${parts.path}' names the item after the last, where nothing ever is.`);
  }
  const json = asJson(Buffer.from(parts.value));
  const number = json === null ? null : shortNumber(json);
  const texts = json?.startsWith('"') === true ? [parts.value, textOf(json)] : [parts.value];
  const bytes = bytesOf(json, texts.at(-1) ?? '');
  // A text that reads like the value with its quotes need not hold it as it is without them.
  const isOne = texts.every((text) => bytes === null || Buffer.from(text).includes(Buffer.from(bytes)));
  return {
    bytes,
    traces: tracesOf(path, isOne ? bytes : null),
    holds: (body) => valuesAt(body, places).some(isMeant),
  };

  function isMeant(found: string): boolean {
    if (found.startsWith('"')) return texts.includes(textOf(found));
    return found === json || (number !== null && shortNumber(found) === number);
  }
}

/** The path up to each `[*]`, and behind the last. */
function placesOf(text: string): JsonPath[] {
  const parts = text.startsWith('/') ? [text] : text.split('[*]');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return [parsePath(first)];
  return [first, ...rest.map((part) => part.replace(/^\.(?=.)/, ''))].map((part) => (part === '' ? [] : parsePath(part)));
}

/** The texts of the values that this leads to, without white space; none where it leads nowhere, or the body is not JSON. */
function valuesAt(body: Uint8Array, [path = [], ...rest]: readonly JsonPath[]): string[] {
  try {
    const span = locate(body, path);
    if (span === null) return [];
    const value = body.subarray(span.offset, span.offset + span.length);
    if (rest.length > 0) return itemsOf(value).flatMap((item) => valuesAt(item, rest));
    const json = asJson(value);
    return json === null ? [] : [json];
  } catch {
    return [];
  }
}

const OPEN_BRACKET = 0x5b;

/** The items of an array, as they stand in it; none of anything else. */
function itemsOf(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] !== OPEN_BRACKET) return [];
  const reader = new JsonReader(latin1Of(bytes));
  const items: Uint8Array[] = [];
  let start: number | null = null;
  reader.next();
  while (reader.next()) {
    if (reader.kind !== ',' && reader.kind !== ']') start ??= reader.start;
    if (start === null || reader.depth !== 1) continue;
    items.push(bytes.subarray(start, reader.end));
    start = null;
  }
  return items;
}

/**
 * A number without zeros at the end of its fraction, which stands in every other spelling of it that has no exponent; null
 * for anything else.
 */
function shortNumber(json: string): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(json)) return null;
  let end = json.length;
  if (json.includes('.')) {
    while (json[end - 1] === '0') end--;
    if (json[end - 1] === '.') end--;
  }
  const short = json.slice(0, end);
  return short === '-0' ? '0' : short;
}

/** An object or array may have white space anywhere. */
function bytesOf(json: string | null, text: string): Uint8Array | null {
  if (json !== null && /^[{[]/.test(json)) return null;
  const bytes = json === null || json.startsWith('"') ? text : (shortNumber(json) ?? json);
  return bytes === '' ? null : Buffer.from(bytes);
}

/** More ways to spell it than that are as good as any. */
const MOST_TRACES = 48;

/**
 * What stands in a body that has this value at this place: the keys and the value as they are; or else one of their characters
 * is spelled with a backslash.
 */
function tracesOf(path: JsonPath, bytes: Uint8Array | null): Traces | null {
  const keys = path.filter(({ form, text }) => form === 'key' && /^[\w-]+$/.test(text)).map(({ text }) => text);
  const value = bytes === null ? '' : Buffer.from(bytes).toString('utf8');
  // These are never written as they are.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are meant
  const values = value === '' || /[\0-\x1f"\\]/.test(value) ? [] : [value];
  const spelled = new Set<string>();
  for (const text of [...keys, ...values]) {
    for (const unit of text.split('')) spelled.add(`\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    // A slash is too short a text by itself.
    const characters = [...text];
    for (const [at, character] of characters.entries()) if (character === '/') spelled.add(`${characters[at - 1] ?? '"'}\\/`);
  }
  // What tells most comes first.
  const plain = [...values, ...keys.map((key) => `"${key}"`).reverse()];
  if (plain.length === 0 || spelled.size > MOST_TRACES) return null;
  return [plain, ...[...spelled].map((text) => [text])].map((texts) => texts.map((text) => Buffer.from(text)));
}

function asJson(bytes: Uint8Array): string | null {
  try {
    return Buffer.from(minifyJson(bytes)).toString('utf8');
  } catch {
    return null;
  }
}

function textOf(json: string): string {
  return String(JSON.parse(json));
}
