/** Edits of a urlencoded form as text: every byte that an edit is not about stays as it was. */
import { WebhookError } from '../errors.js';
import { nearest, orList } from '../nearest.js';
import { type JsonPath, parsePath } from './json-path.js';

/**
 * Sets a field of a form. A path names it (`MessageSid`); of one that stands several times the first is set, and one that is not there
 * is added. JSON text that is a string stands for what it says, any other for itself.
 */
export function setField(body: Uint8Array, path: JsonPath | string, json: string): Uint8Array {
  const name = fieldName(path);
  const value: unknown = JSON.parse(json);
  const written = new URLSearchParams([[name, typeof value === 'string' ? value : json]]).toString();
  const fields = fieldsOf(body);
  const at = fields.findIndex((field) => nameOf(field) === name);
  const [key = ''] = fields[at]?.split('=', 1) ?? [];
  if (at < 0) fields.push(written);
  else fields[at] = `${key}=${written.slice(written.indexOf('=') + 1)}`;
  return bytesOf(fields);
}

/**
 * Takes a field out, however often it stands there.
 *
 * @throws WebhookError `edit_failed` where it is not there.
 */
export function unsetField(body: Uint8Array, path: JsonPath | string): Uint8Array {
  const name = fieldName(path);
  const fields = fieldsOf(body);
  const left = fields.filter((field) => nameOf(field) !== name);
  if (left.length < fields.length) return bytesOf(left);
  const near = nearest(name, fields.map(nameOf));
  throw new WebhookError('edit_failed', `There is no field '${name}' in the form.`, {
    ...(near.length > 0 ? { hint: `Did you mean ${orList(near)}?` } : {}),
  });
}

/** Each byte is a character, so that none is lost. */
function fieldsOf(body: Uint8Array): string[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  return text === '' ? [] : text.split('&');
}

function bytesOf(fields: readonly string[]): Uint8Array {
  return Buffer.from(fields.join('&'), 'latin1');
}

/** `items[0].sku` as it is written: a form has no structure, only names. */
function fieldName(path: JsonPath | string): string {
  const segments = typeof path === 'string' ? parsePath(path) : path;
  return segments.map(({ form, text }, index) => (form === 'index' ? `[${text}]` : index === 0 ? text : `.${text}`)).join('');
}

function nameOf(field: string): string {
  return [...new URLSearchParams(field.split('=', 1)[0]).keys()][0] ?? '';
}
