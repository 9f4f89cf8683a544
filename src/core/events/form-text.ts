/** Edits of a urlencoded form as text: every byte that an edit is not about stays as it was. */
import { WebhookError } from '../errors.js';
import { nearest, orList } from '../nearest.js';
import type { Edit } from './edits.js';
import { type JsonPath, parsePath } from './json-path.js';

/**
 * Applies edits to the fields of a form. A path names a field (`MessageSid`); of a field that stands several times the first is set, and
 * all are taken out. JSON text that is a string stands for what it says, any other for itself.
 *
 * @throws WebhookError `edit_failed` where a field to take out is not there.
 */
export function applyFormEdits(body: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const text = Buffer.from(body).toString('latin1');
  const edited = edits.reduce((before, edit) => {
    const name = fieldName(edit.path);
    return edit.kind === 'set' ? setField(before, name, fieldValue(edit.json)) : unsetField(before, name);
  }, text);
  return edits.length === 0 ? body : Buffer.from(edited, 'latin1');
}

/** `items[0].sku` as it is written: a form has no structure, only names. */
function fieldName(path: JsonPath | string): string {
  const segments = typeof path === 'string' ? parsePath(path) : path;
  return segments.map(({ form, text }, index) => (form === 'index' ? `[${text}]` : index === 0 ? text : `.${text}`)).join('');
}

function fieldValue(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}

function setField(text: string, name: string, value: string): string {
  const written = new URLSearchParams([[name, value]]).toString();
  const fields = text === '' ? [] : text.split('&');
  const at = fields.findIndex((field) => nameOf(field) === name);
  if (at < 0) return [...fields, written].join('&');
  const [key = ''] = (fields[at] as string).split('=', 1);
  fields[at] = `${key}=${written.slice(written.indexOf('=') + 1)}`;
  return fields.join('&');
}

function unsetField(text: string, name: string): string {
  const fields = text.split('&');
  const left = fields.filter((field) => nameOf(field) !== name);
  if (left.length < fields.length) return left.join('&');
  const near = nearest(
    name,
    fields.map((field) => nameOf(field)),
  );
  throw new WebhookError('edit_failed', `There is no field '${name}' in the form.`, {
    ...(near.length > 0 ? { hint: `Did you mean ${orList(near)}?` } : {}),
  });
}

function nameOf(field: string): string {
  return [...new URLSearchParams(field.split('=', 1)[0]).keys()][0] ?? '';
}
