import type { HeaderList } from './headers.js';

/** An HTTP request as bytes: `path` is the request target as it was sent, query string included. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** A request with the absolute URL it goes to. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** Whether a text can stand in a request line. Latin-1 beyond ASCII is allowed: some senders do not escape what they put in a path. */
export function isRequestTarget(text: string): boolean {
  return /^[\x21-\x7e\x80-\xff]+$/.test(text);
}
