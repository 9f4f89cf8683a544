/** From a payload to the signed request a provider would send. */
import { WebhookError } from '../errors.js';
import { type HeaderList, headerValue, isHeaderValue, replaceHeaders, textToHeader } from '../http/headers.js';
import type { OutgoingRequest } from '../http/message.js';
import { isLocator } from '../providers/define.js';
import type { Locator, Provider } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import { signRequest } from '../signature/sign.js';
import { writeTimestamp } from '../signature/timestamp.js';
import { type Corruption, changedByte, corrupt, staleTime } from './corrupt.js';
import { applyEdits, type Edit } from './edits.js';
import { minifyJson, valueAt } from './json-text.js';
import { fillTemplate, type Random, spellTime } from './template.js';

export type { Corruption } from './corrupt.js';

export interface ComposeInput {
  readonly provider: Provider;
  /** The event's name, for headers that hold it. */
  readonly event: string;
  readonly payload: Uint8Array;
  /** True (a fixture): white space goes and id and time are made fresh. False (a payload of the user's own): its bytes stay as they are. */
  readonly fresh: boolean;
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
  const unsigned = input.secrets.length === 0 || provider.schemes.length === 0;
  const fault = input.corrupt ?? null;
  const signedAt = fault === 'timestamp' && !unsigned ? staleTime(provider, input.now) : time;
  const own = input.headers ?? [];
  const id = input.id ?? fillTemplate(provider.idFormat ?? '{uuid}', { ...input, id: '', time, reader: null }) ?? '';
  const body = composeBody(input, id, time, signedAt);

  const reader = new RequestReader({ headers: own, body, path: url });
  const headers = replaceHeaders(providerHeaders(input, id, time, reader), own);
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
  return { method, url, ...corrupt(provider, { headers: complete, body, edits: signed.edits }, fault) };
}

/** The last millisecond a Date can hold. */
const LAST_TIME = 8_640_000_000_000_000;

/** An id or a time that is asked for and has no place would be left out without a word. */
function assertPlaces({ provider, id, timestamp }: ComposeInput): void {
  const hint = 'Put it where you want it with --set or --header.';
  const headersUse = (pattern: RegExp): boolean => provider.headers.some(([, template]) => pattern.test(template));
  if (id != null && idPlace(provider) === undefined && !idInHeader(provider) && !headersUse(/\{id\}/)) {
    throw new WebhookError('usage', `A delivery of ${provider.title} carries no id of its own, so none can be chosen.`, { hint });
  }
  if (timestamp == null || provider.sentAt !== null || headersUse(/\{(iso|unix|unixms)\}/)) return;
  if (!provider.schemes.some((scheme) => scheme.sends && scheme.timestamp.length > 0)) {
    throw new WebhookError('usage', `A delivery of ${provider.title} carries no timestamp, so none can be chosen.`, { hint });
  }
}

/** Where the id stands in the body; undefined where it does not, or is put together from several values. */
function idPlace(provider: Provider): Locator | undefined {
  return provider.eventId.find((expression): expression is Locator => isLocator(expression) && expression.startsWith('body:'));
}

function idInHeader(provider: Provider): boolean {
  const places = [...provider.eventId, ...provider.schemes.flatMap(({ messageId }) => messageId)];
  return places.some((place) => place.startsWith('header:'));
}

function composeBody(input: ComposeInput, id: string, time: number, signedAt: number): Uint8Array {
  const { provider, fresh } = input;
  let body = fresh ? minifyJson(input.payload) : input.payload;
  const at = idPlace(provider);
  if (at !== undefined && (fresh || input.id != null))
    body = replaceIn(body, at, id, input.id != null && !idInHeader(provider) ? 'text' : null);
  if (provider.sentAt?.startsWith('body:') && (fresh || input.timestamp != null)) {
    const created = input.timestamp == null ? null : /^m?s$/.test(provider.sentAtFormat) ? 'number' : 'text';
    body = replaceIn(body, provider.sentAt, spellTime(time, provider.sentAtFormat), created);
  }
  if (fresh || input.timestamp != null || signedAt !== time) {
    for (const { sends, timestamp, timestampUnits } of provider.schemes) {
      const place = timestamp.find((locator) => locator.startsWith('body:'));
      if (sends && place !== undefined) body = replaceIn(body, place, writeTimestamp(signedAt, timestampUnits[0] ?? 's'), null);
    }
  }
  return applyEdits(body, input.edits ?? []);
}

/** Sets a value that the payload has, as the number or string it is there; one that it lacks only where `create` says as what. */
function replaceIn(body: Uint8Array, locator: Locator, text: string, create: 'text' | 'number' | null): Uint8Array {
  const path = locator.slice('body:'.length);
  const before = valueAt(body, path);
  if (before === undefined && create === null) return body;
  const asNumber = before === undefined ? create === 'number' : typeof before === 'number';
  const number = asNumber && /^(0|[1-9]\d*)$/.test(text);
  return applyEdits(body, [{ kind: 'set', path, json: number ? text : JSON.stringify(text) }]);
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
