import { randomBytes } from 'node:crypto';
import { WebhookError } from '../core/errors.js';
import { type Corruption, compose } from '../core/events/compose.js';
import type { Edit } from '../core/events/edits.js';
import { type Sample, sampleHeaders, withQuery } from '../core/events/sample.js';
import { type HeaderList, headerValue } from '../core/http/headers.js';
import type { HttpResponse, OutgoingRequest } from '../core/http/message.js';
import { bytesOf, isBytes, providerOf, secretsOf, timeOf } from '../core/library.js';
import { nearest, orList } from '../core/nearest.js';
import type { Provider } from '../core/providers/model.js';
import { readFixture } from '../io/fixtures.js';
import { createSender as openSender } from '../io/sender.js';
import { parseTarget } from '../io/target.js';
import { headerPairs } from './replies.js';
import type { EventName, ProviderLike } from './types.js';

export interface SenderOptions<P extends ProviderLike> {
  readonly provider: P;
  /** The signing secret; with several, each signs where the provider sends several signatures. Without one it goes unsigned. */
  readonly secret?: string | readonly string[];
  /** The URL of the endpoint: `http://localhost:3000/webhooks`. */
  readonly to: string;
  /** A folder of payloads of your own, `<provider>/<event>.json`, which win over those that come along. */
  readonly fixtures?: string;
  /** Milliseconds to wait for an answer. Default: as long as the provider does, else 10000. */
  readonly timeout?: number;
}

export interface SendOptions {
  /** Values to put into the payload, by their paths: `{ 'data.order.total': 12.5 }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Paths of values to take out of it. */
  readonly unset?: readonly string[];
  /** Another payload: text or bytes, sent as they are, or a value, sent as JSON. */
  readonly data?: unknown;
  /** The event's id. Default: a fresh one. */
  readonly id?: string;
  /** When it is sent: Unix time in milliseconds, or a Date. Default: now. */
  readonly timestamp?: number | Date;
  /** Headers to put in place of the provider's, or beside them; an empty value takes one out. */
  readonly headers?: Readonly<Record<string, string>> | HeaderList;
  /** Breaks it on purpose, as a forgery or an old recording would be. */
  readonly corrupt?: Corruption;
  /** Sends the same delivery, byte for byte, so many times more. */
  readonly duplicate?: number;
}

/** What an endpoint answered. */
export interface SendAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  /** The bytes that came back. */
  readonly body: Uint8Array;
  readonly durationMs: number;
  readonly text: string;
  /** The body by JSON.parse; undefined where it is not JSON. */
  readonly json: unknown;
  /** The first value of a header, whatever its case; null where there is none. */
  header(name: string): string | null;
  /** What was sent. */
  readonly request: OutgoingRequest;
  /** The answers to the same delivery sent again, in order. */
  readonly duplicates: readonly SendAnswer[];
}

export interface Sender<P extends ProviderLike = ProviderLike> extends AsyncDisposable {
  /**
   * Sends the sample of an event as the provider would: with a fresh id and time, its headers, and signed.
   *
   * @throws WebhookError `target_unreachable` where no answer comes; `event_unknown`, `edit_failed`, `signing_impossible`, `usage`.
   */
  send(event: EventName<P>, options?: SendOptions): Promise<SendAnswer>;
  /** With a payload of your own, an event may have any name. */
  send(event: string, options: SendOptions & { readonly data: NonNullable<unknown> }): Promise<SendAnswer>;
  /** Closes its connections. */
  close(): Promise<void>;
}

/**
 * Sends an endpoint what its provider would send, for a test of what receives.
 *
 * @throws WebhookError `provider_unknown`, `secret_missing`, `secret_malformed`, `usage`.
 * @example
 * const sender = createSender({ provider: 'connect2print', secret: 'a secret', to: url });
 * const { status } = await sender.send('order.created', { set: { 'data.order.total': 12.5 } });
 * assert.equal(status, 200);
 * const forged = await sender.send('order.created', { corrupt: 'signature' });
 * assert.equal(forged.status, 401);
 * await sender.close();
 */
export function createSender<P extends ProviderLike>(options: SenderOptions<P>): Sender<P> {
  const provider = providerOf(options.provider);
  const secrets = 'secret' in options ? secretsOf(provider, options.secret) : [];
  const { url } = parseTarget(options.to);
  const timeoutMs = options.timeout ?? provider.timeoutMs ?? 10_000;
  const wire = openSender();

  async function requestFor(event: string, given: SendOptions): Promise<OutgoingRequest> {
    const own = given.data !== undefined;
    const sample = own ? sampleOf(given.data) : await fixtureOf(provider, event, options.fixtures);
    return compose({
      provider,
      event,
      payload: sample.body,
      fresh: !own,
      exact: sample.form === 'http',
      sampleHeaders: own ? [] : sampleHeaders(sample, provider.contentType),
      edits: editsOf(given),
      id: given.id ?? null,
      timestamp: timeOf(given.timestamp),
      secrets,
      url: withQuery(url, sample.query),
      method: sample.method ?? 'POST',
      headers: headerPairs(given.headers ?? {}),
      userAgent: `webhook-cli/${WEBHOOK_VERSION}`,
      corrupt: given.corrupt ?? null,
      now: Date.now(),
      random: (size) => randomBytes(size),
    });
  }

  async function sendOnce(request: OutgoingRequest): Promise<SendAnswer> {
    const result = await wire.send(request, { timeoutMs });
    if (result.outcome === 'responded') return answerOf(request, result, result.durationMs);
    throw new WebhookError('target_unreachable', result.message, { hint: 'Is the app listening, and is `to` its URL?' });
  }

  const close = (): Promise<void> => wire.close();
  return {
    async send(event: string, given: SendOptions = {}) {
      const request = await requestFor(event, given);
      const copies = given.duplicate ?? 0;
      if (!Number.isInteger(copies) || copies < 0) {
        throw new WebhookError('usage', `'duplicate' is a whole number, not ${copies}.`);
      }
      const first = await sendOnce(request);
      const duplicates: SendAnswer[] = [];
      for (let copy = 0; copy < copies; copy++) duplicates.push(await sendOnce(request));
      return Object.assign(first, { duplicates });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function fixtureOf(provider: Provider, event: string, projectDir: string | undefined): Promise<Sample> {
  // A provider of the user's own need not list its events: its fixtures do.
  if (!provider.custom && !Object.hasOwn(provider.events, event)) {
    const near = nearest(event, Object.keys(provider.events));
    throw new WebhookError('event_unknown', `${provider.title} has no event '${event}'.`, {
      hint: near.length > 0 ? `Did you mean ${orList(near)}?` : 'Give its payload with `data`.',
    });
  }
  return (await readFixture(provider.name, event, { projectDir: projectDir ?? null })).sample;
}

function sampleOf(data: unknown): Sample {
  const body = typeof data === 'string' || isBytes(data) ? bytesOf(data) : Buffer.from(JSON.stringify(data));
  return { form: 'json', body, headers: [], method: null, query: '' };
}

function editsOf({ set = {}, unset = [] }: SendOptions): Edit[] {
  const sets = Object.entries(set).map(([path, value]): Edit => {
    const json = JSON.stringify(value);
    if (json === undefined) throw new WebhookError('usage', `What is set at ${path} cannot be written as JSON.`);
    return { kind: 'set', path, json };
  });
  return [...sets, ...unset.map((path): Edit => ({ kind: 'unset', path }))];
}

function answerOf(request: OutgoingRequest, { status, headers, body }: HttpResponse, durationMs: number): SendAnswer {
  const text = Buffer.from(body).toString('utf8');
  return {
    status,
    headers,
    body,
    durationMs,
    text,
    get json() {
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    },
    header: (name) => headerValue(headers, name),
    request,
    duplicates: [],
  };
}
