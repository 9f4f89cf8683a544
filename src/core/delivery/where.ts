/** `--where path=value`: what a JSON body says at a place. */
import { WebhookError } from '../errors.js';
import { type JsonPath, parsePath, splitAssignment } from '../events/json-path.js';
import { locate, minifyJson } from '../events/json-text.js';
import type { BodyCondition, Traces } from './selector.js';

/**
 * Reads `data.order.customer.id=456`: a path as `trigger --set` takes it, and a value. It holds for a body that is JSON and
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
  const path = parsePath(parts.path);
  if (path.some(({ form, text: key }) => form === 'index' && key === '-')) {
    throw new WebhookError('usage', `'${parts.path}' names the item after the last, where nothing ever is.`);
  }
  const json = asJson(Buffer.from(parts.value));
  const texts = json?.startsWith('"') === true ? [parts.value, textOf(json)] : [parts.value];
  const bytes = bytesOf(json, texts.at(-1) ?? '');
  // A text that reads like the value with its quotes need not hold it as it is without them.
  const isOne = texts.every((text) => bytes === null || Buffer.from(text).includes(Buffer.from(bytes)));
  return {
    bytes,
    traces: tracesOf(path, isOne ? bytes : null),
    holds(body) {
      const found = valueAt(body, path);
      if (found === null) return false;
      if (found.startsWith('"')) return texts.includes(textOf(found));
      return found === json || (json !== null && shortNumber(json) !== null && shortNumber(found) === shortNumber(json));
    },
  };
}

/** The text of the value that a path leads to, without white space; null where it leads nowhere, or the body is not JSON. */
function valueAt(body: Uint8Array, path: JsonPath): string | null {
  try {
    const span = locate(body, path);
    return span === null ? null : asJson(body.subarray(span.offset, span.offset + span.length));
  } catch {
    return null;
  }
}

/**
 * A number without zeros at the end of its fraction, which stands in every other spelling of it that has no exponent; null
 * for anything else.
 */
function shortNumber(json: string): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(json)) return null;
  const short = json.includes('.') ? json.replace(/\.?0+$/, '') : json;
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
