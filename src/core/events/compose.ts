/** From a payload to the signed request a provider would send. */
import { WebhookError } from '../errors.js';
import { type HeaderList, headerValue, isHeaderValue, replaceHeaders, textToHeader } from '../http/headers.js';
import { isFormType } from '../http/media.js';
import type { OutgoingRequest } from '../http/message.js';
import { batchLength, inItem } from '../providers/batch.js';
import { isLocator, type Locator } from '../providers/locator.js';
import type { Provider, TimeFormat } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import { signRequest } from '../signature/sign.js';
import { writeTimestamp } from '../signature/timestamp.js';
import { isUnsigned } from '../signature/unsigned.js';
import { BodyDraft, type BodyTemplate, type Run, type Value, valueIn } from './body-template.js';
import { type Corruption, changedByte, corrupt, staleTime } from './corrupt.js';
import type { Edit } from './edits.js';
import { minifyJson } from './json-text.js';
import { fillTemplate, fitsEvent, locatorsIn, type Random, spellTime } from './template.js';

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

/** What many deliveries have in common. */
export type ComposerInput = Omit<ComposeInput, 'now' | 'random'>;

export interface Composed {
  readonly request: OutgoingRequest;
  /** Reads the request as it is sent. */
  readonly reader: RequestReader;
}

/** Makes deliveries that differ in nothing but what is fresh in each. */
export type Composer = (now: number, random: Random) => Composed;

/**
 * Builds the request: edits that keep every other byte of the payload, the provider's own headers, and the signature
 * over exactly the bytes that are sent.
 *
 * @throws WebhookError `edit_failed`, `signing_impossible`, `secret_malformed` and `usage` with a sentence and a next step.
 */
export function compose({ now, random, ...input }: ComposeInput): OutgoingRequest {
  return createComposer(input)(now, random).request;
}

/**
 * Reads the payload, edits it and finds the places of what is fresh in it, once; each delivery then costs its fresh values and
 * its signature.
 *
 * @throws WebhookError as {@link compose} does; the composer too, where it cannot sign.
 */
export function createComposer(input: ComposerInput): Composer {
  const { provider, url } = input;
  const method = input.method ?? 'POST';
  const signedUrl = input.signedUrl ?? url;
  if (input.timestamp != null) assertTime(input.timestamp);
  assertPlaces(input);
  const fault = input.corrupt ?? null;
  const unsigned = input.secrets.length === 0 || provider.schemes.length === 0 || isUnsigned(provider, input.payload);
  const stale = fault === 'timestamp' && !unsigned;
  if (stale) staleTime(provider, 0);
  const own = input.headers ?? [];
  const template = bodyTemplate(input, stale);

  return (now, random) => {
    const time = input.timestamp ?? now;
    assertTime(time);
    const id = input.id ?? freshId(input, time, random);
    const run: Run = { id, time, signedAt: stale ? staleTime(provider, now) : time, random, values: [] };
    const body = template.fill(run);
    const known = (place: Locator): string | null => template.read(place, run);

    const sampled = filledHeaders(input, run);
    const beside = replaceHeaders(sampled, own);
    const fields = providerHeaders(input, run, new RequestReader({ headers: beside, body, path: url }, known));
    const headers = replaceHeaders(replaceHeaders(fields, sampled), own);
    const finished = (request: OutgoingRequest): Composed => ({
      request,
      reader: new RequestReader(
        { headers: request.headers, body: request.body, path: request.url },
        request.body === body ? known : undefined,
      ),
    });
    if (unsigned) return finished({ method, url, headers, body: fault === 'body' ? changedByte(body) : body });

    const reader = new RequestReader({ headers, body, path: signedUrl }, known);
    const { secrets } = input;
    const signed = signRequest(provider, { headers, body, secrets, id, timestamp: run.signedAt, method, url: signedUrl, reader });
    const complete = replaceHeaders([...headers, ...signed.headers], own);
    return finished({
      method,
      url: signed.url === null || input.signedUrl != null ? url : signed.url,
      ...corrupt(provider, { headers: complete, body, edits: signed.edits }, fault),
    });
  };
}

function assertTime(time: number): void {
  if (Math.abs(time) <= LAST_TIME) return;
  throw new WebhookError('usage', `The timestamp ${time} is no time there is.`, {
    hint: 'Give it as ISO 8601, or as seconds since 1970.',
  });
}

function freshId({ provider, event }: ComposerInput, time: number, random: Random): string {
  return fillTemplate(provider.idFormat ?? '{uuid}', { event, id: '', time, random, reader: null }) ?? '';
}

/** The last millisecond a Date can hold. */
const LAST_TIME = 8_640_000_000_000_000;

/** An id or a time that is asked for and has no place would be left out without a word. */
function assertPlaces(input: ComposerInput): void {
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
function isForm({ provider, sampleHeaders = [], headers = [] }: ComposerInput): boolean {
  return isFormType(headerValue(headers, 'content-type') ?? headerValue(sampleHeaders, 'content-type') ?? provider.contentType);
}

function idInHeader(provider: Provider): boolean {
  const places = [...provider.eventId, ...provider.schemes.flatMap(({ messageId }) => messageId)];
  return places.some((place) => place.startsWith('header:'));
}

/** @param stale The time that is signed is not the one that is sent. */
function bodyTemplate(input: ComposerInput, stale: boolean): BodyTemplate {
  const { provider, fresh, edits = [] } = input;
  const form = isForm(input);
  const payload = fresh && input.exact !== true && !form ? minifyJson(input.payload) : input.payload;
  const others = edits.flatMap((edit) => (edit.kind === 'set' ? [edit.json] : []));
  const draft = new BodyDraft(payload, form, input.id == null ? others : [...others, input.id]);
  for (const [place, template] of fresh ? Object.entries(provider.fresh) : []) {
    if (!isInBody(place, form)) continue;
    placesOf(provider, place, draft.body).forEach((one, index) => {
      const reader = draft.reader();
      const spelled = provider.batch === null ? template : inItem(template, provider.batch, index);
      const value = freshValue(input, spelled, draft, one, reader);
      if (value !== null) draft.set(one, value, null, reader);
    });
  }
  // Events of one provider may have their ids in different places.
  const reader = draft.reader();
  const holds = (place: Locator): boolean => placesOf(provider, place, draft.body).some((one) => reader.read(one) !== null);
  const candidates = idPlaces(provider, form);
  const at = candidates.find(holds) ?? candidates[0];
  if (at !== undefined && (fresh || input.id != null)) {
    const create = input.id != null && !idInHeader(provider) ? 'text' : null;
    placesOf(provider, at, draft.body).forEach((place, index) => {
      const first = input.id ?? ((run: Run) => run.id);
      draft.set(place, index === 0 ? first : ({ time, random }) => freshId(input, time, random), create, reader);
    });
  }
  const { sentAt } = provider;
  if (sentAt !== null && isInBody(sentAt, form) && (fresh || input.timestamp != null)) {
    for (const place of placesOf(provider, sentAt, draft.body)) {
      const before = draft.read(place, reader);
      const known = before === null || typeof before === 'string' ? formatLike(before, provider.sentAtFormats) : null;
      const formatIn = (run: Run): TimeFormat => known ?? formatLike(valueIn(run, before ?? ''), provider.sentAtFormats);
      const create = input.timestamp == null ? null : /^m?s$/.test(known ?? '') ? 'number' : 'text';
      draft.set(place, (run) => spellTime(run.time, formatIn(run)), create, reader);
    }
  }
  if (fresh || input.timestamp != null || stale) {
    for (const { sends, timestamp, timestampUnits } of provider.schemes) {
      const place = timestamp.find((locator) => isInBody(locator, form));
      if (sends && place !== undefined) {
        draft.set(place, ({ signedAt }) => writeTimestamp(signedAt, timestampUnits[0] ?? 's'), null, reader);
      }
    }
  }
  draft.edit(edits);
  return draft.finish();
}

/** What a place is filled with, spelled as `template` says; null where that names what is not there. */
function freshValue(
  { event }: ComposerInput,
  template: string,
  draft: BodyDraft,
  place: Locator,
  reader: RequestReader,
): Value | null {
  if (!fitsEvent(template, event)) return null;
  const named = new Map<Locator, Value>();
  for (const locator of locatorsIn(template)) {
    const value = draft.read(locator, reader);
    if (value === null) return null;
    named.set(locator, value);
  }
  const before = draft.read(place, reader);
  return (run) => {
    const read = (locator: Locator): string => valueIn(run, named.get(locator) ?? '');
    const stood = before === null ? null : valueIn(run, before);
    const { time, random } = run;
    return fillTemplate(template, { event, id: '', time, random, reader: { read }, before: stood }) ?? '';
  };
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

/** The sample's own headers: what is fresh in them stands in braces, as in the provider's. */
function filledHeaders({ sampleHeaders = [], fresh, event }: ComposerInput, { id, time, random }: Run): HeaderList {
  if (!fresh) return sampleHeaders;
  return sampleHeaders.map(([name, value]) => [name, fillTemplate(value, { event, id, time, random, reader: null }) ?? value]);
}

function providerHeaders({ provider, event, userAgent }: ComposerInput, run: Run, reader: RequestReader): HeaderList {
  const { id, time, random } = run;
  const headers: Array<readonly [string, string]> = [
    ['Content-Type', provider.contentType],
    ['User-Agent', provider.userAgent ?? userAgent],
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
