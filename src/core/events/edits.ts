/** The edits a person asks for with --set and --unset, in order. */
import { type HeaderList, headerValue } from '../http/headers.js';
import { isFormType } from '../http/media.js';
import { setField, unsetField } from './form-text.js';
import type { JsonPath } from './json-path.js';
import { setJson, unsetJson } from './json-text.js';

export type Edit =
  /** `json`: the value's JSON text, put there as it is spelled. */
  | { readonly kind: 'set'; readonly path: JsonPath | string; readonly json: string }
  | { readonly kind: 'unset'; readonly path: JsonPath | string };

/** Applies each edit as a splice into the text; every byte outside it stays. */
export function applyEdits(body: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce(
    (bytes, edit) => (edit.kind === 'set' ? setJson(bytes, edit.path, edit.json) : unsetJson(bytes, edit.path)),
    body,
  );
}

/** The same for a urlencoded form. */
export function applyFormEdits(body: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce(
    (bytes, edit) => (edit.kind === 'set' ? setField(bytes, edit.path, edit.json) : unsetField(bytes, edit.path)),
    body,
  );
}

/** The same for a body that may be a form, which its Content-Type says. */
export function editBody(headers: HeaderList, body: Uint8Array, edits: readonly Edit[]): Uint8Array {
  if (edits.length === 0) return body;
  return isFormType(headerValue(headers, 'content-type')) ? applyFormEdits(body, edits) : applyEdits(body, edits);
}

/** What signing puts into a body, as edits. */
export function settings(values: ReadonlyArray<readonly [path: string, json: string]>): Edit[] {
  return values.map(([path, json]) => ({ kind: 'set', path, json }));
}
