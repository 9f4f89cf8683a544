import type { HttpRequest, HttpResponse } from '../../core/http/message.js';
import { createSender } from '../sender.js';

/** Finds out whether a public URL leads to this very listener. */
export interface Probe {
  /** The answer to a probe's own request; null for any other, which is a delivery. */
  answer(request: HttpRequest): HttpResponse | null;
  /** Resolves with null where a request to the URL came out here, else with what happened instead, a sentence. */
  reach(url: string, timeoutMs: number, signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

/** Some tunnels show a page of their own to what could be a browser, but not where these are. */
const HEADERS = [
  ['User-Agent', 'webhook-cli'],
  ['Bypass-Tunnel-Reminder', '1'],
  ['ngrok-skip-browser-warning', '1'],
] as const;

/**
 * @param random `size` random bytes.
 * @example
 * const probe = createProbe(randomBytes);
 * // in the listener: return probe.answer(request) ?? handle(request);
 * const problem = await probe.reach('https://abc.loca.lt', 5_000, signal);
 */
export function createProbe(random: (size: number) => Uint8Array): Probe {
  const token = (): string => Buffer.from(random(16)).toString('hex');
  const path = `/.webhook-probe-${token()}`;
  const secret = token();
  const sender = createSender({ connections: 4 });
  return {
    answer(request) {
      // A reverse proxy may have put a path of its own before it.
      if (request.method !== 'GET' || !request.path.endsWith(path)) return null;
      return {
        status: 200,
        headers: [
          ['Content-Type', 'text/plain'],
          ['Cache-Control', 'no-store'],
        ],
        body: Buffer.from(secret),
      };
    },
    async reach(url, timeoutMs, signal) {
      const request = { method: 'GET', url: `${url.replace(/\/$/, '')}${path}`, headers: HEADERS, body: new Uint8Array() };
      const result = await sender.send(request, { timeoutMs, signal, maxResponseBody: 1_000_000 });
      if (result.outcome === 'failed') return result.message;
      if (Buffer.from(result.body).toString('latin1') === secret) return null;
      return `Somebody else answers there, with ${result.status}.`;
    },
    close: () => sender.close(),
  };
}
