/** From a payload to the signed request a provider would send. */
import { WebhookError } from '../errors.js';
import { type HeaderList, headerValue, isHeaderValue, replaceHeaders, textToHeader } from '../http/headers.js';
import { isFormType } from '../http/media.js';
import type { OutgoingRequest } from '../http/message.js';
import { batchLength, inItem } from '../providers/batch.js';
import { isLocator } from '../providers/define.js';
import type { Locator, Provider, TimeFormat } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import { signRequest } from '../signature/sign.js';
import { writeTimestamp } from '../signature/timestamp.js';
import { isUnsigned } from '../signature/unsigned.js';
import { type Corruption, changedByte, corrupt, staleTime } from './corrupt.js';
import { applyEdits, type Edit } from './edits.js';
import { applyFormEdits } from './form-text.js';
import { readPointer } from './json-pointer.js';
import { minifyJson } from './json-text.js';
import { fillTemplate, type Random, spellTime } from './template.js';

export type { Corruption } from './corrupt.js';

export interface ComposeInput {
  readonly provider: Provider;
  /** The event's name, for headers that hold it. */
  readonly event: string;
  readonly payload: Uint8Array;
  /** True (a fixture): id and time are made fresh, and JSON loses its white space. False (a payload of the user's own): its bytes stay as they are. */
  readonly fresh: boolean;
  /** True: every byte but the fresh id and time stays, white space too. */
  readonly exact?: boolean;
  /** The sample's own headers; they win over the provider's. */
  readonly sampleHeaders?: HeaderList;
  readonly edits?: readonly Edit[];
  /** In place of a fresh id. */
  readonly id?: string | null;
  /** In place of now: Unix time in milliseconds. */
  readonly timestamp?: number | null;
  /** Empty: it goes unsigned. */
  readonly secrets: readonly string[];
  readonly url: string;
  /** The URL that is signed where the scheme signs one; default `url`. */
  readonly signedUrl?: string | null;
  readonly method?: string;
  /** Replace or add to what the provider sends; an empty value drops the header. */
  readonly headers?: HeaderList;
  /** The User-Agent of a provider that publishes none. */
  readonly userAgent: string;
  readonly corrupt?: Corruption | null;
  /** Unix time in milliseconds. */
  readonly now: number;
  readonly random: Random;
}

/**
 * Builds the request: edits that keep every other byte of the payload, the provider's own headers, and the signature
 * over exactly the bytes that are sent.
 *
 * @throws WebhookError `edit_failed`, `signing_impossible`, `secret_malformed` and `usage` with a sentence and a next step.
 */
export function compose(input: ComposeInput): OutgoingRequest {
  const { provider, url } = input;
  const method = input.method ?? 'POST';
  const time = input.timestamp ?? input.now;
  if (!(Math.abs(time) <= LAST_TIME)) {
    throw new WebhookError('usage', `The timestamp ${time} is no time there is.`, {
      hint: 'Give it as ISO 8601, or as seconds since 1970.',
    });
  }
  assertPlaces(input);
  const fault = input.corrupt ?? null;
  const unsigned = input.secrets.length === 0 || provider.schemes.length === 0 || isUnsigned(provider, input.payload);
  const signedAt = fault === 'timestamp' && !unsigned ? staleTime(provider, input.now) : time;
  const own = input.headers ?? [];
  const id = input.id ?? freshId(input, time);
  const body = composeBody(input, id, time, signedAt);

  const sampled = filledHeaders(input, id, time);
  const beside = replaceHeaders(sampled, own);
  const reader = new RequestReader({ headers: beside, body, path: url });
  const headers = replaceHeaders(replaceHeaders(providerHeaders(input, id, time, reader), sampled), own);
  if (unsigned) return { method, url, headers, body: fault === 'body' ? changedByte(body) : body };

  const signed = signRequest(provider, {
    headers,
    body,
    secrets: input.secrets,
    id,
    timestamp: signedAt,
    method,
    url: input.signedUrl ?? url,
  });
  const complete = replaceHeaders([...headers, ...signed.headers], own);
  return {
    method,
    url: signed.url === null || input.signedUrl != null ? url : signed.url,
    ...corrupt(provider, { headers: complete, body, edits: signed.edits }, fault),
  };
}

function freshId(input: ComposeInput, time: number): string {
  return freshText(input, input.provider.idFormat ?? '{uuid}', time, null, null) ?? '';
}

function freshText(
  { event, random }: ComposeInput,
  template: string,
  time: number,
  reader: RequestReader | null,
  before: string | null,
): string | null {
  return fillTemplate(template, { event, id: '', time, random, reader, before });
}

/** The last millisecond a Date can hold. */
const LAST_TIME = 8_640_000_000_000_000;

/** An id or a time that is asked for and has no place would be left out without a word. */
function assertPlaces(input: ComposeInput): void {
  const { provider, id, timestamp } = input;
  const hint = 'Put it where you want it with --set or --header.';
  const headersUse = (pattern: RegExp): boolean => provider.headers.some(([, template]) => pattern.test(template));
  if (id != null && idPlaces(provider, isForm(input)).length === 0 && !idInHeader(provider) && !headersUse(/\{id\}/)) {
    throw new WebhookError('usage', `A delivery of ${provider.title} carries no id of its own, so none can be chosen.`, { hint });
  }
  if (timestamp == null || provider.sentAt !== null || headersUse(/\{(iso|unix|unixms)\}/)) return;
  if (!provider.schemes.some((scheme) => scheme.sends && scheme.timestamp.length > 0)) {
    throw new WebhookError('usage', `A delivery of ${provider.title} carries no timestamp, so none can be chosen.`, { hint });
  }
}

/** Where ids stand in bodies; none where they do not, or are put together from several values. */
function idPlaces(provider: Provider, form: boolean): Locator[] {
  return provider.eventId.filter((expression): expression is Locator => isLocator(expression) && isInBody(expression, form));
}

function isInBody(locator: string, form: boolean): locator is Locator {
  return form ? locator.startsWith('form:') : /^(body|each):/.test(locator);
}

/** True where the body is a urlencoded form. */
function isForm({ provider, sampleHeaders = [], headers = [] }: ComposeInput): boolean {
  return isFormType(headerValue(headers, 'content-type') ?? headerValue(sampleHeaders, 'content-type') ?? provider.contentType);
}

function idInHeader(provider: Provider): boolean {
  const places = [...provider.eventId, ...provider.schemes.flatMap(({ messageId }) => messageId)];
  return places.some((place) => place.startsWith('header:'));
}

function composeBody(input: ComposeInput, id: string, time: number, signedAt: number): Uint8Array {
  const { provider, fresh } = input;
  const form = isForm(input);
  let body = fresh && input.exact !== true && !form ? minified(input.payload) : input.payload;
  let reader = readerOf(body);
  /** `reader` says what stood there before the first of several edits; none is within another. */
  const replace = (place: Locator, text: string, create: Created): void => {
    body = form ? replaceField(body, place, text, create) : replaceIn(body, place, text, create, reader.json);
  };
  for (const [place, template] of fresh ? Object.entries(provider.fresh) : []) {
    if (!isInBody(place, form)) continue;
    placesOf(provider, place, body).forEach((one, index) => {
      reader = readerOf(body);
      const spelled = provider.batch === null ? template : inItem(template, provider.batch, index);
      const text = freshText(input, spelled, time, reader, reader.read(one));
      if (text !== null) replace(one, text, null);
    });
  }
  // Events of one provider may have their ids in different places.
  reader = readerOf(body);
  const holds = (place: Locator): boolean => placesOf(provider, place, body).some((one) => reader.read(one) !== null);
  const candidates = idPlaces(provider, form);
  const at = candidates.find(holds) ?? candidates[0];
  if (at !== undefined && (fresh || input.id != null)) {
    const create = input.id != null && !idInHeader(provider) ? 'text' : null;
    placesOf(provider, at, body).forEach((place, index) => {
      replace(place, index === 0 ? id : freshId(input, time), create);
    });
  }
  const { sentAt } = provider;
  if (sentAt !== null && isInBody(sentAt, form) && (fresh || input.timestamp != null)) {
    for (const place of placesOf(provider, sentAt, body)) {
      const format = formatLike(reader.read(place), provider.sentAtFormats);
      const create = input.timestamp == null ? null : /^m?s$/.test(format) ? 'number' : 'text';
      replace(place, spellTime(time, format), create);
    }
  }
  if (fresh || input.timestamp != null || signedAt !== time) {
    for (const { sends, timestamp, timestampUnits } of provider.schemes) {
      const place = timestamp.find((locator) => isInBody(locator, form));
      if (sends && place !== undefined) replace(place, writeTimestamp(signedAt, timestampUnits[0] ?? 's'), null);
    }
  }
  const edits = input.edits ?? [];
  return form ? applyFormEdits(body, edits) : applyEdits(body, edits);
}

/** A fixture is sent many times over: it is brought into its form, and read, once. */
const minifiedBefore = new WeakMap<Uint8Array, Uint8Array>();
const readBefore = new WeakMap<Uint8Array, RequestReader>();

function minified(payload: Uint8Array): Uint8Array {
  let known = minifiedBefore.get(payload);
  if (known === undefined) {
    known = minifyJson(payload);
    minifiedBefore.set(payload, known);
    readBefore.set(known, new RequestReader({ headers: [], body: known, path: '/' }));
  }
  return known;
}

function readerOf(body: Uint8Array): RequestReader {
  return readBefore.get(body) ?? new RequestReader({ headers: [], body, path: '/' });
}

/** As many digits as times have in these centuries. */
const ANY_TIME = 1_700_000_000_000;

/** Of several spellings of a time, the one that what stands there has. */
function formatLike(before: string | null, formats: readonly TimeFormat[]): TimeFormat {
  const [first = 'iso'] = formats;
  if (before === null || formats.length < 2) return first;
  const shape = (text: string): string => text.replaceAll(/\d/g, '0');
  return formats.find((format) => shape(spellTime(ANY_TIME, format)) === shape(before)) ?? first;
}

/** The places a locator means: one, or one in each event of a batch. */
function placesOf({ batch }: Provider, locator: Locator, body: Uint8Array): Locator[] {
  if (batch === null || !locator.startsWith('each:')) return [locator];
  const length = batchLength(batch, new RequestReader({ headers: [], body, path: '/' }));
  return Array.from({ length }, (_, index): Locator => inItem(locator, batch, index) as Locator);
}

/** As what a value that the payload lacks is created; null: it is left out. */
type Created = 'text' | 'number' | null;

/** Sets a value that the payload has, as the number or string it is there; one that it lacks only where `create` says as what. */
function replaceIn(body: Uint8Array, locator: Locator, text: string, create: Created, json: unknown): Uint8Array {
  const path = locator.slice('body:'.length);
  const before = readPointer(json, path);
  if (before === undefined && create === null) return body;
  const asNumber = before === undefined ? create === 'number' : typeof before === 'number';
  const number = asNumber && /^(0|[1-9]\d*)$/.test(text);
  return applyEdits(body, [{ kind: 'set', path, json: number ? text : JSON.stringify(text) }]);
}

/** The same for a field of a form, which has only text. */
function replaceField(body: Uint8Array, locator: Locator, text: string, create: Created): Uint8Array {
  const [field, pointer] = locator.split('#/', 2) as [Locator, string?];
  const before = new RequestReader({ headers: [], body, path: '/' }).read(field);
  if (before === null && (create === null || pointer !== undefined)) return body;
  const after = pointer === undefined ? text : editedText(before ?? '', `body:/${pointer}`, text, create);
  if (after === before) return body;
  const path = [{ form: 'key', text: field.slice('form:'.length) }] as const;
  return applyFormEdits(body, [{ kind: 'set', path, json: JSON.stringify(after) }]);
}

function editedText(json: string, locator: Locator, text: string, create: Created): string {
  const bytes = Buffer.from(json);
  return Buffer.from(replaceIn(bytes, locator, text, create, readerOf(bytes).json)).toString('utf8');
}

/** The sample's own headers: what is fresh in them stands in braces, as in the provider's. */
function filledHeaders({ sampleHeaders = [], fresh, event, random }: ComposeInput, id: string, time: number): HeaderList {
  if (!fresh) return sampleHeaders;
  return sampleHeaders.map(([name, value]) => [name, fillTemplate(value, { event, id, time, random, reader: null }) ?? value]);
}

function providerHeaders(input: ComposeInput, id: string, time: number, reader: RequestReader): HeaderList {
  const { provider, event, random } = input;
  const headers: Array<readonly [string, string]> = [
    ['Content-Type', provider.contentType],
    ['User-Agent', provider.userAgent ?? input.userAgent],
  ];
  for (const [name, template] of provider.headers) {
    const value = fillTemplate(template, { event, id, time, random, reader });
    if (value !== null) headers.push([name, headerOf(name, value)]);
  }
  // An id that stands in a header is the provider's to send, signed or not.
  const idHeader = provider.eventId.find((expression) => expression.startsWith('header:'))?.slice('header:'.length);
  if (idHeader !== undefined && headerValue(headers, idHeader) === null) headers.push([idHeader, headerOf(idHeader, id)]);
  return headers;
}

function headerOf(name: string, text: string): string {
  const value = textToHeader(text);
  if (isHeaderValue(value)) return value;
  throw new WebhookError('usage', `The value for ${name} holds a control character, which no header can carry.`);
}
