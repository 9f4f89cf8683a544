/** The request that goes on to a target, and the answer that comes back from it. */
import type { FailureReason } from './delivery/delivery.js';
import { endToEndHeaders, type HeaderList, headerValue, headerValues, replaceHeaders } from './http/headers.js';
import type { HttpRequest, HttpResponse, OutgoingRequest } from './http/message.js';

export interface ForwardOptions {
  /** Address of the sender, for X-Forwarded-For. */
  readonly remoteAddress: string;
  readonly protocol: 'http' | 'https';
  /** The URL the sender was given; null: not known. */
  readonly publicUrl: string | null;
  /** Replaced or added, as the user asked. */
  readonly headers: HeaderList;
}

/** Headers that whoever sends a request makes anew. */
export const SENDERS_OWN: readonly string[] = ['host', 'content-length', 'expect'];

/**
 * The same method, headers and bytes, addressed to the target. Host and Content-Length are left to whoever sends it;
 * X-Forwarded-* are added, and a proxy's before us kept.
 */
export function forwardedRequest(request: HttpRequest, target: string, options: ForwardOptions): OutgoingRequest {
  const before = headerValues(request.headers, 'x-forwarded-for');
  const host = headerValue(request.headers, 'x-forwarded-host') ?? headerValue(request.headers, 'host');
  const forwarded: Array<readonly [string, string]> = [
    ['X-Forwarded-For', [...before, options.remoteAddress].join(', ')],
    ['X-Forwarded-Proto', headerValue(request.headers, 'x-forwarded-proto') ?? protocolOf(options, host)],
  ];
  if (host !== null) forwarded.splice(1, 0, ['X-Forwarded-Host', host]);
  const passed = endToEndHeaders(request.headers, SENDERS_OWN);
  return {
    method: request.method,
    url: targetUrl(target, request.path),
    headers: replaceHeaders(replaceHeaders(passed, forwarded), options.headers),
    body: request.body,
  };
}

/** A tunnel that says nothing of the protocol speaks plain HTTP to us, whatever was spoken to it. */
function protocolOf({ publicUrl, protocol }: ForwardOptions, host: string | null): string {
  const match = /^(https?):\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(publicUrl ?? '');
  return match !== null && match[2]?.toLowerCase() === host?.replace(/:\d+$/, '').toLowerCase()
    ? (match[1] as string).toLowerCase()
    : protocol;
}

/**
 * Where a request goes: a bare origin gets the incoming path and query; a target with a path of its own gets everything
 * there, the incoming query with it (a path keeps its query) unless the target has one of its own.
 *
 * @example targetUrl('http://localhost:3000', '/hooks?x=1') // 'http://localhost:3000/hooks?x=1'
 */
export function targetUrl(target: string, path: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(\/?)([^#]*)/i.exec(target);
  if (match === null) return target;
  const [, origin, slash, rest] = match as unknown as [string, string, string, string];
  // An absolute-form request target (`GET http://host/path`) names the host again; only what follows it is the path.
  const incoming = path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/';
  if (rest === '') return origin + (incoming.startsWith('/') ? incoming : `/${incoming}`);
  const query = incoming.indexOf('?');
  return `${origin}${slash}${rest}${rest.includes('?') || query < 0 ? '' : incoming.slice(query)}`;
}

/** The app's answer as the sender gets it: hop-by-hop headers aside, nothing changed. */
export function passedAnswer(response: HttpResponse): HttpResponse {
  return {
    status: response.status,
    headers: endToEndHeaders(response.headers, ['content-length']),
    body: response.body,
  };
}

/** What the sender gets where the app gave no answer: 504 past the timeout, else 502. */
export function failedAnswer(reason: FailureReason): HttpResponse {
  if (reason === 'timeout') return jsonAnswer(504, { error: 'The target did not answer in time.' });
  const reached = reason === 'reset' || reason === 'aborted';
  return jsonAnswer(502, { error: reached ? 'The target gave no whole answer.' : 'The target could not be reached.' });
}

export function jsonAnswer(status: number, value: unknown): HttpResponse {
  return { status, headers: [['Content-Type', 'application/json']], body: Buffer.from(JSON.stringify(value)) };
}
