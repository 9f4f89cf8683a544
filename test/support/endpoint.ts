/** Endpoints to be judged: handlers as people write them, right ones and wrong ones, on a port of their own. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const SECRET = 'an-endpoint-secret-of-32-letters';

/** Serves what a framework makes, or a bare listener. */
export async function serve(handler: RequestListener | Server): Promise<string> {
  const server = typeof handler === 'function' ? createServer(handler) : handler;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
}

export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a handler decides of a whole request; null: it hangs up without an answer. */
export type Decide = (asked: Asked) => Reply | null | Promise<Reply | null>;

/** A bare endpoint: it reads the body to its end, and answers as it is told. What it throws is a 500. */
export function endpoint(decide: Decide): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = { method: request.method ?? '', headers: request.headers, body: Buffer.concat(chunks) };
      Promise.resolve(asked)
        .then(decide)
        .catch((): Reply => ({ status: 500, body: 'Internal Server Error' }))
        .then((reply) => {
          if (reply === null) request.socket.destroy();
          else response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
        });
    });
  };
}

/** The signature of Connect2Print: HMAC-SHA256 of the body, hex. */
export function digestOf(body: Uint8Array | string, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHmac('sha256', SECRET).update(body).digest(encoding);
}

/** Whether the header holds the right signature, compared as it should be. */
export function isSigned(headers: IncomingHttpHeaders, body: Uint8Array): boolean {
  const given = Buffer.from(String(headers['x-webhook-signature'] ?? ''), 'hex');
  const wanted = Buffer.from(digestOf(body), 'hex');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** A handler of Connect2Print with nothing wrong in it, or with what comes after verification replaced. */
export function careful(accepted: Decide = () => ({ status: 200, body: 'ok' })): Decide {
  return (asked) => {
    if (asked.method !== 'POST') return { status: 405 };
    return isSigned(asked.headers, asked.body) ? accepted(asked) : { status: 401, body: '{"error":"invalid signature"}' };
  };
}
