/**
 * A channel of smee.io, or of a server like it (https://github.com/probot/smee.io, https://github.com/chmouel/gosmee): what
 * is posted to the channel's URL comes as a server-sent event, and is posted to the listener.
 *
 * smee.io parses a JSON body and sends it on as a part of the event. Those bytes are taken as they come, and not parsed and
 * written once more; but they are smee's spelling, so a signature holds only where the sender spelled it the same. gosmee
 * sends the bytes themselves.
 */
import { addAbortListener } from 'node:events';
import { messageOf, WebhookError } from '../../core/errors.js';
import { locate } from '../../core/events/json-text.js';
import { type HeaderList, isHeaderName, isHeaderValue, textToHeader } from '../../core/http/headers.js';
import { explainFailure } from '../failure.js';
import { createSender, type Sender } from '../sender.js';
import { parseServer, parseTarget } from '../target.js';
import type { OpenRequest, Tunnel, TunnelDriver } from './driver.js';
import { EventStreamReader } from './event-stream.js';

const PUBLIC_SERVER = 'https://smee.io';
const NEW_TIMEOUT_MS = 15_000;
/** The listener answers within its own time; nobody waits for it here. */
const REPLAY_TIMEOUT_MS = 600_000;
/** The server sends something every 30 seconds: twice missed, it is gone. */
const SILENCE_MS = 70_000;
/** gosmee gives its stream only to itself. */
const USER_AGENT = 'webhook-cli gosmee';

export const smee: TunnelDriver = {
  async check() {
    return { ready: true, detail: 'built in' };
  },

  async open(request) {
    if (request.subdomain !== null) {
      throw new WebhookError('usage', 'A channel has no subdomain.', {
        hint: 'Name the channel with --tunnel-host https://smee.io/abc123.',
      });
    }
    const sender = createSender();
    try {
      const channel = request.again?.url ?? (await channelOf(request, sender));
      return await subscribe(channel, request, sender);
    } catch (error) {
      await sender.close();
      throw error;
    }
  },
};

/** The channel that is named, or a new one of the server. */
async function channelOf({ server, signal }: OpenRequest, sender: Sender): Promise<string> {
  const named = parseTarget(server ?? PUBLIC_SERVER);
  if (named.path !== '/') return named.url.replace(/\/$/, '');
  const url = `${named.origin}/new`;
  const result = await sender.send(
    { method: 'GET', url, headers: [], body: new Uint8Array() },
    { timeoutMs: NEW_TIMEOUT_MS, signal },
  );
  if (result.outcome === 'failed') throw unavailable(named.host, result.message);
  const location = result.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location === undefined || !URL.canParse(location, url))
    throw unavailable(named.host, `It answered ${result.status} and named no channel.`);
  return new URL(location, url).href;
}

function unavailable(host: string, message: string): WebhookError {
  return new WebhookError('tunnel_unavailable', `${host} gave no channel. ${message}`, {
    hint: 'Name another one with --tunnel-host, or take another driver: webhook tunnels',
  });
}

async function subscribe(channel: string, request: OpenRequest, sender: Sender): Promise<Tunnel> {
  const over = new AbortController();
  const givenUp = addAbortListener(request.signal, () => over.abort());
  const { host, origin } = new URL(channel);
  const position = request.again?.position?.() ?? null;
  const headers = {
    Accept: 'text/event-stream',
    'User-Agent': USER_AGENT,
    ...(position === null ? {} : { 'Last-Event-ID': position }),
  };
  const response = await fetch(channel, { headers, signal: over.signal }).catch((error: unknown) => {
    throw unavailable(host, explainFailure(error, parseServer(origin), false).message);
  });
  givenUp[Symbol.dispose]();
  if (!response.ok || response.body === null || !/^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')) {
    over.abort();
    throw unavailable(host, `${channel} answered ${response.status}, and not with a stream of events.`);
  }
  const underWay = new Set<Promise<unknown>>();
  const reader = new EventStreamReader((event) => {
    const replay = event.type === 'message' ? replayOf(event.data, request, channel) : null;
    if (replay === null) return;
    const sent = sender.send(replay, { timeoutMs: REPLAY_TIMEOUT_MS }).then((result) => {
      underWay.delete(sent);
      if (result.outcome === 'failed') request.tell(`A delivery from ${host} did not reach the listener: ${result.message}`);
    });
    underWay.add(sent);
  });
  const lost = read(response.body, reader, over).then((problem) => `The stream of ${host} ended${problem}.`);
  return {
    url: channel,
    lost,
    selfWatching: true,
    position: () => (reader.lastId === '' ? position : reader.lastId),
    async close() {
      over.abort();
      await Promise.allSettled(underWay);
      await sender.close();
    },
  };
}

/** Reads until the stream ends, or is silent for too long. */
async function read(body: ReadableStream<Uint8Array>, reader: EventStreamReader, over: AbortController): Promise<string> {
  const silence = setTimeout(() => over.abort(), SILENCE_MS).unref();
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) {
      silence.refresh();
      reader.read(decoder.decode(chunk, { stream: true }));
    }
    return '';
  } catch (error) {
    return over.signal.aborted ? ': nothing came any more' : ` (${messageOf(error)})`;
  } finally {
    clearTimeout(silence);
  }
}

/** What the channel adds to the headers. */
const OWN_FIELDS = new Set(['body', 'bodyB', 'query', 'timestamp']);
/** What is about the connection to the channel, or is made anew. */
const NOT_REPLAYED = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'expect']);

/** The request that was posted to the channel; null where the event is something else. */
export function replayOf(
  data: string,
  { local }: Pick<OpenRequest, 'local'>,
  channel: string,
): { method: string; url: string; headers: HeaderList; body: Uint8Array } | null {
  const bytes = Buffer.from(data, 'utf8');
  const message = parsed(data);
  if (message === null || !('body' in message || 'bodyB' in message)) return null;
  const headers: Array<readonly [string, string]> = [];
  for (const [name, value] of Object.entries(message)) {
    if (OWN_FIELDS.has(name) || NOT_REPLAYED.has(name.toLowerCase())) continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (typeof text !== 'string' && typeof text !== 'number') continue;
    const line = textToHeader(String(text));
    if (isHeaderName(name) && isHeaderValue(line)) headers.push([name, line]);
  }
  const { host } = message;
  if (typeof host === 'string' && message['x-forwarded-host'] === undefined) headers.push(['X-Forwarded-Host', host]);
  if (message['x-forwarded-proto'] === undefined) headers.push(['X-Forwarded-Proto', new URL(channel).protocol.slice(0, -1)]);
  return {
    method: 'POST',
    url: `http://${local.authority}${local.path}${queryOf(message.query)}`,
    headers,
    body: bodyOf(message, bytes),
  };
}

function parsed(data: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function bodyOf(message: Record<string, unknown>, bytes: Buffer): Uint8Array {
  if (typeof message.bodyB === 'string') return Buffer.from(message.bodyB, 'base64');
  // Text that was posted as something else than JSON.
  if (typeof message.body === 'string') return Buffer.from(message.body, 'utf8');
  const span = locate(bytes, '/body');
  return span === null ? new Uint8Array() : bytes.subarray(span.offset, span.offset + span.length);
}

function queryOf(query: unknown): string {
  if (typeof query !== 'object' || query === null) return '';
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) pairs.append(name, String(one));
  }
  return pairs.size === 0 ? '' : `?${pairs.toString()}`;
}
