/** Connections to one server: each carries one request at a time, and is kept for the next. */
import type { Socket } from 'node:net';
import { codeOf, isError } from '../core/errors.js';
import type { HeaderList } from '../core/http/headers.js';
import { AnswerReader, type AnswerSink } from './answer-reader.js';
import type { Connector } from './connector.js';

/** A request that is to be sent, and who gets its answer. */
export interface Transfer extends AnswerSink {
  /** Request line and headers, the empty line included; a character a byte. */
  readonly head: string;
  readonly body: Uint8Array;
  /** The answer has no body (HEAD). */
  readonly bodiless: boolean;
  /** It was given up: what has not been sent is not sent any more. */
  readonly over: boolean;
  /** It goes out now. `abandon` ends the connection it is on. */
  onStart(abandon: () => void): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** Bytes up to which copying a body costs less than a write of its own. */
const SHORT = 16_384;

export class Connections {
  readonly #connector: Connector;
  readonly #most: number;
  readonly #waiting: Transfer[] = [];
  readonly #all = new Set<Connection>();
  /** Free ones, which the server has had the time to close; the one that was used last is the last. */
  readonly #idle: Connection[] = [];
  /** Free ones, of which that is not known yet. */
  readonly #resting: Connection[] = [];
  #connecting = 0;
  #settling = false;
  #expiry: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param most are open at once. */
  constructor(connector: Connector, most: number) {
    this.#connector = connector;
    this.#most = most;
  }

  /** Sends it as soon as there is a connection; those that wait go in their order. */
  send(transfer: Transfer): void {
    const idle = this.#takeIdle();
    if (idle !== undefined) idle.carry(transfer);
    else if (this.#all.size < this.#most) {
      this.#waiting.push(transfer);
      this.#open();
    } else {
      // Some servers close a connection that they said they would keep. Where another could be had, that is waited out.
      const resting = this.#resting.pop();
      if (resting === undefined) this.#waiting.push(transfer);
      else resting.carry(transfer);
    }
  }

  /** Ends every connection, and what they carry. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#expiry);
    this.#connector.abandon();
    const error = Object.assign(new Error('closed'), { code: 'REQUEST_GIVEN_UP' });
    for (const transfer of this.#waiting.splice(0)) transfer.onError(error);
    for (const connection of [...this.#all]) connection.abandon(error);
  }

  #takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.expires > performance.now()) return connection;
      connection.abandon();
    }
  }

  #open(): void {
    const connection = new Connection(
      (connection) => this.#free(connection),
      (connection) => this.#gone(connection),
    );
    this.#all.add(connection);
    this.#connecting++;
    this.#connector.connect(
      (bytes) => connection.receive(bytes),
      (made) => {
        this.#connecting--;
        if (isError(made)) {
          this.#all.delete(connection);
          this.#nextWaiting()?.onError(made);
          this.#openMore();
        } else if (this.#closed) {
          made.destroy();
        } else {
          connection.begin(made);
          this.#free(connection);
        }
      },
    );
  }

  /** As many as wait, and as may be. */
  #openMore(): void {
    while (!this.#closed && this.#waiting.length > this.#connecting && this.#all.size < this.#most) this.#open();
  }

  #nextWaiting(): Transfer | undefined {
    for (;;) {
      const transfer = this.#waiting.shift();
      if (transfer === undefined || !transfer.over) return transfer;
    }
  }

  #free(connection: Connection): void {
    const transfer = this.#nextWaiting();
    if (transfer !== undefined) {
      connection.carry(transfer);
      return;
    }
    this.#resting.push(connection);
    if (this.#settling) return;
    this.#settling = true;
    setImmediate(() => this.#settle());
  }

  /** What has been free for a turn of the event loop may be used by anybody, and keeps no process alive. */
  #settle(): void {
    this.#settling = false;
    for (const connection of this.#resting.splice(0)) {
      connection.unref();
      this.#idle.push(connection);
    }
    this.#expiry ??= setTimeout(() => this.#expire(), EXPIRY_MS).unref();
  }

  #expire(): void {
    this.#expiry = undefined;
    const now = performance.now();
    for (const connection of [...this.#idle]) if (connection.expires <= now) connection.abandon();
    if (this.#idle.length > 0) this.#expiry = setTimeout(() => this.#expire(), EXPIRY_MS).unref();
  }

  #gone(connection: Connection): void {
    this.#all.delete(connection);
    remove(this.#idle, connection);
    remove(this.#resting, connection);
    this.#openMore();
  }
}

/** How often it is looked whether a connection has been idle for too long. */
const EXPIRY_MS = 1_000;

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

class Connection implements AnswerSink {
  /** When it is not to be used any more, by `performance.now()`. */
  expires = Number.POSITIVE_INFINITY;
  readonly #reader: AnswerReader = new AnswerReader(this);
  readonly #onFree: (connection: Connection) => void;
  readonly #onGone: (connection: Connection) => void;
  #socket: Socket | null = null;
  #transfer: Transfer | null = null;
  #error: Error | null = null;
  #kept = true;
  #gone = false;
  readonly #abandon = (): void => this.abandon();

  constructor(onFree: (connection: Connection) => void, onGone: (connection: Connection) => void) {
    this.#onFree = onFree;
    this.#onGone = onGone;
  }

  /** It is connected. */
  begin(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => {
      this.#error ??= error;
    });
    socket.on('end', () => this.#ended(null));
    socket.on('close', () => this.#ended(this.#error));
  }

  /** Sends a request; there is none under way. */
  carry(transfer: Transfer): void {
    const socket = this.#socket as Socket;
    if (!this.#kept) {
      socket.ref();
      this.#kept = true;
    }
    this.#transfer = transfer;
    this.#reader.expect(transfer.bodiless);
    transfer.onStart(this.#abandon);
    const { head, body } = transfer;
    if (body.length <= SHORT) {
      const { buffer, byteOffset, byteLength } = body;
      socket.write(head + Buffer.from(buffer, byteOffset, byteLength).toString('latin1'), 'latin1');
      return;
    }
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }

  /** Nothing is waiting for it: it keeps no process alive. */
  unref(): void {
    this.#socket?.unref();
    this.#kept = false;
  }

  receive(bytes: Buffer): void {
    if (this.#gone) return;
    // A server that speaks unasked is not to be understood.
    if (this.#transfer === null) {
      this.abandon();
      return;
    }
    try {
      if (this.#reader.read(bytes)) this.#complete();
    } catch (error) {
      this.abandon(error as Error);
    }
  }

  onHead(status: number, headers: HeaderList): void {
    this.#transfer?.onHead(status, headers);
  }

  onData(bytes: Buffer): void {
    this.#transfer?.onData(bytes);
  }

  /** Ends the connection, and with `error` what it carries. */
  abandon(error: Error | null = null): void {
    const transfer = this.#transfer;
    this.#transfer = null;
    if (!this.#gone) {
      this.#gone = true;
      this.#socket?.destroy();
      this.#onGone(this);
    }
    if (error !== null) transfer?.onError(error);
  }

  #complete(): void {
    const transfer = this.#transfer;
    const { keepMs } = this.#reader;
    this.#transfer = null;
    // Who answers before it has all of the request may never read the rest.
    if (keepMs === null || this.#gone || this.#socket?.writableLength !== 0) this.abandon();
    else {
      this.expires = performance.now() + keepMs;
      this.#onFree(this);
    }
    transfer?.onEnd();
  }

  #ended(error: Error | null): void {
    if (this.#gone) return;
    const isReset = codeOf(error) === 'ECONNRESET';
    if (this.#transfer !== null && (error === null || isReset) && this.#reader.end()) this.#complete();
    else this.abandon(error ?? new Error('other side closed'));
  }
}
