import type { Delivery } from '../core/delivery/delivery.js';
import { bodyToJson, deliveryToJson } from '../core/delivery/json.js';
import { JsonBytes } from '../core/delivery/json-bytes.js';
import { writeDelivery } from '../core/delivery/json-text.js';
import { type Difference, isReal } from '../core/diff/model.js';
import type { Provider, Scheme } from '../core/providers/model.js';
import { tenths } from '../core/units.js';
import { createLineWriter } from './output.js';
import type { Problem, Renderer, RendererOptions } from './renderer.js';
import { safeJson } from './terminal.js';

/** NDJSON: one object a line on stdout, nothing else there; errors, one object a line too, on stderr. Nothing is left out. */
export function createJsonRenderer(options: RendererOptions): Renderer {
  const out = createLineWriter(options.stdout, options.onClosed === undefined ? {} : { onClosed: options.onClosed });
  const err = createLineWriter(options.stderr);
  const write = (value: unknown): void => out.line(safeJson(JSON.stringify(value)));
  let bytes: JsonBytes | null = null;
  /** A line of a delivery and what stands around it, in ASCII. */
  const writeAround = (start: string, delivery: Delivery, end: string): void => {
    bytes ??= new JsonBytes('line', safeJson);
    bytes.literal(start);
    writeDelivery(bytes, delivery);
    bytes.literal(end);
    // A copy: the line waits for others, and the next one is written over these bytes.
    out.line(Buffer.from(bytes.take()));
  };
  const each = async <T>(values: Iterable<T> | AsyncIterable<T>, writeOne: (value: T) => void): Promise<void> => {
    for await (const value of values) {
      if (out.closed) return;
      writeOne(value);
      await out.room();
    }
  };
  const nothing = (): void => undefined;

  return {
    json: true,
    hide: nothing,
    ready: ({ url, publicUrl, provider, store }) => write({ type: 'ready', url, publicUrl, provider, store }),
    delivery: (delivery) => writeAround('{"type":"delivery","delivery":', delivery, '}'),
    challenge: ({ delivery, name, outcome, note, secret, confirm }) =>
      write({
        type: 'challenge',
        name,
        outcome,
        note,
        secret: secret?.value ?? null,
        confirmUrl: confirm?.url ?? null,
        confirmed: confirm?.outcome == null ? null : confirm.outcome.outcome === 'responded' && confirm.outcome.status < 300,
        delivery: deliveryToJson(delivery),
      }),
    tunnel: ({ state, url, reason }) => write({ type: 'tunnel', state, url, ...(state === 'down' ? { reason } : {}) }),
    queue: ({ state, target, waiting, ...more }) => write({ type: 'queue', state, target, waiting, ...more }),
    listenSummary: (summary) => {
      const { received, valid, invalid, unchecked, duplicates, forwarded, failed } = summary;
      write({ type: 'summary', received, valid, invalid, unchecked, duplicates, forwarded, failed });
    },
    arrivals: ({ ok, missing, extra, notValid }) => write({ type: 'expectation', ok, missing, extra, notValid }),
    attempt(delivery, _attempt, { differences }) {
      if (differences === undefined) writeAround('{"type":"attempt","delivery":', delivery, '}');
      else write({ type: 'attempt', delivery: deliveryToJson(delivery), differences: differences.list.map(differenceToJson) });
    },
    sendSummary: ({ sent, ok, failed, durationMs, details, failures, resume }) =>
      write({ type: 'summary', sent, ok, failed, durationMs, ...details, failures, resume }),
    request: ({ url, method, headers, body }) => write({ type: 'request', url, method, headers, ...bodyToJson(body) }),
    curl: (command) => write({ type: 'curl', command }),
    signedHeaders: (headers) => write({ headers }),
    verdict: ({ status, reason, message, diagnosis }, { provider }) => write({ status, reason, message, diagnosis, provider }),
    checkResult: ({ durationMs, ...result }) => write({ type: 'check', ...result, durationMs: tenths(durationMs) }),
    checkReport: ({ summary, diagnosis }) => {
      for (const { code, message, hint } of diagnosis) write({ type: 'diagnosis', code, message, hint });
      write({ type: 'summary', ...summary, durationMs: tenths(summary.durationMs) });
    },
    annotations: (lines) => {
      for (const line of lines) err.line(line);
    },
    list: (rows) => each(rows, (row) => write({ ...row, receivedAt: new Date(row.receivedAt).toISOString() })),
    deliveries: (deliveries) => each(deliveries, (delivery) => writeAround('', delivery, '')),
    show: (delivery) => writeAround('', delivery, ''),
    fixtures: (rows) => {
      for (const row of rows) write(row);
    },
    payload: ({ body }) => write({ type: 'payload', ...bodyToJson(body) }),
    redactions: (redactions) => {
      for (const redaction of redactions) write({ type: 'redaction', ...redaction });
    },
    fault: (fault) => write({ type: 'fault', ...fault }),
    diff: ({ before, after, differences: { list, more } }) => {
      for (const one of list) write({ type: 'difference', ...differenceToJson(one) });
      const real = list.filter(isReal).length + more;
      write({ type: 'summary', before, after, same: list.length === 0, differences: list.length + more, real });
    },
    providers: (providers) => {
      for (const provider of providers) write(providerToJson(provider));
    },
    provider: (provider) => write(providerToJson(provider)),
    events: (events) => {
      for (const { provider, event, summary } of events) write({ provider, event, summary });
    },
    tunnels: (tunnels) => {
      for (const tunnel of tunnels) write(tunnel);
    },
    warning: ({ code, message }: Problem) => write({ type: 'warning', code, message }),
    error: ({ code, message, hint }: Problem) => err.line(safeJson(JSON.stringify({ type: 'error', code, message, hint }))),
    info: nothing,
    facts: (_facts, record) => write(record),
    done: (_sentence, record) => write(record),
    progress: () => ({ update: nothing, done: nothing }),
    room: () => out.room(),
    async flush() {
      await Promise.all([out.flush(), err.flush()]);
    },
  };
}

/** Bytes in hex. */
function differenceToJson({ bytes, ...difference }: Difference): object {
  if (bytes === undefined) return difference;
  const hex = (window: Uint8Array): string => Buffer.from(window).toString('hex');
  return { ...difference, bytes: { ...bytes, before: hex(bytes.before), after: hex(bytes.after) } };
}

/** A provider with all its facts; of a scheme in code, what it says of itself. */
function providerToJson(provider: Provider): unknown {
  const scheme = ({ custom, ...rest }: Scheme): unknown => ({ ...rest, custom: custom === null ? null : custom.summary });
  const challenges = provider.challenges.map(({ name, summary, signed }) => ({ name, summary, signed }));
  return { ...provider, schemes: provider.schemes.map(scheme), challenges };
}
