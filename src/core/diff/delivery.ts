/** Compares two requests, and two answers. */
import { type JsonPath, parsePath } from '../events/json-path.js';
import { isUnder, type PathPattern } from '../events/path-pattern.js';
import { type HeaderList, headerValue } from '../http/headers.js';
import type { HttpRequest, HttpResponse } from '../http/message.js';
import type { Provider } from '../providers/model.js';
import { signatureHeaderNames } from '../signature/sign.js';
import { bodyDifferences } from './body.js';
import { fieldDifferences } from './fields.js';
import type { Difference, Differences } from './model.js';

export interface CompareOptions {
  /** Compare the bodies as bytes. */
  readonly asBytes?: boolean;
  /** Paths in the bodies at which a difference is left out. */
  readonly ignore?: readonly PathPattern[];
}

/** Headers that are another in every request, and why. */
const ALWAYS_OTHER: Readonly<Record<string, string>> = {
  date: 'the time',
  age: 'the time',
  host: 'the address',
  'x-forwarded-host': 'the address',
  'x-forwarded-for': 'the way it came',
  'x-real-ip': 'the way it came',
  'cf-connecting-ip': 'the way it came',
  via: 'the way it came',
  'content-length': 'the length of the body',
  'x-request-id': 'an id of the request',
  'x-correlation-id': 'an id of the request',
  'x-amzn-trace-id': 'an id of the request',
  'cf-ray': 'an id of the request',
  'request-id': 'an id of the request',
  traceparent: 'an id of the request',
  tracestate: 'an id of the request',
};

/**
 * How one request differs from another: request line, headers, body.
 *
 * @param provider Whose they are: its signatures, times and ids differ from one to the next. Null: not known.
 */
export function requestDifferences(
  before: HttpRequest,
  after: HttpRequest,
  provider: Provider | null,
  options: CompareOptions = {},
): Differences {
  const list: Difference[] = [];
  for (const what of ['method', 'path'] as const) {
    if (before[what] === after[what]) continue;
    list.push({
      part: 'request',
      kind: 'changed',
      path: what,
      to: null,
      before: before[what],
      after: after[what],
      expected: null,
    });
  }
  const headers = expectedHeaders(provider);
  for (const difference of fieldDifferences(before.headers, after.headers, 'headers', true)) {
    list.push({ ...difference, expected: headers.get(difference.path.toLowerCase()) ?? null });
  }
  const body = bodyDifferences(before, after, { ...options, expected: expectedIn(provider) });
  return { list: [...list, ...body.list], more: body.more };
}

function expectedHeaders(provider: Provider | null): Map<string, string> {
  const expected = new Map(Object.entries(ALWAYS_OTHER));
  if (provider === null) return expected;
  for (const name of signatureHeaderNames(provider)) expected.set(name.toLowerCase(), 'the signature');
  for (const scheme of provider.schemes) addHeaders(expected, scheme.timestamp, 'the time');
  for (const scheme of provider.schemes) addHeaders(expected, scheme.messageId, 'the id');
  addHeaders(expected, provider.eventId, 'the id');
  if (provider.sentAt !== null) addHeaders(expected, [provider.sentAt], 'the time');
  return expected;
}

function addHeaders(expected: Map<string, string>, places: readonly string[], why: string): void {
  for (const place of places) {
    if (place.startsWith('header:')) expected.set(place.slice('header:'.length).toLowerCase(), why);
  }
}

interface ExpectedPlace {
  readonly pattern: PathPattern;
  readonly why: string;
}

/** Why what a body holds at a path is another in every delivery of a provider; null where it need not be. */
export function expectedIn(provider: Provider | null): (path: JsonPath) => string | null {
  const places = provider === null ? [] : expectedPlaces(provider);
  return (path) => places.find(({ pattern }) => isUnder(path, pattern))?.why ?? null;
}

function expectedPlaces(provider: Provider): ExpectedPlace[] {
  const { schemes, eventId, sentAt, fresh, batch } = provider;
  const found: ExpectedPlace[] = [];
  const add = (places: readonly string[], why: string): void => {
    for (const place of places) {
      const pattern = patternOf(place, batch);
      if (pattern !== null) found.push({ pattern, why });
    }
  };
  add(eventId, 'the id');
  add(sentAt === null ? [] : [sentAt], 'the time');
  for (const scheme of schemes) {
    add(scheme.timestamp, 'the time');
    add(scheme.at, 'the signature');
    add(scheme.messageId, 'the id');
  }
  add(Object.keys(fresh), 'fresh each time');
  return found;
}

/** `body:/a/b`, `each:/a` (in each event of a batch) and `form:a` as patterns; null for other places. */
function patternOf(place: string, batch: string | null): PathPattern | null {
  const [, kind = '', rest = ''] = /^(body|each|form):(.*)$/s.exec(place) ?? [];
  if (kind === 'form') return [rest.split('#/', 1)[0] ?? rest];
  if (kind === 'body') return names(rest);
  if (kind === 'each' && batch !== null) return [...names(batch.slice('body:'.length)), '*', ...names(rest)];
  return null;
}

function names(pointer: string): string[] {
  const path: JsonPath = pointer === '' ? [] : parsePath(pointer);
  return path.map(({ text }) => text);
}

/** How one answer differs from another in what a sender sees of it: status, media type, body by its meaning. */
export function answerDifferences(before: HttpResponse, after: HttpResponse, options: CompareOptions = {}): Differences {
  const list: Difference[] = [];
  const add = (part: Difference['part'], path: string, one: string | null, other: string | null): void => {
    if (one === other) return;
    const kind = one === null ? 'added' : other === null ? 'removed' : 'changed';
    list.push({ part, kind, path, to: null, before: one, after: other, expected: null });
  };
  add('status', 'status', String(before.status), String(after.status));
  add('headers', 'Content-Type', mediaType(before.headers), mediaType(after.headers));
  const body = bodyDifferences(before, after, options);
  return { list: [...list, ...body.list], more: body.more };
}

/** Without its parameters. */
function mediaType(headers: HeaderList): string | null {
  return headerValue(headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
}
