import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../core/errors.js';
import { endToEndHeaders, headersFromRaw, isHeaderName, isHeaderValue } from '../core/http/headers.js';
import type { HttpRequest, HttpResponse } from '../core/http/message.js';
import { formatSize } from '../core/units.js';

/** A request as it came in, with the bytes of its body exactly as they were sent (chunks joined, nothing decompressed). */
export interface Received {
  readonly request: HttpRequest;
  /** When its headers were there. Unix time in milliseconds. */
  readonly receivedAt: number;
  /** Address of the other end, IPv4 in its own form; empty where it is not known. */
  readonly remoteAddress: string;
  readonly protocol: 'http' | 'https';
}

/** The one who waits for the answer. */
export interface Waiting {
  /** Aborted where they hang up before the answer. Made when it is first asked for. */
  readonly signal: AbortSignal;
}

/** Answers a request; null: hang up without an answer. Where it throws, the answer is a 500 that says no more than that. */
export type Handle = (received: Received, waiting: Waiting) => Promise<HttpResponse | null>;

/** Something that went wrong with a request, or between requests; what the other end got is in the message where it matters. */
export interface Problem {
  readonly code:
    | 'body_too_large'
    | 'malformed_request'
    | 'headers_too_large'
    | 'request_timeout'
    /** So much is in flight that more is turned away; told once, until it is less. */
    | 'overloaded'
    /** Hung up before the request was complete: nothing was handed on. */
    | 'aborted'
    /** Hung up before the answer to a complete request: nobody got it. */
    | 'unanswered'
    | 'handler_failed'
    /** An answer had a status or a header that HTTP has not. */
    | 'invalid_response'
    | 'server_error';
  readonly message: string;
  readonly remoteAddress: string | null;
}

/** What the exchanges of one receiver share. */
export interface Desk {
  readonly maxBody: number;
  readonly protocol: Received['protocol'];
  readonly handle: Handle;
  now(): number;
  report(code: Problem['code'], message: string, remoteAddress: string | null): void;
  /** Bytes of bodies that are in flight, those of all exchanges together. */
  bytes: number;
  /** Whether so many bytes more may be; where not, that is told. */
  hasRoom(bytes: number): boolean;
  /** True once no more requests are wanted: answers then end their connection. */
  readonly closing: boolean;
  /** The exchange is over, its answer handed to the system. */
  done(exchange: Exchange): void;
}

/** How long a refused body is read and thrown away, so that its sender gets to see the refusal. Milliseconds. */
export const LINGER_MS = 1_000;
/** Bytes of an answer's body up to which copying it costs less than a write of its own. */
const SHORT = 16_384;
const EMPTY: Buffer = Buffer.alloc(0);
/** Of so many chunks, those under 4 KiB in the mean are joined: each would hold an object, and the packet that it lay in. */
const CHUNKS_TO_JOIN = 64;
const CRUMB = 4_096;

export const OVERLOADED = 'Too much is being received at once. Send it again later.';

/**
 * One request and its answer. It is `reading` until its body is there, `handling` until its answer is, then `over`.
 * This runs for every delivery: it allocates little and asks for nothing it does not need.
 */
export class Exchange implements Waiting {
  readonly socket: Socket;
  readonly #desk: Desk;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #receivedAt: number;
  #state: 'reading' | 'handling' | 'over' = 'reading';
  #gone = false;
  #refused = false;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Chunks that have been looked at, and their bytes. */
  #joined = 0;
  #joinedSize = 0;
  /** What it holds of the bytes that all exchanges may. */
  #held = 0;
  #controller: AbortController | null = null;

  constructor(desk: Desk, request: IncomingMessage, response: ServerResponse) {
    this.#desk = desk;
    this.#request = request;
    this.#response = response;
    this.#receivedAt = desk.now();
    this.socket = request.socket;
  }

  get reading(): boolean {
    return this.#state === 'reading';
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#gone) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** @param expectsContinue true where the sender waits for a 100 before it sends the body. */
  begin(expectsContinue: boolean): void {
    const length = bodyLength(this.#request.rawHeaders);
    if (length === 0) {
      this.#hand(EMPTY);
      return;
    }
    if (length === 'unknown') {
      this.#report('malformed_request', 'A request has a transfer coding that is not known here; it was refused with 501.');
      this.#refuseRest(501, 'The transfer coding is not known.', expectsContinue);
      return;
    }
    if (length === 'chunked') {
      // HTTP/1.0 has no chunks: where its end is may be seen differently on the way.
      if (this.#request.httpVersion === '1.0') this.endConnection();
    } else if (length > this.#desk.maxBody) {
      this.#refuseLarge(`its ${formatSize(length)} are`, expectsContinue);
      return;
    }
    this.#request.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#request.on('end', () => this.#complete());
    if (expectsContinue) this.#response.writeContinue();
  }

  /** True once it was refused before its body was there: what comes after is of no account. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Answers a request that cannot be read to its end, and closes the connection. */
  refuse(status: number, error: string): void {
    this.#state = 'over';
    this.#refused = true;
    this.#letGo();
    this.#response.shouldKeepAlive = false;
    const body = errorBody(error);
    this.#response.writeHead(status, refusalHeaders(status, body));
    this.#response.end(body, () => this.#done());
  }

  /** The connection has no more requests for us after this one. */
  endConnection(): void {
    this.#response.shouldKeepAlive = false;
  }

  /** The connection is closed. */
  hangUp(): void {
    this.#gone = true;
    if (this.#state === 'reading') {
      this.#state = 'over';
      const got = this.#size === 0 ? 'before its body came' : `after ${formatSize(this.#size)} of its body`;
      this.#report('aborted', `The sender hung up ${got}; nothing was kept of the request.`);
      this.#done();
    } else if (this.#state === 'handling') {
      // It is done when the handler is: what it keeps must be kept before the program ends.
      this.#controller?.abort();
    } else {
      this.#done();
    }
  }

  #read(chunk: Buffer): void {
    if (this.#state !== 'reading') return;
    this.#size += chunk.length;
    if (this.#size > this.#desk.maxBody) {
      this.#refuseLarge('it is', false);
    } else if (!this.#desk.hasRoom(chunk.length)) {
      this.#refuseRest(503, OVERLOADED, false);
    } else {
      this.#held += chunk.length;
      this.#desk.bytes += chunk.length;
      this.#chunks.push(chunk);
      if (this.#chunks.length - this.#joined === CHUNKS_TO_JOIN) this.#join();
    }
  }

  #join(): void {
    if (this.#size - this.#joinedSize < CHUNKS_TO_JOIN * CRUMB) {
      this.#chunks.push(Buffer.concat(this.#chunks.splice(this.#joined)));
    }
    this.#joined = this.#chunks.length;
    this.#joinedSize = this.#size;
  }

  #complete(): void {
    if (this.#state !== 'reading') return;
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [];
    this.#hand(body);
  }

  async #hand(body: Buffer): Promise<void> {
    this.#state = 'handling';
    const { method = '', url = '', rawHeaders } = this.#request;
    const received: Received = {
      request: { method, path: url, headers: headersFromRaw(rawHeaders), body },
      receivedAt: this.#receivedAt,
      remoteAddress: addressOf(this.socket) ?? '',
      protocol: this.#desk.protocol,
    };
    let answer: HttpResponse | null;
    try {
      answer = await this.#desk.handle(received, this);
    } catch (error) {
      this.#report('handler_failed', messageOf(error));
      answer = failure(500, 'The delivery could not be handled.');
    }
    this.#state = 'over';
    if (this.#gone) {
      if (answer !== null) this.#report('unanswered', `The sender hung up before its answer (${answer.status}) was ready.`);
      this.#done();
    } else if (answer === null) {
      this.socket.destroy();
      this.#done();
    } else {
      this.#answer(answer);
    }
  }

  #answer(answer: HttpResponse): void {
    const response = this.#response;
    if (this.#desk.closing) response.shouldKeepAlive = false;
    let sound = answer;
    // 1xx is never the last word; node:http takes three digits.
    if (!Number.isInteger(answer.status) || answer.status < 200 || answer.status > 999) {
      this.#report('invalid_response', `The answer's status ${answer.status} is none of HTTP; 502 was sent.`);
      sound = failure(502, 'The app answered with a status that HTTP does not have.');
    }
    response.writeHead(sound.status, this.#wireHeaders(sound));
    const { body } = sound;
    const done = (): void => this.#done();
    // A short body as text goes out with the headers in one piece; in Latin-1, each character is the byte that it was.
    if (body.length > SHORT) response.end(body, done);
    else response.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1', done);
  }

  /** Headers in the flat form node:http writes as they are, with the one `Content-Length` that is true. */
  #wireHeaders({ status, headers, body }: HttpResponse): string[] {
    const bodiless = status === 204 || status === 304;
    // Without a body of its own, the length is that of another answer: only the app knows it.
    const foreignLength = this.#request.method === 'HEAD' || status === 304;
    const flat: string[] = [];
    let measured = false;
    for (const [name, value] of endToEndHeaders(headers)) {
      if (!isHeaderName(name) || !isHeaderValue(value)) {
        this.#report('invalid_response', `A header of the answer has characters HTTP does not allow; it was left out.`);
      } else if (name.length === 14 && name.toLowerCase() === 'content-length') {
        const right = foreignLength ? /^\d+$/.test(value) : Number(value) === body.length && !bodiless;
        if (right && !measured) {
          flat.push(name, value);
          measured = true;
        }
      } else {
        flat.push(name, value);
      }
    }
    if (!measured && !foreignLength && !bodiless) flat.push('Content-Length', String(body.length));
    return flat;
  }

  #refuseLarge(what: string, expectsContinue: boolean): void {
    const limit = formatSize(this.#desk.maxBody);
    this.#report('body_too_large', `A body was refused with 413: ${what} over the limit of ${limit}.`);
    this.#refuseRest(413, `The body is over the limit of ${limit}.`, expectsContinue);
  }

  /**
   * Refuses a request whose body is not read to its end. Closing at once would reset the connection under a sender who is
   * still sending, and the answer be lost on the way: so the rest of the body is thrown away for a while first.
   */
  #refuseRest(status: number, error: string, expectsContinue: boolean): void {
    if (expectsContinue) {
      // Nothing of it was sent, and now nothing will be.
      this.refuse(status, error);
      return;
    }
    this.#state = 'over';
    this.#refused = true;
    this.#letGo();
    const response = this.#response;
    const body = errorBody(error);
    response.shouldKeepAlive = false;
    response.writeHead(status, refusalHeaders(status, body));
    response.write(body);
    const end = (): void => {
      clearTimeout(timer);
      response.end();
      this.#done();
    };
    const timer = setTimeout(end, LINGER_MS);
    this.#request.once('end', end);
    this.#request.once('close', end);
    this.#request.resume();
  }

  #letGo(): void {
    this.#chunks = [];
    this.#desk.bytes -= this.#held;
    this.#held = 0;
  }

  #done(): void {
    this.#letGo();
    this.#desk.done(this);
  }

  #report(code: Problem['code'], message: string): void {
    this.#desk.report(code, message, addressOf(this.socket));
  }
}

/** The address at the other end; IPv4 in its own form where the socket is an IPv6 one. */
export function addressOf(socket: Socket): string | null {
  const address = socket.remoteAddress;
  if (address === undefined) return null;
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Flat, as node:http writes them. */
export function refusalHeaders(status: number, body: Uint8Array): string[] {
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  return status === 503 ? [...headers, 'Retry-After', '1'] : headers;
}

export function errorBody(error: string): Buffer {
  return Buffer.from(JSON.stringify({ error }));
}

function failure(status: number, error: string): HttpResponse {
  return { status, headers: [['Content-Type', 'application/json']], body: errorBody(error) };
}

/** Bytes of the body a request announces, 0 where it has none; or that they come in chunks, or in some other coding. */
function bodyLength(raw: readonly string[]): number | 'chunked' | 'unknown' {
  let length = 0;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    // The length of the name sorts out nearly all of them.
    if (name.length === 14 && name.toLowerCase() === 'content-length') length = Number(raw[i + 1]);
    else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      return raw[i + 1]?.toLowerCase() === 'chunked' ? 'chunked' : 'unknown';
    }
  }
  return length;
}
