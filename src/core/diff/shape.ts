/** Compares JSON documents by their structure: which paths there are, and what kinds of values stand there. */

import { WebhookError } from '../errors.js';
import { formatPath, type JsonPath, type PathSegment } from '../events/json-path.js';
import { JsonReader, latin1Of, textOfString } from '../events/json-tokens.js';
import { headerValue } from '../http/headers.js';
import { isFormType } from '../http/media.js';
import type { Message } from './body.js';
import type { Difference, Differences } from './model.js';

/** A bit each. */
const KINDS = { array: 1, boolean: 2, null: 4, number: 8, object: 16, string: 32 } as const;

/** What stands at a path; the items of an array are one, whatever their number. */
interface Shape {
  /** Every kind of value that stands there. */
  kinds: number;
  /** Null: there was no object, or only empty ones. */
  members: Map<string, Shape> | null;
  items: Shape | null;
}

const NO_MEMBERS: ReadonlyMap<string, Shape> = new Map();

/** A body does not get to make us list its paths without end. */
const MOST_SHAPES = 200_000;
const MOST_TOLD = 10_000;
const MOST_STEPS = 64;

/**
 * How a payload has drifted from its sample: paths that one of them lacks, and values of another kind. Of what is absent only
 * the top is told. Null and empty arrays say nothing of what else may stand there.
 *
 * @throws WebhookError `input_malformed` where one is neither JSON nor a form.
 * @example shapeDifferences(fixture, request).list // [{ kind: 'added', path: 'data.order.items[*].weight', after: 'number', … }]
 */
export function shapeDifferences(sample: Message, payload: Message): Differences {
  const list: Difference[] = [];
  let more = 0;
  const report = (at: Step | null, kind: Difference['kind'], before: Shape | null, after: Shape | null): void => {
    if (list.length === MOST_TOLD) {
      more++;
      return;
    }
    const texts = { before: before && kindsOf(before), after: after && kindsOf(after) };
    list.push({ part: 'body', kind, path: formatPath(pathOf(at)), to: null, ...texts, expected: null });
  };
  const pairs: Array<readonly [Shape, Shape, Step | null]> = [[shapeIn(sample, 'sample'), shapeIn(payload, 'delivery'), null]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [before, after, at] = pair;
    if (!isCompatible(before, after)) report(at, 'changed', before, after);
    const inner: Array<readonly [Shape, Shape, Step | null]> = [];
    for (const [key, one] of before.members ?? NO_MEMBERS) {
      const other = after.members?.get(key);
      const step: Step = { key, above: at };
      if (other !== undefined) inner.push([one, other, step]);
      else if ((after.kinds & KINDS.object) !== 0) report(step, 'removed', one, null);
    }
    if ((before.kinds & KINDS.object) !== 0) {
      for (const [key, other] of after.members ?? NO_MEMBERS) {
        if (before.members?.has(key) !== true) report({ key, above: at }, 'added', null, other);
      }
    }
    if (before.items !== null && after.items !== null) inner.push([before.items, after.items, { key: null, above: at }]);
    pairs.push(...inner.reverse());
  }
  return { list, more };
}

/** One step of a path; null: any item. */
interface Step {
  readonly key: string | null;
  readonly above: Step | null;
}

function pathOf(at: Step | null): JsonPath {
  const path: PathSegment[] = [];
  for (let step = at; step !== null; step = step.above) {
    if (path.length === MOST_STEPS) {
      path.push({ form: 'key', text: '…' });
      break;
    }
    path.push(step.key === null ? { form: 'index', text: '*' } : { form: 'key', text: step.key });
  }
  return path.reverse();
}

function isCompatible(before: Shape, after: Shape): boolean {
  const known = before.kinds & ~KINDS.null;
  const told = after.kinds & ~KINDS.null;
  return known === 0 || told === 0 || (told & ~known) === 0;
}

function kindsOf({ kinds }: Shape): string {
  return Object.entries(KINDS)
    .flatMap(([name, bit]) => ((kinds & bit) === 0 ? [] : [name]))
    .join(' or ');
}

function shapeIn({ headers, body }: Message, whose: string): Shape {
  // A form is an object of texts.
  if (isFormType(headerValue(headers, 'content-type'))) {
    const fields = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString('utf8')));
    return shapeOf(Buffer.from(JSON.stringify(fields)));
  }
  try {
    return shapeOf(body);
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    throw new WebhookError(
      'input_malformed',
      `The body of the ${whose} is neither JSON nor a form: it has no structure to compare.`,
      {
        hint: 'Compare what they say: --values, or --values --bytes.',
        cause: error,
      },
    );
  }
}

function shapeOf(bytes: Uint8Array): Shape {
  const text = latin1Of(bytes);
  const reader = new JsonReader(text);
  const root = newShape();
  let count = 1;
  const open: Shape[] = [];
  let key = '';
  /** Where the next value stands. Beyond the most there may be, its structure is not looked at. */
  const place = (): Shape => {
    const above = open[open.length - 1];
    if (above === undefined) return root;
    const known = inArray() ? above.items : above.members?.get(key);
    if (known != null) return known;
    if (count === MOST_SHAPES) return newShape();
    count++;
    const made = newShape();
    if (inArray()) above.items = made;
    else {
      above.members ??= new Map();
      above.members.set(key, made);
    }
    return made;
  };
  const arrays: boolean[] = [];
  const inArray = (): boolean => arrays[arrays.length - 1] === true;
  while (reader.next()) {
    const { kind, start, end } = reader;
    switch (kind) {
      case ',':
      case ':':
        break;
      case '}':
      case ']':
        open.pop();
        arrays.pop();
        break;
      case 'key':
        key = textOfString(text.slice(start + 1, end - 1));
        break;
      case '{':
      case '[': {
        const shape = place();
        shape.kinds |= kind === '{' ? KINDS.object : KINDS.array;
        open.push(shape);
        arrays.push(kind === '[');
        break;
      }
      default:
        place().kinds |= KINDS[kind !== 'literal' ? kind : text.charCodeAt(start) === 0x6e ? 'null' : 'boolean'];
    }
  }
  return root;
}

function newShape(): Shape {
  return { kinds: 0, members: null, items: null };
}
