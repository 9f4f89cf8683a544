import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { WebhookError } from '../core/errors.js';
import { formatSize } from '../core/units.js';
import {
  addressOf,
  type Desk,
  Exchange,
  errorBody,
  type Handle,
  LINGER_MS,
  OVERLOADED,
  type Problem,
  refusalHeaders,
} from './exchange.js';
import { connectionsThatFit } from './open-files.js';

export interface ReceiverOptions {
  /** Address or name to bind: `127.0.0.1`, `::1`, `0.0.0.0`, `localhost`. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Bytes a body may have; one over it is refused with 413. */
  readonly maxBody: number;
  /** A certificate and its key, in PEM: it then speaks HTTPS, and nothing else. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly handle: Handle;
  /** Unix time in milliseconds. */
  now(): number;
  /** Told of everything that goes wrong with a request or a connection. */
  onProblem?(problem: Problem): void;
  /** How long the headers of a request may take, and all of it. Milliseconds; 10 s and 60 s where it is not said. */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** What may be in flight at once, of all senders together; beyond it 503. 10,000 requests and 512 MB of bodies where it is not said. */
  readonly maxInFlight?: { readonly requests: number; readonly bytes: number };
  /** How long `close` waits for what is in flight. Milliseconds; 10 s where it is not said. */
  readonly closeTimeoutMs?: number;
  /** True: neither listening nor an open connection keeps the process alive. */
  readonly background?: boolean;
}

export interface Receiver {
  /** `http://127.0.0.1:4400`, as bound; `https://…` with a certificate. */
  readonly url: string;
  readonly port: number;
  /** Accepts no more, lets what is in flight finish (up to a bound), and closes every connection. */
  close(): Promise<void>;
}

const MAX_HEADERS = 64 * 1024;
const KEEP_ALIVE_MS = 30_000;
const MAX_IN_FLIGHT = { requests: 10_000, bytes: 512_000_000 };

/**
 * Receives HTTP requests and hands each one on, once its body is there to the last byte.
 *
 * Requests that are too large, broken, too slow or given up half-way are answered (413, 400, 431, 408) or dropped, reported to
 * `onProblem`, and never handed on; so are those beyond what may be in flight at once (503).
 *
 * @throws WebhookError `port_in_use`, or `address_unavailable` where host or port cannot be bound.
 * @example
 * const receiver = await openReceiver({ host: '127.0.0.1', port: 0, maxBody: 25e6, now: Date.now, handle: async () => answer });
 * console.log(receiver.url);
 * await receiver.close();
 */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const active = new InFlight();
  let closing = false;
  let onIdle = (): void => {};

  const { tls } = options;
  const most = options.maxInFlight ?? { ...MAX_IN_FLIGHT, bytes: Math.max(MAX_IN_FLIGHT.bytes, options.maxBody) };
  let overloaded = false;
  const overload = (what: string): void => {
    if (!overloaded)
      desk.report('overloaded', `${what} are in flight; more is turned away with 503 until some are answered.`, null);
    overloaded = true;
  };
  const desk: Desk = {
    bytes: 0,
    hasRoom(bytes) {
      if (desk.bytes + bytes <= most.bytes) return true;
      overload(`${formatSize(most.bytes)} of bodies`);
      return false;
    },
    maxBody: options.maxBody,
    protocol: tls === undefined ? 'http' : 'https',
    handle: options.handle,
    now: options.now,
    report: (code, message, remoteAddress) => options.onProblem?.({ code, message, remoteAddress }),
    get closing() {
      return closing;
    },
    done(exchange) {
      active.delete(exchange);
      if (overloaded && active.size < most.requests / 2 && desk.bytes < most.bytes / 2) overloaded = false;
      if (closing && active.size === 0) onIdle();
    },
  };

  const begin = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    if (active.size >= most.requests) {
      overload(`${most.requests} requests`);
      turnAway(active, request.socket, response);
      return;
    }
    const exchange = new Exchange(desk, request, response);
    active.add(exchange);
    exchange.begin(expectsContinue);
  };

  const requestTimeout = options.requestTimeoutMs ?? 60_000;
  const headersTimeout = Math.min(options.headersTimeoutMs ?? 10_000, requestTimeout);
  const settings = {
    maxHeaderSize: MAX_HEADERS,
    headersTimeout,
    requestTimeout,
    // How often the two are looked at.
    connectionsCheckingInterval: Math.min(headersTimeout, 4_000) / 4,
    keepAliveTimeout: KEEP_ALIVE_MS,
    insecureHTTPParser: false,
    // A request without Host is odd, but a delivery all the same.
    requireHostHeader: false,
  };
  const server: Server =
    tls === undefined
      ? createServer(settings)
      : (await import('node:https')).createServer({ ...settings, ...tls, handshakeTimeout: headersTimeout });
  server.maxHeadersCount = 0;
  server.on('request', (request, response) => begin(request, response, false));
  server.on('checkContinue', (request, response) => begin(request, response, true));
  // Any other expectation may be passed over, and a delivery must not be lost to it.
  server.on('checkExpectation', (request, response) => begin(request, response, false));
  server.on('connect', (request: IncomingMessage, socket: Socket) => refuseTunnel(desk, active, request, socket));
  // With TLS, the socket of a request is the one inside of the connection.
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    socket.once('close', () => {
      for (const exchange of active.on(socket)) exchange.hangUp();
    });
  });
  boundConnections(server, desk);
  server.on('clientError', (error: ParserError, socket) => {
    // node:http hands out the socket of the connection; its types only know it to be a stream.
    if (isSocket(socket)) refuseBroken(desk, active, error, socket);
  });

  server.on('tlsClientError', (error: ParserError, socket: TLSSocket) => {
    const message = handshakeMessage(error);
    if (message !== null) desk.report('malformed_request', message, addressOf(socket));
  });

  if (options.background === true) {
    server.unref();
    server.on('connection', (socket: Socket) => socket.unref());
  }
  await listen(server, options.host, options.port);
  server.on('error', (error) => desk.report('server_error', error.message, null));

  const { url, port } = boundTo(server, desk.protocol);
  let closed: Promise<void> | null = null;
  const shut = async (): Promise<void> => {
    closing = true;
    const ended = new Promise((resolve) => server.close(resolve));
    // An exchange may outlive its connection: what its handler keeps counts, even where nobody waits for the answer.
    if (active.size > 0) await settled(options.closeTimeoutMs ?? 10_000);
    server.closeAllConnections();
    await ended;
  };
  const settled = (timeoutMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return {
    url,
    port,
    close() {
      closed ??= shut();
      return closed;
    },
  };
}

/**
 * What is in flight, by connection. No `Set` of all: one that is added to and deleted from without end leaves its tables behind,
 * each of which holds what was in it and leads to the next, so that once one is old every exchange outlives its collection.
 */
class InFlight {
  #size = 0;
  readonly #bySocket = new WeakMap<Socket, Exchange[]>();

  get size(): number {
    return this.#size;
  }

  /** In the order in which they came. */
  on(socket: Socket): readonly Exchange[] {
    return this.#bySocket.get(socket)?.slice() ?? [];
  }

  add(exchange: Exchange): void {
    this.#size++;
    const there = this.#bySocket.get(exchange.socket);
    if (there === undefined) this.#bySocket.set(exchange.socket, [exchange]);
    else there.push(exchange);
  }

  delete(exchange: Exchange): void {
    const there = this.#bySocket.get(exchange.socket) ?? [];
    const index = there.indexOf(exchange);
    if (index < 0) return;
    there.splice(index, 1);
    this.#size--;
  }
}

interface ParserError extends Error {
  readonly code?: string;
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

function isSocket(stream: object): stream is Socket {
  return 'remoteAddress' in stream;
}

/** Refuses connections for which no file would be left, and tells it once until half of them are closed. */
function boundConnections(server: Server, desk: Desk): void {
  const most = connectionsThatFit();
  if (most === null) return;
  let open = 0;
  let told = false;
  server.maxConnections = most;
  server.on('connection', (socket: Socket) => {
    open++;
    socket.once('close', () => {
      open--;
      if (open < most / 2) told = false;
    });
  });
  server.on('drop', () => {
    if (!told)
      desk.report('overloaded', `${most} connections are open, and there are files for no more; new ones are refused.`, null);
    told = true;
  });
}

/** Answers 503, or hangs up where many requests wait on this one connection: their answers would have to come first. */
function turnAway(active: InFlight, socket: Socket, response: ServerResponse): void {
  if (socket.destroyed) return;
  if (active.on(socket).length > 0) {
    socket.destroy();
    return;
  }
  const body = errorBody(OVERLOADED);
  response.shouldKeepAlive = false;
  response.writeHead(503, refusalHeaders(503, body)).end(body);
}

/** Answers CONNECT: this is no proxy. After it, the connection is no longer the server's. */
function refuseTunnel(desk: Desk, active: InFlight, request: IncomingMessage, socket: Socket): void {
  const target = (request.url ?? '').slice(0, 200);
  desk.report('malformed_request', `A tunnel to ${target} was asked for (CONNECT); it was refused with 405.`, addressOf(socket));
  socket.on('error', () => socket.destroy());
  const last = active.on(socket).at(-1);
  if (last === undefined) endWith(socket, 405, 'This is no proxy.');
  else last.endConnection();
}

/** Writes an answer to a connection that has no request, and closes it. */
function endWith(socket: Socket, status: number, error: string): void {
  const body = errorBody(error);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  // The other end may never close its half.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Answers what is not HTTP, or came too slowly, and closes its connection. */
function refuseBroken(desk: Desk, active: InFlight, error: ParserError, socket: Socket): void {
  const exchanges = active.on(socket);
  const last = exchanges.at(-1);
  // A reset ends in 'close', where whoever is in flight hears of it; between requests it is nothing to speak of.
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (error.code === 'HPE_INVALID_EOF_STATE') {
    if (last === undefined) desk.report('aborted', 'The sender hung up in the middle of the headers.', addressOf(socket));
    socket.destroy();
    return;
  }
  if (last?.refused) return;
  // Browsers and balancers open connections in store.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && last === undefined && socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error);
  desk.report(refusal.code, refusal.message, addressOf(socket));
  if (last === undefined) {
    endWith(socket, refusal.status, refusal.error);
  } else if (last.reading) {
    last.refuse(refusal.status, refusal.error);
  } else {
    // What came after a sound request is broken: that one gets its answer, in its turn, and then it ends.
    last.endConnection();
  }
}

/** Why a TLS handshake came to nothing; null where the other end just went away. */
function handshakeMessage({ code = '', message }: ParserError): string | null {
  if (code === 'ECONNRESET' || code === 'EPIPE') return null;
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'Somebody spoke plain HTTP; this address speaks HTTPS: use https://.';
  if (/UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN/.test(code))
    return 'A sender does not trust the certificate of this address.';
  return `A TLS handshake failed (${code === '' ? message : code}).`;
}

function refusalOf(error: ParserError): { code: Problem['code']; status: number; message: string; error: string } {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        code: 'request_timeout',
        status: 408,
        message: 'A request did not arrive in time; it was refused with 408.',
        error: 'The request did not arrive in time.',
      };
    case 'HPE_HEADER_OVERFLOW':
      return {
        code: 'headers_too_large',
        status: 431,
        message: `A request's headers are over the limit of ${MAX_HEADERS / 1024} KiB; it was refused with 431.`,
        error: 'The headers are too large.',
      };
    default: {
      // A TLS handshake begins with the byte 22.
      const tls = error.rawPacket?.[0] === 22;
      return {
        code: 'malformed_request',
        status: 400,
        message: tls
          ? 'Somebody spoke HTTPS; this address speaks plain HTTP: use http://.'
          : `A request is not valid HTTP (${error.reason ?? error.message}); it was refused with 400.`,
        error: 'The request is not valid HTTP.',
      };
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(explained(error, host, port));
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): WebhookError {
  const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new WebhookError('port_in_use', `Port ${port} on ${host} is in use.`, {
        hint: `Another 'webhook listen' may be running. Take another port with -p ${port === 65_535 ? 4401 : port + 1}, or any free one with -p 0.`,
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new WebhookError('address_unavailable', `This user may not listen on ${place}.`, {
        hint:
          port > 0 && port < 1024
            ? 'Ports below 1024 are reserved; take one above, such as -p 4400.'
            : 'Take another port with -p 0.',
        cause: error,
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new WebhookError('address_unavailable', `There is no host named '${host}' to listen on.`, {
        hint: 'Leave --host out for 127.0.0.1, or give 0.0.0.0 for every address of this machine.',
        cause: error,
      });
    default:
      return new WebhookError('address_unavailable', `Listening on ${place} failed (${error.code ?? error.message}).`, {
        hint: `${host} must be an address of this machine; leave --host out for 127.0.0.1, or give 0.0.0.0 for all of them.`,
        cause: error,
      });
  }
}

function boundTo(server: Server, protocol: Desk['protocol']): { url: string; port: number } {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server is bound to no port');
  const host = isIPv6(bound.address) ? `[${bound.address}]` : bound.address;
  return { url: `${protocol}://${host}:${bound.port}`, port: bound.port };
}
