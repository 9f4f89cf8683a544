/**
 * Deliveries as HTTP Archives (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), which browsers' developer tools
 * open: what `export --format har` writes, and what is read of one, whoever wrote it.
 */
import { type HeaderList, headerValue, isHeaderName, isHeaderValue, textToHeader, withoutHeaders } from '../http/headers.js';
import { type HttpRequest, isRequestTarget } from '../http/message.js';
import { tenths } from '../units.js';
import type { Answer, Delivery } from './delivery.js';
import { contentId, imported } from './imported.js';
import { bodyToJson } from './json.js';
import { type Form, Place } from './place.js';
import { urlOf } from './raw.js';

export interface HarOptions {
  /** Headers, URLs and bodies, as they may be given away. */
  headers(headers: HeaderList): HeaderList;
  url(url: string): string;
  /** Null: any body may be given away as it is. */
  readonly body: ((body: Uint8Array) => Uint8Array) | null;
  /** The body without its content encoding: an archive holds what an app sees of an answer. `problem`: why it is still encoded. */
  decode(
    headers: HeaderList,
    body: Uint8Array,
  ): { readonly bytes: Uint8Array; readonly names: string; readonly problem: string | null };
}

/** What stands before the first entry; `HAR_END` stands after the last, and a comma between two. */
export function harStart(version: string): string {
  const creator = JSON.stringify({ name: 'webhook-cli', version });
  return `{"log":{"version":"1.2","creator":${creator},"entries":[`;
}
export const HAR_END = ']}}\n';

/** One delivery as an entry: its request, and what it was answered. */
export function harEntry(delivery: Delivery, options: HarOptions): unknown {
  const { request, id, provider, event, eventId, duplicateOf } = delivery;
  const posted = postedBody(request, options);
  const sent = posted.isDecoded ? withoutHeaders(request.headers, ['content-encoding']) : request.headers;
  const headers = options.headers(sent);
  const url = options.url(urlOf(request));
  const answer = answerOf(delivery);
  const time = tenths(answer?.durationMs ?? 0);
  return {
    startedDateTime: new Date(delivery.receivedAt).toISOString(),
    time,
    request: {
      method: request.method,
      url: validUrl(url),
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headers.map(pair),
      queryString: queryOf(url),
      ...(request.body.length === 0 ? {} : { postData: postData(request, posted) }),
      headersSize: -1,
      bodySize: request.body.length,
    },
    response: answer === null ? NO_RESPONSE : response(answer, options),
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    // The specification leaves names that begin with an underscore to whoever writes the archive.
    _webhook: { id, provider, event, eventId, duplicateOf, path: options.url(request.path) },
  };
}

/** What the sender got; of a delivery that was sent from here, what the target answered. */
function answerOf({ response, attempts }: Delivery): Answer | null {
  if (response !== null) return response;
  return attempts.find((attempt) => attempt.outcome === 'responded') ?? null;
}

const NO_RESPONSE = {
  status: 0,
  statusText: '',
  httpVersion: '',
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: 'x-unknown' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
};

function response(answer: Answer, options: HarOptions): unknown {
  const { bytes, names, problem } = options.decode(answer.headers, answer.body);
  const isHidden = problem !== null && options.body !== null;
  const { body, bodyEncoding } = bodyToJson(isHidden ? new Uint8Array() : (options.body?.(bytes) ?? bytes));
  return {
    status: answer.status,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: options.headers(answer.headers).map(pair),
    content: {
      size: bytes.length,
      mimeType: headerValue(answer.headers, 'content-type') ?? 'x-unknown',
      text: body,
      ...(bodyEncoding === 'base64' ? { encoding: 'base64' } : {}),
      ...(isHidden ? { comment: leftOut(names, problem) } : {}),
    },
    redirectURL: headerValue(answer.headers, 'location') ?? '',
    headersSize: -1,
    bodySize: answer.body.length,
  };
}

interface Posted {
  readonly body: Uint8Array;
  readonly isDecoded: boolean;
  /** What is not as it was sent; null: nothing that could not be seen. */
  readonly comment: string | null;
}

/** The body as it may be given away. A compressed one is looked into: it stays as it is only where there is nothing to hide in it. */
function postedBody({ headers, body }: HttpRequest, options: HarOptions): Posted {
  if (options.body === null || body.length === 0) return { body, isDecoded: false, comment: null };
  const { bytes, names, problem } = options.decode(headers, body);
  if (problem !== null) {
    return { body: new Uint8Array(), isDecoded: false, comment: leftOut(names, problem) };
  }
  const shown = options.body(bytes);
  if (names === '') return { body: shown, isDecoded: false, comment: null };
  if (Buffer.compare(shown, bytes) === 0) return { body, isDecoded: false, comment: null };
  return {
    body: shown,
    isDecoded: true,
    comment: `The body was sent encoded (${names}); it is decoded here, as secrets are left out of it.`,
  };
}

function leftOut(names: string, problem: string): string {
  return `The body is left out: it is encoded (${names}), and cannot be searched for secrets: ${problem}.`;
}

/** HAR knows no encoding of what was sent: text is text, and bytes that are none carry a mark of our own. */
function postData(request: HttpRequest, posted: Posted): unknown {
  const { body, bodyEncoding } = bodyToJson(posted.body);
  return {
    mimeType: headerValue(request.headers, 'content-type') ?? 'application/octet-stream',
    text: body,
    ...(bodyEncoding === 'base64' ? { _encoding: 'base64' } : {}),
    ...(posted.comment === null ? {} : { comment: posted.comment }),
  };
}

function pair([name, value]: readonly [string, string]): { name: string; value: string } {
  return { name, value };
}

function queryOf(url: string): Array<{ name: string; value: string }> {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return [...new URLSearchParams(query)].map(pair);
}

/** Senders need not escape what they put in a path; a URL must. */
function validUrl(url: string): string {
  const [, origin = '', rest = ''] = /^([a-z]+:\/\/[^/?#]*)(.*)$/is.exec(url) ?? [];
  return origin + rest.replace(/[^\x21-\x7e]|["<>[\]\\^`{|}]/g, (character) => encodeURIComponent(character));
}

const ENTRY: Form = { what: 'an entry of an HTTP archive', hint: 'The archive should be of the form HAR 1.2.' };

/** True for a value that looks like an entry of an archive. */
export function isHarEntry(value: object): boolean {
  return 'startedDateTime' in value && 'request' in value;
}

/**
 * Reads an entry. Where this program wrote it, the delivery has its id, provider and event again; else its id is made of the
 * entry's own time and content, and its provider is for the caller to find.
 *
 * @param bytes The entry as it stands in the file.
 * @throws WebhookError `input_malformed` that names the place.
 */
export function deliveryFromHar(value: object, bytes: Uint8Array): Delivery {
  const entry = new Place(value, ENTRY);
  const receivedAt = entry.at('startedDateTime').time();
  const own = entry.at('_webhook');
  const ownText = (name: string): string | null => (own.absent ? null : own.at(name).textOrNull());
  const response = entry.at('response');
  return imported({
    id: own.absent ? contentId(receivedAt, bytes) : own.at('id').matching(/^[A-Za-z0-9_-]{1,100}$/, 'an id'),
    receivedAt,
    provider: ownText('provider'),
    event: ownText('event'),
    eventId: ownText('eventId'),
    duplicateOf: ownText('duplicateOf'),
    request: readRequest(entry.at('request'), ownText('path')),
    response: response.absent ? null : readAnswer(response, entry.at('time')),
  });
}

function readRequest(place: Place, ownPath: string | null): HttpRequest {
  const url = place.at('url');
  const [, host = '', rest = ''] = /^https?:\/\/([^/?#]*)([^#]*)/is.exec(url.text()) ?? [];
  const path = ownPath ?? (rest.startsWith('/') ? rest : `/${rest}`);
  if (host === '' || !isRequestTarget(path)) throw url.expected('an http or https URL');
  const headers = readHeaders(place.at('headers'));
  const posted = place.at('postData');
  return {
    method: place.at('method').satisfying(isHeaderName, 'an HTTP method'),
    path,
    // Over HTTP/2 the host stands in the URL alone.
    headers: ownPath !== null || headerValue(headers, 'host') !== null ? headers : [['Host', host], ...headers],
    body: posted.absent ? new Uint8Array() : readBody(posted),
  };
}

function readAnswer(place: Place, time: Place): Answer | null {
  // 0 (or -1) is what browsers write for a request that got no answer.
  const status = place.at('status').numberOrNull() ?? 0;
  if (status <= 0) return null;
  const content = place.at('content');
  return {
    status: place.at('status').status(),
    // The body in an archive is decoded.
    headers: withoutHeaders(readHeaders(place.at('headers')), ['content-encoding']),
    body: content.absent ? new Uint8Array() : readBody(content),
    durationMs: Math.max(0, time.numberOrNull() ?? 0),
  };
}

function readBody(place: Place): Uint8Array {
  const encoding = place.at('encoding').textOrNull() ?? place.at('_encoding').textOrNull();
  return Buffer.from(place.at('text').textOrNull() ?? '', encoding === 'base64' ? 'base64' : 'utf8');
}

/** The headers as they can stand in a request; HTTP/2's own, which begin with a colon, are none. */
function readHeaders(place: Place): HeaderList {
  return place.items().flatMap((header) => {
    const name = header.at('name').text();
    if (name.startsWith(':')) return [];
    const text = header.at('value').text();
    const value = /[^\0-\xff]/.test(text) ? textToHeader(text) : text;
    if (!isHeaderName(name) || !isHeaderValue(value)) throw header.expected('a header that can be sent');
    return [[name, value] as const];
  });
}
