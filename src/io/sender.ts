import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { FailureReason } from '../core/delivery/delivery.js';
import { WebhookError } from '../core/errors.js';
import { endToEndHeaders, type HeaderList, isHeaderName, isHeaderValue } from '../core/http/headers.js';
import type { HttpResponse, OutgoingRequest } from '../core/http/message.js';
import { formatDuration, formatSize, timerMs } from '../core/units.js';
import { Connections, type Transfer } from './connections.js';
import { createConnector, openSocket } from './connector.js';
import { explainFailure, placeOf } from './failure.js';
import { parseServer, type Server, splitUrl } from './target.js';

export interface SendOptions {
  /** Bounds the whole exchange: connecting, sending, headers and body of the answer. Milliseconds. */
  readonly timeoutMs: number;
  /** Gives the request up. */
  readonly signal?: AbortSignal;
  /** Bytes an answer's body may have; 64 MB where it is not said. */
  readonly maxResponseBody?: number;
}

/** What became of a request: an `Attempt` but for its target and whether it was a replay. */
export type SendResult = {
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
} & (
  | ({ readonly outcome: 'responded' } & HttpResponse)
  | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly message: string }
);

export interface Sender {
  /**
   * Sends a request and gives the answer, whatever its status; redirects are not followed and nothing is decompressed. What
   * the network does wrong is a result with `outcome: 'failed'`, never an exception. A request is never sent twice.
   *
   * Method, path, body and headers (their order, case and duplicates) go out as they are given, but for `Host`, which comes first
   * and is the target's where none is given, `Content-Length`, which is the body's, `Expect`, and the headers of one connection,
   * which are left out.
   *
   * @throws WebhookError `usage` where the URL is none, `input_malformed` where method or headers cannot be put on the wire.
   */
  send(request: OutgoingRequest, options: SendOptions): Promise<SendResult>;
  /** Whether the server of a URL accepts a TCP connection now. */
  reaches(url: string, timeoutMs: number): Promise<boolean>;
  /** Waits until the server of a URL accepts TCP connections. False where it did not in time, or the signal came first. */
  waitFor(url: string, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** Lets requests in flight finish (each is bounded by its timeout) and closes every connection. */
  close(): Promise<void>;
}

export interface SenderOptions {
  /** Connections to one server at most; requests beyond wait for a free one. 128 where it is not said. */
  readonly connections?: number;
  /** True: certificates are not checked. */
  readonly insecure?: boolean;
  /** In PEM, certificates of authorities that are trusted beside the usual ones. */
  readonly ca?: string;
  /** True where a person says the two above with `--ca` and `--insecure`: a refused certificate names them. */
  readonly trustFlags?: boolean;
  /** Unix time in milliseconds. */
  now?(): number;
  /** Told of each connection that is opened. */
  onConnect?(): void;
}

const MAX_RESPONSE_BODY = 64_000_000;

/**
 * Opens nothing yet: connections are made as requests need them, and kept for the next ones.
 *
 * @example
 * const sender = createSender();
 * const result = await sender.send({ method: 'POST', url: 'http://localhost:3000/hooks', headers: [], body }, { timeoutMs: 10_000 });
 * if (result.outcome === 'responded') console.log(result.status);
 * await sender.close();
 */
export function createSender(options: SenderOptions = {}): Sender {
  const now = options.now ?? Date.now;
  const routes = new Map<string, Route>();
  /** A number: what is added to a Set and taken out again without end outlives its collection in the tables that the Set leaves behind. */
  let underWay = 0;
  let whenNone = (): void => {};
  const settled = (): void => {
    underWay--;
    if (underWay === 0) whenNone();
  };

  function routeTo(base: string, timeoutMs: number): Route {
    let route = routes.get(base);
    if (route === undefined) {
      route = openRoute(parseServer(base), options);
      routes.set(base, route);
    }
    route.patience = Math.max(route.patience, timeoutMs);
    return route;
  }

  return {
    // It runs for every delivery of many: an async function would make each of them three promises.
    send(request, sendOptions) {
      try {
        const { base, path } = splitUrl(request.url);
        const route = routeTo(base, sendOptions.timeoutMs);
        const head = wireHead(request, path, route.server);
        underWay++;
        const exchange = new Exchange(request, head, route, now(), sendOptions, settled);
        if (!exchange.over) route.connections.send(exchange);
        return exchange.result;
      } catch (error) {
        return Promise.reject(error);
      }
    },

    async reaches(url, timeoutMs) {
      return accepts(parseServer(splitUrl(url).base), AbortSignal.timeout(timeoutMs));
    },

    async waitFor(url, timeoutMs, signal) {
      return waitForServer(parseServer(splitUrl(url).base), timeoutMs, signal);
    },

    async close() {
      if (underWay > 0) {
        await new Promise<void>((resolve) => {
          whenNone = resolve;
        });
      }
      const open = [...routes.values()];
      routes.clear();
      for (const { connections } of open) connections.close();
    },
  };
}

/** A server with its connections. */
interface Route {
  readonly server: Server;
  readonly trustFlags: boolean;
  readonly connections: Connections;
  /** The longest timeout of the requests so far: no attempt to connect need last longer. Milliseconds. */
  patience: number;
}

function openRoute(server: Server, options: SenderOptions): Route {
  const connector = createConnector(
    server,
    { insecure: options.insecure === true, ca: options.ca ?? null },
    () => route.patience,
    options.onConnect,
  );
  const connections = new Connections(connector, options.connections ?? 128);
  const route: Route = { server, trustFlags: options.trustFlags === true, connections, patience: 0 };
  return route;
}

/** Methods of which a request has a length even where it has no body. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

/** Request line and headers as they go out: the connection's own first, then those that were given, then the length. */
function wireHead(request: OutgoingRequest, path: string, server: Server): string {
  const { method, body } = request;
  if (!isHeaderName(method) || method === 'CONNECT') {
    throw new WebhookError('input_malformed', `'${printable(method)}' is not a method a delivery can be sent with.`);
  }
  let host: string | null = null;
  let fields = '';
  let authorized = false;
  // What belongs to the sender's own connection may be named in its Connection.
  const named = request.headers.some(([name]) => kindOf(name) === 'connection');
  for (const [name, value] of named ? endToEndHeaders(request.headers) : request.headers) {
    const kind = kindOf(name);
    if (kind === 'left out') continue;
    if (kind === 'unsendable' || !isHeaderValue(value)) {
      throw new WebhookError('input_malformed', `The header '${printable(name)}' cannot be sent.`, {
        hint: 'A name is letters, digits and dashes; a value has no line breaks and no characters outside Latin-1.',
      });
    }
    if (kind === 'host') {
      host ??= value;
      continue;
    }
    if (kind === 'authorization') authorized = true;
    fields += `${name}: ${value}\r\n`;
  }
  if (server.authorization !== null && !authorized) fields += `Authorization: ${server.authorization}\r\n`;
  const length = body.length > 0 || WITH_BODY.has(method) ? `content-length: ${body.length}\r\n` : '';
  return `${method} ${path} HTTP/1.1\r\nhost: ${host ?? server.host}\r\nconnection: keep-alive\r\n${fields}${length}\r\n`;
}

/** What is to be done with a header of a request. */
type HeaderKind = 'sent' | 'left out' | 'host' | 'authorization' | 'connection' | 'unsendable';

const kinds = new Map<string, HeaderKind>();
/** Deliveries bring a few dozen names; who sends ever new ones does not fill the memory with them. */
const MOST_KINDS = 1_000;

function kindOf(name: string): HeaderKind {
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = readKind(name);
    if (kinds.size >= MOST_KINDS) kinds.clear();
    kinds.set(name, kind);
  }
  return kind;
}

function readKind(name: string): HeaderKind {
  if (!isHeaderName(name)) return 'unsendable';
  const key = name.toLowerCase();
  if (key === 'host' || key === 'authorization' || key === 'connection') return key;
  // A body is sent at once: nobody is asked whether it may be (Expect).
  if (key === 'content-length' || key === 'expect' || endToEndHeaders([[name, '']]).length === 0) return 'left out';
  return 'sent';
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
}

/** Signals that were told that many requests listen to them, which is no leak. */
const quietSignals = new WeakSet<AbortSignal>();

/** One request under way: collects its answer, and ends it on timeout, on abort and where the answer is too large. */
class Exchange implements Transfer {
  readonly head: string;
  readonly body: Uint8Array;
  readonly bodiless: boolean;
  readonly result: Promise<SendResult>;
  readonly #onSettled: () => void;
  readonly #route: Route;
  readonly #startedAt: number;
  readonly #begun = performance.now();
  readonly #options: SendOptions;
  readonly #maxBody: number;
  readonly #timer: NodeJS.Timeout | null = null;
  #resolve: (result: SendResult) => void = () => {};
  #over = false;
  #abandon: (() => void) | null = null;
  #status = 0;
  #headers: HeaderList = [];
  #chunks: Buffer[] = [];
  #size = 0;

  /** @param onSettled is told once it is over. */
  constructor(
    { method, body }: OutgoingRequest,
    head: string,
    route: Route,
    startedAt: number,
    options: SendOptions,
    onSettled: () => void,
  ) {
    this.#onSettled = onSettled;
    this.head = head;
    this.body = body;
    this.bodiless = method === 'HEAD';
    this.#route = route;
    this.#startedAt = startedAt;
    this.#options = options;
    this.#maxBody = options.maxResponseBody ?? MAX_RESPONSE_BODY;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { signal } = options;
    if (signal?.aborted === true) {
      this.#onAbort();
      return;
    }
    if (signal !== undefined) {
      if (!quietSignals.has(signal)) {
        setMaxListeners(0, signal);
        quietSignals.add(signal);
      }
      signal.addEventListener('abort', this.#onAbort);
    }
    this.#timer = setTimeout(this.#onTimeout, timerMs(options.timeoutMs));
  }

  get over(): boolean {
    return this.#over;
  }

  onStart(abandon: () => void): void {
    this.#abandon = abandon;
  }

  onHead(status: number, headers: HeaderList): void {
    this.#status = status;
    this.#headers = headers;
  }

  onData(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > this.#maxBody) {
      this.#giveUp('reset', `The answer of ${placeOf(this.#route.server)} is over the limit of ${formatSize(this.#maxBody)}.`);
    } else {
      this.#chunks.push(bytes);
    }
  }

  onEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#size);
    this.#settle({
      startedAt: this.#startedAt,
      durationMs: performance.now() - this.#begun,
      outcome: 'responded',
      status: this.#status,
      headers: this.#headers,
      body,
    });
  }

  onError(error: Error): void {
    const { reason, message } = explainFailure(error, this.#route.server, this.#status > 0, this.#route.trustFlags);
    this.#fail(reason, message);
  }

  readonly #onTimeout = (): void => {
    const place = placeOf(this.#route.server);
    const limit = formatDuration(this.#options.timeoutMs);
    if (this.#abandon === null) this.#giveUp('timeout', `There was no connection to ${place} within ${limit}.`);
    else if (this.#status === 0) this.#giveUp('timeout', `${place} did not answer within ${limit}.`);
    else this.#giveUp('timeout', `${place} began to answer, but did not finish within ${limit}.`);
  };

  readonly #onAbort = (): void => {
    this.#giveUp('aborted', `The request to ${placeOf(this.#route.server)} was given up.`);
  };

  #giveUp(reason: FailureReason, message: string): void {
    this.#fail(reason, message);
    this.#abandon?.();
  }

  #fail(reason: FailureReason, message: string): void {
    const durationMs = performance.now() - this.#begun;
    this.#settle({ startedAt: this.#startedAt, durationMs, outcome: 'failed', reason, message });
  }

  /** The first outcome counts. */
  #settle(result: SendResult): void {
    if (this.#over) return;
    this.#over = true;
    this.#onSettled();
    this.#chunks = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#resolve(result);
  }
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

async function waitForServer(server: Server, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.timeout(Math.ceil(timerMs(timeoutMs)));
  const end = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  for (let pause = FIRST_PAUSE_MS; !end.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (await accepts(server, end)) return true;
    await delay(pause, null, { signal: end }).catch(() => {});
  }
  return false;
}

function accepts(server: Server, end: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket(server);
    const finish = (accepted: boolean): void => {
      end.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(accepted);
    };
    const giveUp = (): void => finish(false);
    end.addEventListener('abort', giveUp);
    socket.once('connect', () => finish(true));
    socket.on('error', giveUp);
  });
}
