/**
 * A client of the localtunnel protocol. The server hands out a name and a port; the client keeps a few TCP connections open
 * to that port, and each carries HTTP requests of the public URL, which are piped to the listener as they are.
 *
 * The npm package `localtunnel` speaks the same protocol; a test beside this one shows why it is not used: what it waits
 * for it cannot give up, it connects to the listener before there is a request (whose time to send one then runs out), and
 * it does not notice that its server is gone.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebhookError } from '../../core/errors.js';
import { openSocket } from '../connector.js';
import { explainFailure } from '../failure.js';
import { createSender } from '../sender.js';
import { parseServer, parseTarget, type Server } from '../target.js';
import { aborted } from './aborted.js';
import type { OpenRequest, Tunnel, TunnelDriver } from './driver.js';

const PUBLIC_SERVER = 'https://localtunnel.me';
/** As the server checks it. */
const SUBDOMAIN = /^([a-z0-9][a-z0-9-]{4,61}[a-z0-9]|[a-z0-9]{4,63})$/;
const CLAIM_TIMEOUT_MS = 30_000;
/** A name is kept for a second after its last connection has closed: ours may still be. */
const CLAIMS = 4;
const RECLAIM_MS = 1_100;
const MOST_CONNECTIONS = 32;
const KEEP_ALIVE_MS = 10_000;
/** A connection that ends so soon, and without a request, is not replaced at once. */
const SHORT_LIVED_MS = 200;
const PAUSE_MS = 500;

export const localtunnel: TunnelDriver = {
  async check() {
    return { ready: true, detail: 'built in' };
  },

  async open(request) {
    const server = parseServer(parseTarget(request.server ?? PUBLIC_SERVER).origin);
    const { subdomain } = request;
    if (subdomain !== null && !SUBDOMAIN.test(subdomain)) {
      throw new WebhookError('usage', `'${subdomain}' cannot be a subdomain.`, {
        hint: 'It has 4 to 63 small letters, digits and, from 6 characters on, dashes inside.',
      });
    }
    // Asked for even where the user has no wish: some servers give a name to those only who name one.
    const wanted = request.again === null ? (subdomain ?? `wh-${randomBytes(6).toString('hex')}`) : nameOf(request.again.url);
    const claim = await claimName(server, wanted, request);
    if (claim.id !== subdomain && subdomain !== null && request.again === null) {
      request.tell(`The subdomain '${subdomain}' is taken: the URL is another one.`);
    }
    return connectTunnel(server, claim, request);
  },
};

/** What the server answers to a request for a name. */
interface Claim {
  readonly id: string;
  readonly url: string;
  readonly port: number;
  /** Where its port is, if not where the server is. */
  readonly ip: string | null;
  readonly connections: number;
}

function nameOf(url: string): string {
  return new URL(url).hostname.split('.')[0] ?? '';
}

/** Asks for a name until it is given; where it stays taken, another one it is. */
async function claimName(server: Server, wanted: string, { signal }: OpenRequest): Promise<Claim> {
  const sender = createSender({ connections: 1 });
  try {
    for (let left = CLAIMS; ; left--) {
      const url = `${server.origin}/${wanted}`;
      const result = await sender.send(
        { method: 'GET', url, headers: [], body: new Uint8Array() },
        { timeoutMs: CLAIM_TIMEOUT_MS, signal },
      );
      if (result.outcome === 'failed') throw unavailable(server, result.message);
      const answer = readAnswer(result.body);
      const message = typeof answer?.message === 'string' ? answer.message : null;
      if (result.status !== 200)
        throw unavailable(server, `It answered ${result.status}${message === null ? '' : ` (${message})`}.`);
      const claim = readClaim(answer);
      if (claim === null) throw unavailable(server, 'Its answer is not that of a localtunnel server.');
      if (claim.id === wanted || left === 1) return claim;
      await sleep(RECLAIM_MS, undefined, { signal });
    }
  } finally {
    await sender.close();
  }
}

function readAnswer(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function readClaim(answer: Record<string, unknown> | null): Claim | null {
  if (answer === null) return null;
  const { id, url, port, ip, max_conn_count: connections } = answer;
  if (typeof id !== 'string' || typeof url !== 'string' || !/^https?:\/\/[^/]+\/?$/.test(url)) return null;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  return {
    id,
    url: url.replace(/\/$/, ''),
    port,
    ip: typeof ip === 'string' ? ip : null,
    connections: typeof connections === 'number' ? Math.min(Math.max(1, Math.floor(connections)), MOST_CONNECTIONS) : 1,
  };
}

function unavailable(server: Server, message: string): WebhookError {
  return new WebhookError('tunnel_unavailable', `The tunnel server ${server.host} gave no URL. ${message}`, {
    hint: 'Try again, name another server with --tunnel-host, or take another driver: webhook tunnels',
  });
}

async function connectTunnel(server: Server, claim: Claim, { local, signal }: OpenRequest): Promise<Tunnel> {
  const port: Server = { ...server, hostname: claim.ip ?? server.hostname, port: claim.port };
  const open = new Set<Socket>();
  let connected = 0;
  let closed = false;
  let lose = (_reason: string): void => {};
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });

  /** One of the connections: it waits for a request, carries some, and is replaced when it ends. */
  function wait(): void {
    if (closed) return;
    const remote = openSocket(port);
    const began = performance.now();
    let online = false;
    let used = false;
    let reason = '';
    open.add(remote);
    remote.setNoDelay(true);
    remote.setKeepAlive(true, KEEP_ALIVE_MS);
    remote.once('connect', () => {
      online = true;
      connected++;
      isReady();
    });
    remote.once('data', (first: Buffer) => {
      used = true;
      carry(remote, first);
    });
    remote.on('error', (error) => {
      reason = explainFailure(error, port, online).message;
    });
    remote.once('close', () => {
      open.delete(remote);
      if (online) connected--;
      if (closed) return;
      if (!online && connected === 0) {
        shut();
        lose(reason === '' ? 'The tunnel server has hung up.' : `The tunnel server is gone. ${reason}`);
      } else if (online && (used || performance.now() - began > SHORT_LIVED_MS)) wait();
      else setTimeout(wait, PAUSE_MS).unref();
    });
  }

  function carry(remote: Socket, first: Buffer): void {
    remote.pause();
    const own = connect({ host: local.host, port: local.port });
    own.setNoDelay(true);
    own.write(first);
    own.pipe(remote);
    remote.pipe(own);
    own.on('error', () => remote.destroy());
    own.once('close', () => remote.end());
    remote.once('close', () => own.destroy());
  }

  function shut(): void {
    closed = true;
    for (const socket of open) socket.destroy();
  }

  for (let count = 0; count < claim.connections; count++) wait();
  const failure = await Promise.race([ready.then(() => null), lost, aborted(signal).then(() => 'Opening it was given up.')]);
  if (failure !== null) {
    shut();
    throw unavailable(server, failure);
  }
  return {
    url: claim.url,
    lost,
    async close() {
      shut();
    },
  };
}
