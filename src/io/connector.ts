import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { timerMs } from '../core/units.js';
import type { Server } from './target.js';

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** How long one address is tried before the next one is, where a name has several. */
const ATTEMPT_MS = 500;
const KEEP_ALIVE_MS = 60_000;

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Looks a host up. `localhost` is both loopback addresses whatever the machine's hosts file says: an app may listen on one
 * only, and its developer cannot tell which.
 */
function lookupHost(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  if (hostname !== 'localhost' && !hostname.endsWith('.localhost')) lookup(hostname, options, callback);
  else if (options.all === true) process.nextTick(callback, null, [...LOOPBACK]);
  else process.nextTick(callback, null, '127.0.0.1', 4);
}

/** Bytes are handed on before others are read into the same place, and so one place will do for all connections. */
let place: Buffer | null = null;
const PLACE_BYTES = 65_536;

function addressOf(server: Server): TcpNetConnectOpts {
  return {
    host: server.hostname,
    port: server.port,
    // The types of node:net know the two forms of the callback only one at a time.
    lookup: lookupHost as LookupFunction,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
  };
}

/** Opens a TCP connection; every address of the host is tried. The caller waits for `connect` or `error`. */
export function openSocket(server: Server): Socket {
  return connectTcp(addressOf(server));
}

/** The same, where its bytes are handed on without the detour of a stream. */
function openPlainSocket(server: Server, receive: Receive): Socket {
  place ??= Buffer.allocUnsafeSlow(PLACE_BYTES);
  const callback = (length: number, bytes: Uint8Array): boolean => {
    receive(Buffer.from(bytes.buffer, bytes.byteOffset, length));
    return true;
  };
  return connectTcp({ ...addressOf(server), onread: { buffer: place, callback } });
}

/** Gets the bytes of a connection, which are its own only until it returns. */
export type Receive = (bytes: Buffer) => void;

/** The connection that was made, or why it was not. */
export type Connected = (made: Socket | Error) => void;

/** Which certificates will do. */
export interface Trust {
  /** True: any. */
  readonly insecure: boolean;
  /** In PEM, those of authorities that are trusted beside the usual ones; null: none. */
  readonly ca: string | null;
}

function openTlsSocket(server: Server, insecure: boolean, secureContext: SecureContext | null): Socket {
  return connectTls({
    ...addressOf(server),
    // The name the certificate must be for; an address is checked too, but never announced.
    ...(isIP(server.hostname) === 0 ? { servername: server.hostname } : {}),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: !insecure,
    ...(secureContext === null ? {} : { secureContext }),
  });
}

/** Opens the connections of a pool, and can give up those that are not made yet. */
export interface Connector {
  connect(receive: Receive, callback: Connected): void;
  /** Ends every attempt to connect, so that none keeps the process alive. */
  abandon(): void;
}

/**
 * @param patience how long to try, in milliseconds, asked when an attempt begins.
 * @param onConnect told of each connection that was made.
 */
export function createConnector(
  server: Server,
  trust: Trust,
  patience: () => number,
  onConnect: () => void = () => {},
): Connector {
  const pending = new Set<Socket>();
  // Made once: it reads some hundred certificates.
  const context = trust.ca === null ? null : createSecureContext({ ca: [...rootCertificates, trust.ca] });

  function connect(receive: Receive, callback: Connected): void {
    const secure = server.protocol === 'https:';
    const socket = secure ? openTlsSocket(server, trust.insecure, context) : openPlainSocket(server, receive);
    if (secure) socket.on('data', receive);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    pending.add(socket);
    const tooLong = (): void => {
      socket.destroy(Object.assign(new Error('connection timed out'), { code: 'ETIMEDOUT' }));
    };
    const timer = setTimeout(tooLong, timerMs(patience()));
    let waiting = true;
    const settle = (error: Error | null): void => {
      if (!waiting) return;
      waiting = false;
      clearTimeout(timer);
      pending.delete(socket);
      if (error !== null) {
        callback(error);
        return;
      }
      onConnect();
      callback(socket);
    };
    socket.once(secure ? 'secureConnect' : 'connect', () => settle(null));
    // Stays for as long as the socket lives: an error of an idle connection must not end the process.
    socket.on('error', settle);
  }

  return {
    connect,
    abandon() {
      for (const socket of pending) socket.destroy(Object.assign(new Error('given up'), { code: 'REQUEST_GIVEN_UP' }));
    },
  };
}
