import { formatPath, type JsonPath } from '../events/json-path.js';
import { minifyJson } from '../events/json-text.js';
import { utf8Of } from '../events/json-tokens.js';
import { isUnder, type PathPattern } from '../events/path-pattern.js';
import { type HeaderList, headerValue } from '../http/headers.js';
import { isFormType } from '../http/media.js';
import { bytesDifference } from './bytes.js';
import { type Fields, fieldDifferences } from './fields.js';
import { jsonDifferences } from './json.js';
import { lineDifferences } from './lines.js';
import { cut, type Difference, type Differences } from './model.js';
import { JsonTape } from './tape.js';

export interface Message {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

export interface BodyOptions {
  /** Compare bytes, whatever they say. */
  readonly asBytes?: boolean;
  /** Paths in JSON, and names of form fields, at which a difference is left out. */
  readonly ignore?: readonly PathPattern[];
  /** Why a difference at a path is no surprise; null: it is one. */
  expected?(path: JsonPath): string | null;
}

/** So many are told; of more, how many. */
const MOST_TOLD = 10_000;
const LONGEST_RAW = 4_000;

/** How two bodies differ: JSON and forms by what they mean, other texts by lines where that shows it, everything else as bytes. */
export function bodyDifferences(before: Message, after: Message, options: BodyOptions = {}): Differences {
  if (Buffer.compare(before.body, after.body) === 0) return { list: [], more: 0 };
  if (options.asBytes === true) return asBytes(before, after);
  if (isForm(before) && isForm(after)) return asForms(before, after, options);
  const one = JsonTape.of(before.body);
  const other = one === null ? null : JsonTape.of(after.body);
  if (one !== null && other !== null) return asJson(one, other, options);
  return lineDifferences(before.body, after.body, MOST_TOLD) ?? asBytes(before, after);
}

function asJson(before: JsonTape, after: JsonTape, { ignore = [], expected }: BodyOptions): Differences {
  const list: Difference[] = [];
  let more = 0;
  for (const { kind, before: one, after: other } of jsonDifferences(before, after)) {
    if (list.length >= MOST_TOLD) {
      more++;
      continue;
    }
    const from = one < 0 ? null : before.path(one);
    const to = other < 0 ? null : after.path(other);
    const path = from ?? to ?? [];
    if (ignore.some((pattern) => isUnder(path, pattern) || (to !== null && isUnder(to, pattern)))) continue;
    const here = formatPath(path);
    const there = to === null ? here : formatPath(to);
    const told = kind !== 'order';
    list.push({
      part: 'body',
      kind,
      path: here,
      to: there === here ? null : there,
      before: one < 0 || !told ? null : textAt(before, one),
      after: other < 0 || !told ? null : textAt(after, other),
      expected: expected?.(path) ?? null,
    });
  }
  if (list.length === 0 && more === 0 && ignore.length === 0) list.push({ ...NOTHING, kind: 'layout' });
  return { list, more };
}

const NOTHING: Omit<Difference, 'kind'> = { part: 'body', path: '', to: null, before: null, after: null, expected: null };

/** Without its white space, where it is short enough to be told whole. */
function textAt(tape: JsonTape, value: number): string {
  const raw = tape.text.slice(tape.start(value), Math.min(tape.end(value), tape.start(value) + LONGEST_RAW));
  const whole = tape.isContainer(value) && raw.length < LONGEST_RAW;
  return cut(whole ? Buffer.from(minifyJson(Buffer.from(raw, 'latin1'))).toString('utf8') : utf8Of(raw));
}

function asBytes(before: Message, after: Message): Differences {
  const bytes = bytesDifference(before.body, after.body);
  return { list: bytes === null ? [] : [{ ...NOTHING, kind: 'bytes', bytes }], more: 0 };
}

function asForms(before: Message, after: Message, { ignore = [], expected }: BodyOptions): Differences {
  const all = fieldDifferences(fieldsOf(before.body), fieldsOf(after.body), 'body', false);
  if (all.length === 0) return { list: [{ ...NOTHING, kind: 'spelled' }], more: 0 };
  const pathOf = (name: string): JsonPath => [{ form: 'key', text: name }];
  const list = all
    .filter(({ path }) => !ignore.some((pattern) => isUnder(pathOf(path), pattern)))
    .map((difference) => ({ ...difference, expected: expected?.(pathOf(difference.path)) ?? null }));
  return { list: list.slice(0, MOST_TOLD), more: Math.max(0, list.length - MOST_TOLD) };
}

function fieldsOf(body: Uint8Array): Fields {
  return [...new URLSearchParams(Buffer.from(body).toString('utf8'))];
}

function isForm({ headers }: Message): boolean {
  return isFormType(headerValue(headers, 'content-type'));
}
