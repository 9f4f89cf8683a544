/**
 * Reads and edits JSON as text: every byte that an edit is not about stays as it was, so that `499.00` stays `499.00`, a
 * key that stands twice stays twice, and an escape stays as it is spelled.
 */
import { WebhookError } from '../errors.js';
import { nearest, orList } from '../nearest.js';
import { formatPath, type JsonPath, parsePath, spellJsonString } from './json-path.js';
import { JsonReader, latin1Of, utf8AsLatin1, utf8Of } from './json-tokens.js';
import { type Step, walkPath } from './json-walk.js';

/** A stretch of bytes. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/**
 * The JSON without insignificant white space and byte order mark; every other byte is kept.
 *
 * @throws WebhookError `edit_failed` with line and column where it is not JSON.
 */
export function minifyJson(bytes: Uint8Array): Uint8Array {
  const reader = new JsonReader(latin1Of(bytes));
  const result = new Uint8Array(bytes.length);
  let length = 0;
  // Tokens that touch are copied in one go.
  let from = 0;
  let to = 0;
  const flush = (): void => {
    result.set(bytes.subarray(from, to), length);
    length += to - from;
  };
  while (reader.next()) {
    if (reader.start !== to) {
      flush();
      from = reader.start;
    }
    to = reader.end;
  }
  flush();
  return result.slice(0, length);
}

/** The value of JSON bytes, by JSON.parse; `undefined` where they are not JSON. A byte order mark is skipped. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/**
 * Where the text of a value stands; null where the path leads nowhere. Of a key that stands several times the last one
 * counts, as for JSON.parse.
 *
 * @throws WebhookError `edit_failed` where the bytes are not JSON.
 */
export function locate(bytes: Uint8Array, path: JsonPath | string): Span | null {
  const segments = typeof path === 'string' ? parsePath(path) : path;
  const found = walkPath(latin1Of(bytes), segments);
  const step = found[segments.length];
  return step === undefined ? null : { offset: step.start, length: step.end - step.start };
}

/**
 * The bytes with one value set to a JSON text, as it is spelled. Parents that are not there are made: an array where the
 * next step is `[-]` or 0, else an object.
 *
 * @throws WebhookError `edit_failed` where the bytes or the text are not JSON, or a parent is neither object nor array.
 * @example setJson(bytes, 'data.order.total', '12.50')
 */
export function setJson(bytes: Uint8Array, path: JsonPath | string, rawJsonText: string): Uint8Array {
  const segments = typeof path === 'string' ? parsePath(path) : path;
  const text = latin1Of(bytes);
  const value = valueText(rawJsonText);
  const found = walkPath(text, segments);
  const target = found[segments.length];
  if (target !== undefined) return splice(text, target.start, target.end, value);
  const parent = deepest(found);
  const depth = found.length - 1;
  const item = memberPrefix(text, segments, depth, parent) + made(segments, depth + 1, value);
  return parent.count === 0
    ? splice(text, parent.start + 1, parent.start + 1, item)
    : splice(text, parent.lastEnd, parent.lastEnd, `,${item}`);
}

/**
 * The bytes without one value, its key and exactly one comma. Of a key that stands several times all are taken out, so
 * that the path is gone.
 *
 * @throws WebhookError `edit_failed` where the bytes are not JSON, or nothing is there; the hint names the nearest keys.
 */
export function unsetJson(bytes: Uint8Array, path: JsonPath | string): Uint8Array {
  const segments = typeof path === 'string' ? parsePath(path) : path;
  if (segments.length === 0) throw new WebhookError('edit_failed', 'The whole document cannot be taken out.');
  const text = latin1Of(bytes);
  const found = walkPath(text, segments);
  const parent = found[segments.length - 1];
  if (found.length <= segments.length || parent === undefined) throw notThere(text, segments, found);
  let result = '';
  let from = 0;
  for (const [start, end] of parent.cuts) {
    result += text.slice(from, start);
    from = end;
  }
  return Buffer.from(result + text.slice(from), 'latin1');
}

function deepest(found: readonly Step[]): Step {
  const step = found[found.length - 1];
  // A document that was read to its end has a root.
  if (step === undefined) throw new WebhookError('edit_failed', 'The document is empty.');
  return step;
}

/**
 * What stands before a new value in the parent where the path stopped: its key and colon, or nothing in an array.
 *
 * @throws WebhookError `edit_failed` where the parent cannot take what the path names.
 */
function memberPrefix(text: string, segments: JsonPath, depth: number, parent: Step): string {
  const segment = segments[depth];
  if (segment === undefined) return '';
  const here = formatPath(segments.slice(0, depth));
  const fail = (why: string, hint: string): WebhookError =>
    new WebhookError('edit_failed', `${formatPath(segments)} cannot be set: ${here} is ${describe(text, parent)}${why}.`, {
      hint,
    });
  switch (parent.kind) {
    case '{':
      if (segment.form === 'index') throw fail(`, and [${segment.text}] names an item of an array`, 'Name a key of the object.');
      return `${spellKey(segment.text)}:`;
    case '[':
      if (segment.form === 'key') {
        throw fail(`, and '${segment.text}' is no index of it`, 'Name an index, or [-] for a new item at the end.');
      }
      if (segment.text !== '-' && segment.text !== String(parent.count)) {
        throw fail(`, and index ${segment.text} is beyond its end`, 'Use [-] for a new item at the end.');
      }
      return '';
    default:
      throw fail(', which has no members', `Set ${here} itself to an object or an array first.`);
  }
}

/** The value inside the parents that the path names from `step` on, as Latin-1 text. */
function made(segments: JsonPath, step: number, value: string): string {
  let before = '';
  let after = '';
  for (const [index, segment] of segments.entries()) {
    if (index < step) continue;
    if (segment.form !== 'key' && (segment.text === '-' || segment.text === '0')) {
      before += '[';
      after = `]${after}`;
    } else if (segment.form === 'index') {
      const parent = formatPath(segments.slice(0, index));
      const why = `${parent} would be a new array, and index ${segment.text} is beyond its end`;
      throw new WebhookError('edit_failed', `${formatPath(segments)} cannot be set: ${why}.`, {
        hint: 'Use [-] for the first item of a new array.',
      });
    } else {
      before += `{${spellKey(segment.text)}:`;
      after = `}${after}`;
    }
  }
  return before + value + after;
}

function spellKey(name: string): string {
  return utf8AsLatin1(spellJsonString(name));
}

/** A JSON text as Latin-1, without the white space around it. */
function valueText(json: string): string {
  const text = utf8AsLatin1(json);
  const reader = new JsonReader(text);
  let start = -1;
  let end = 0;
  try {
    while (reader.next()) {
      if (start < 0) start = reader.start;
      end = reader.end;
    }
  } catch (error) {
    const shown = json.length > 60 ? `${json.slice(0, 60)}…` : json;
    throw new WebhookError('edit_failed', `'${shown}' is not a JSON value.`, {
      hint: 'Put a text in double quotes.',
      cause: error,
    });
  }
  return text.slice(start, end);
}

function splice(text: string, start: number, end: number, value: string): Uint8Array {
  return Buffer.from(text.slice(0, start) + value + text.slice(end), 'latin1');
}

function describe(text: string, step: Step): string {
  switch (step.kind) {
    case '{':
      return 'an object';
    case '[':
      return `an array of ${step.count === 1 ? '1 item' : `${step.count} items`}`;
    case 'number':
      return 'a number';
    case 'string':
      return 'a string';
    default:
      return text.slice(step.start, step.end);
  }
}

function notThere(text: string, segments: JsonPath, found: readonly Step[]): WebhookError {
  const parent = deepest(found);
  const segment = segments[found.length - 1];
  const here = formatPath(segments.slice(0, found.length - 1));
  const message = `${formatPath(segments)} cannot be taken out: it is not there.`;
  if (parent.kind !== '{') return new WebhookError('edit_failed', message, { hint: `${here} is ${describe(text, parent)}.` });
  const keys = keysOf(text.slice(parent.start, parent.end));
  const near = nearest(segment?.text ?? '', keys);
  const hint =
    near.length > 0
      ? `Did you mean ${orList(near)}?`
      : keys.length > 0
        ? `The keys of ${here} are ${keys.slice(0, 10).join(', ')}${keys.length > 10 ? ', …' : ''}.`
        : `${here} is an empty object.`;
  return new WebhookError('edit_failed', message, { hint });
}

/** The keys of the object that the text is; at most a thousand. */
function keysOf(text: string): string[] {
  const keys = new Set<string>();
  const reader = new JsonReader(text);
  while (keys.size < 1_000 && reader.next()) {
    if (reader.kind === 'key' && reader.depth === 1) keys.add(String(JSON.parse(utf8Of(text.slice(reader.start, reader.end)))));
  }
  return [...keys];
}
