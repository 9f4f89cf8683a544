/** A relay over server-sent events that behaves as smee.io does (https://github.com/probot/smee.io, lib/server.js). */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SmeeServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The `Last-Event-ID` of each subscription, in order; null where it had none. */
  readonly subscriptions: ReadonlyArray<string | null>;
  /** Resolves once there were so many subscriptions. */
  subscribed(count: number): Promise<void>;
  /** Ends every stream, as a restart of the server does. */
  drop(): void;
  /** Sends text on every stream as it is. */
  write(text: string): void;
}

export async function startSmeeServer(): Promise<SmeeServer> {
  const streams = new Map<ServerResponse, string>();
  const subscriptions: Array<string | null> = [];
  let waiting: Array<{ count: number; resolve: () => void }> = [];
  let channels = 0;
  let events = 0;
  const event = (name: string | null, data: string): string =>
    `id: ${events++}\n${name === null ? '' : `event: ${name}\n`}data: ${data}\n\n`;

  function subscribe(path: string, request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', 'x-no-compression': '1' });
    response.write(event('ready', '{}'));
    streams.set(response, path);
    response.on('close', () => streams.delete(response));
    subscriptions.push((request.headers['last-event-id'] as string | undefined) ?? null);
    waiting = waiting.filter(({ count, resolve }) => subscriptions.length < count || resolve());
  }

  async function publish(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    let body: unknown;
    try {
      body = JSON.parse(Buffer.concat(chunks).toString());
    } catch {
      response.writeHead(415).end();
      return;
    }
    const envelope = { ...request.headers, body, query: Object.fromEntries(searchParams), timestamp: 1_794_000_000_000 };
    const text = event(null, JSON.stringify(envelope));
    for (const [stream, channel] of streams) if (channel === path) stream.write(text);
    response.writeHead(200).end();
  }

  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    if (path === '/new') response.writeHead(307, { Location: `http://${request.headers.host}/channel-${channels++}` }).end();
    else if (request.method === 'POST') void publish(path, request, response);
    else if (request.headers.accept === 'text/event-stream') subscribe(path, request, response);
    else response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    subscriptions,
    subscribed: (count) =>
      new Promise((resolve) => {
        if (subscriptions.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    drop() {
      for (const stream of streams.keys()) stream.destroy();
    },
    write(text) {
      for (const stream of streams.keys()) stream.write(text);
    },
  };
}
