/** `--where path=value`: what a JSON body says at a place. */
import { WebhookError } from '../errors.js';
import { type JsonPath, parsePath, splitAssignment } from '../events/json-path.js';
import { locate, minifyJson } from '../events/json-text.js';
import type { BodyCondition } from './selector.js';

/**
 * Reads `data.order.customer.id=456`: a path as `trigger --set` takes it, and a value. It holds for a body that is JSON and
 * has there a text that reads like the value, or anything else that is spelled like it: so `499.00` is not `499`, and no
 * number is rounded. Of a key that stands twice the last one counts.
 *
 * @throws WebhookError `usage` where there is no `=`, or the path is none, or one that never leads anywhere.
 * @example parseWhere('total=499.00').holds(Buffer.from('{"total":499.00}')) // true
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
  return {
    bytes: bytesOf(json, texts.at(-1) ?? ''),
    holds(body) {
      const found = valueAt(body, path);
      if (found === null) return false;
      return found.startsWith('"') ? texts.includes(textOf(found)) : found === json;
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

/** An object or array may have white space anywhere. */
function bytesOf(json: string | null, text: string): Uint8Array | null {
  if (json !== null && /^[{[]/.test(json)) return null;
  const bytes = json === null || json.startsWith('"') ? text : json;
  return bytes === '' ? null : Buffer.from(bytes);
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
