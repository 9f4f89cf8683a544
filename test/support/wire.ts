/** Bytes on a connection as they are: what no HTTP client would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection that is gone after the test; its errors are for whoever listens. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Everything the other end sends until it closes, as Latin-1. */
export function rest(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** Sends bytes on a connection of their own and gives the whole answer; the request should ask for `Connection: close`. */
export async function exchange(port: number, ...parts: Array<string | Uint8Array>): Promise<string> {
  const socket = await dial(port);
  const answer = rest(socket);
  for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
  return answer;
}

/** A sound request with a body, and these header lines. */
export function post(headers: string, body: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([
    Buffer.from(
      `POST /hooks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${bytes.length}\r\n${headers}\r\n`,
      'latin1',
    ),
    bytes,
  ]);
}
