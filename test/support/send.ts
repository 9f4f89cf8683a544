import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Buffer;
  header(name: string): string[];
}

export interface Sending {
  readonly method?: string;
  /** As they go over the wire: in this order and case, twice where they stand twice. */
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: string | Uint8Array;
}

/** Sends a request as it is, on a connection of its own, and gives the answer as it came. */
export function send(url: string, { method = 'POST', headers = [], body = '' }: Sending = {}): Promise<Answer> {
  const bytes = Buffer.from(body as string);
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  const own: Array<readonly [string, string]> = named.has('host') ? [] : [['Host', new URL(url).host]];
  if (!named.has('transfer-encoding') && !named.has('content-length')) own.push(['Content-Length', String(bytes.length)]);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent: false, headers: [...own, ...headers].flat() }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const pairs: Array<readonly [string, string]> = [];
        const { rawHeaders } = incoming;
        for (let i = 0; i < rawHeaders.length; i += 2) pairs.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: pairs,
          body: Buffer.concat(chunks),
          header: (wanted) => pairs.filter(([name]) => name.toLowerCase() === wanted.toLowerCase()).map(([, value]) => value),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}
