/** A request as a raw HTTP message: the `.http` form of `export`, `show --raw`, `verify` and `replay`. */
import { WebhookError } from '../errors.js';
import { JsonReader, latin1Of } from '../events/json-tokens.js';
import { type HeaderList, headerValue, isHeaderName, isHeaderValue, parseHeaderLine } from '../http/headers.js';
import { type HttpRequest, type HttpResponse, isRequestTarget } from '../http/message.js';

/** A request with the absolute URL it was sent to, where the message tells it. */
export interface RawRequest extends HttpRequest {
  readonly url: string | null;
}

/**
 * The request as it would stand on the wire: request line, headers, an empty line and the body's bytes. Where it has no
 * Host header and `host` is given, that comes first.
 */
export function writeRawRequest(request: HttpRequest & { readonly host?: string }): Uint8Array {
  const lines = [`${request.method} ${request.path} HTTP/1.1`];
  if (request.host !== undefined && headerValue(request.headers, 'host') === null) lines.push(`Host: ${request.host}`);
  for (const [name, value] of request.headers) lines.push(`${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), request.body]);
}

/**
 * Reads a raw HTTP request. Lines of the head may end in CRLF or LF; empty lines and `#` comments before the request line
 * are passed over. The body is every byte after the empty line, whatever Content-Length says of it.
 *
 * The URL is the request line's own, or made from Host: its scheme is that of X-Forwarded-Proto, else http for this
 * machine and https for any other.
 *
 * @throws WebhookError `input_malformed` with the line's number.
 */
export function parseRawRequest(bytes: Uint8Array): RawRequest {
  const lines = new Lines(latin1Of(bytes));
  let first = lines.next();
  while (first !== null && (first.trim() === '' || first.startsWith('#'))) first = lines.next();
  if (first === null) throw malformed('There is no HTTP request in it', lines.number, HOW_A_REQUEST_BEGINS);
  const { method, target } = requestLine(first, lines.number);

  const headers = headerLines(lines);
  const { path, url } = splitTarget(target, headers);
  return { method, path, url, headers, body: bytes.slice(lines.offset) };
}

/**
 * Reads a raw HTTP response, as `parseRawRequest` reads a request.
 *
 * @throws WebhookError `input_malformed` with the line's number.
 */
export function parseRawResponse(bytes: Uint8Array): HttpResponse {
  const lines = new Lines(latin1Of(bytes));
  const status = /^HTTP\/\d(?:\.\d)? ([1-9]\d\d)(?: |$)/.exec(lines.next() ?? '')?.[1];
  if (status === undefined) throw malformed('This is not the first line of an HTTP response', 1, 'It is like HTTP/1.1 200 OK.');
  const headers = headerLines(lines);
  return { status: Number(status), headers, body: bytes.slice(lines.offset) };
}

/**
 * Reads a file of headers: lines `Name: value` (a request or status line in front is passed over), or JSON: an object, an
 * array of pairs, or what `webhook sign --json` prints.
 *
 * @throws WebhookError `input_malformed` with the line's number, or the place in the JSON.
 */
export function parseHeadersFile(bytes: Uint8Array): HeaderList {
  const text = latin1Of(bytes);
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
  if (/^\s*[[{]/.test(body)) return jsonHeaders(text);
  const lines = new Lines(text);
  const headers: Array<readonly [string, string]> = [];
  let first = true;
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (line.trim() === '') continue;
    if (!(first && (STATUS_LINE.test(line) || REQUEST_LINE.test(line)))) headers.push(headerLine(line, lines.number));
    first = false;
  }
  return headers;
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^ \t]+)(?: HTTP\/\d(?:\.\d)?)?[ \t]*$/;
const STATUS_LINE = /^HTTP\/\d/;
const HOW_A_REQUEST_BEGINS = "It begins with a line such as 'POST /hooks HTTP/1.1'; headers, an empty line and the body follow.";

/** The lines of the head, one after another. */
class Lines {
  /** Where the next line begins. */
  offset: number;
  /** The number of the line last read, from 1. */
  number = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.offset = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  }

  /** The next line without its ending; null at the end of the text. */
  next(): string | null {
    if (this.offset >= this.#text.length) return null;
    const newline = this.#text.indexOf('\n', this.offset);
    const end = newline < 0 ? this.#text.length : newline;
    const line = this.#text.slice(this.offset, end);
    this.offset = newline < 0 ? end : newline + 1;
    this.number++;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}

function requestLine(line: string, number: number): { method: string; target: string } {
  if (STATUS_LINE.test(line)) throw malformed('This is an HTTP response, not a request', number, HOW_A_REQUEST_BEGINS);
  const [, method, target] = REQUEST_LINE.exec(line) ?? [];
  if (
    method === undefined ||
    target === undefined ||
    !isRequestTarget(target) ||
    !(/^(\/|https?:\/\/)/i.test(target) || target === '*')
  ) {
    throw malformed('This is not the first line of an HTTP request', number, HOW_A_REQUEST_BEGINS);
  }
  return { method, target };
}

/** The headers up to the empty line that ends them. */
function headerLines(lines: Lines): HeaderList {
  const headers: Array<readonly [string, string]> = [];
  for (let line = lines.next(); line !== null && line !== ''; line = lines.next()) headers.push(headerLine(line, lines.number));
  return headers;
}

function headerLine(line: string, number: number): readonly [string, string] {
  const header = parseHeaderLine(line);
  if (header === null) {
    throw malformed(
      'This is not a header',
      number,
      "Write it like 'Name: value'; an empty line ends the headers of a whole message.",
    );
  }
  return header;
}

function splitTarget(target: string, headers: HeaderList): { path: string; url: string | null } {
  const absolute = /^(https?:\/\/[^/?#]+)([^#]*)/i.exec(target);
  if (absolute !== null) {
    const [, origin = '', rest = ''] = absolute;
    const path = rest.startsWith('/') ? rest : `/${rest}`;
    return { path, url: `${origin}${path}` };
  }
  return { path: target, url: target === '*' ? null : urlFrom(target, headers) };
}

/**
 * The URL a request was sent to, as far as it tells: `localhost` where it has no Host. The scheme is that of
 * X-Forwarded-Proto, else http for this machine and https for any other.
 *
 * @example urlOf({ path: '/hooks', headers: [['Host', 'example.com']] }) // 'https://example.com/hooks'
 */
export function urlOf({ path, headers }: Pick<HttpRequest, 'path' | 'headers'>): string {
  // A request to a proxy names the whole URL.
  if (/^https?:\/\//i.test(path)) return path;
  return urlFrom(path.startsWith('/') ? path : `/${path}`, headers) ?? `http://localhost${path}`;
}

function urlFrom(path: string, headers: HeaderList): string | null {
  const host = headerValue(headers, 'host');
  if (host === null || host === '') return null;
  const forwarded = headerValue(headers, 'x-forwarded-proto')?.split(',')[0]?.trim().toLowerCase();
  const own = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(host) ? 'http' : 'https';
  return `${forwarded === 'http' || forwarded === 'https' ? forwarded : own}://${host}${path}`;
}

function jsonHeaders(latin1: string): HeaderList {
  const reader = new JsonReader(latin1);
  try {
    while (reader.next());
  } catch (error) {
    if (error instanceof WebhookError)
      throw new WebhookError('input_malformed', error.message, { hint: HEADERS_AS_JSON, cause: error });
    throw error;
  }
  const whole: unknown = JSON.parse(new TextDecoder().decode(Buffer.from(latin1, 'latin1')));
  const inner =
    typeof whole === 'object' && whole !== null && Object.hasOwn(whole, 'headers') ? Reflect.get(whole, 'headers') : null;
  const value: unknown = typeof inner === 'object' && inner !== null ? inner : whole;
  const at = value === whole ? '' : '/headers';
  return Array.isArray(value)
    ? value.map((pair: unknown, index) => headerPair(pair, `${at}/${index}`))
    : Object.entries(Object(value)).flatMap(([name, one]: [string, unknown]) =>
        (Array.isArray(one) ? one : [one]).map((text: unknown) => headerOf(name, text, `${at}/${name}`)),
      );
}

const HEADERS_AS_JSON = 'Write {"Name": "value"} or [["Name", "value"]].';

function headerPair(pair: unknown, pointer: string): readonly [string, string] {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new WebhookError('input_malformed', `${pointer} is not a header: a pair [name, value] was expected.`, {
      hint: HEADERS_AS_JSON,
    });
  }
  return headerOf(pair[0], pair[1], pointer);
}

function headerOf(name: unknown, value: unknown, pointer: string): readonly [string, string] {
  // A timestamp is easily written as a number.
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof name !== 'string' || !isHeaderName(name) || typeof text !== 'string' || !isHeaderValue(text)) {
    throw new WebhookError(
      'input_malformed',
      `${pointer} is not a header: a name and a text without control characters were expected.`,
      {
        hint: HEADERS_AS_JSON,
      },
    );
  }
  return [name, text];
}

function malformed(what: string, line: number, hint: string): WebhookError {
  return new WebhookError('input_malformed', `${what} (line ${Math.max(1, line)}).`, { hint });
}
