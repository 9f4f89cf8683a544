/** The edits a person asks for with --set and --unset, in order. */
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
