/** An app under development: it records every request as it came over the wire, and answers as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RecordedRequest {
  readonly method: string;
  /** As it stood in the request line. */
  readonly path: string;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Buffer;
  /** The values of a header, its case aside. */
  header(name: string): string[];
}

export interface App {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Every request, once there are so many. */
  received(count: number): Promise<readonly RecordedRequest[]>;
  close(): Promise<void>;
}

export type AppAnswer = (request: RecordedRequest, response: ServerResponse) => void;

export async function startApp(answer: AppAnswer = (_request, response) => response.end('thank you'), port = 0): Promise<App> {
  const requests: RecordedRequest[] = [];
  let waiting: Array<{ count: number; resolve: (requests: readonly RecordedRequest[]) => void }> = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const recorded = recordedOf(request, Buffer.concat(chunks));
      requests.push(recorded);
      waiting = waiting.filter(({ count, resolve }) => {
        if (requests.length < count) return true;
        resolve(requests);
        return false;
      });
      answer(recorded, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    received: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve(requests);
        else waiting.push({ count, resolve });
      }),
    close,
  };
}

function recordedOf({ method = '', url = '', rawHeaders }: IncomingMessage, body: Buffer): RecordedRequest {
  const headers: Array<readonly [string, string]> = [];
  for (let i = 0; i < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return {
    method,
    path: url,
    headers,
    body,
    header: (wanted) => headers.filter(([name]) => name.toLowerCase() === wanted.toLowerCase()).map(([, value]) => value),
  };
}
