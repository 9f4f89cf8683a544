import { randomBytes } from 'node:crypto';
import type { Delivery } from '../core/delivery/delivery.js';
import { createIdSource } from '../core/delivery/id.js';
import { jsonAnswer } from '../core/forward.js';
import { headerValue } from '../core/http/headers.js';
import type { HttpResponse } from '../core/http/message.js';
import { type Identified, type IdentifyOptions, identify } from '../core/identify.js';
import { providerOf, secretsOf } from '../core/library.js';
import { identify as identifyEvents } from '../core/providers/batch.js';
import { builtinProviders } from '../core/providers/list.js';
import { listed } from '../core/providers/source.js';
import { diagnose } from '../core/signature/diagnosis/diagnose.js';
import type { Finding, Verdict } from '../core/signature/verdict.js';
import { openReceiver } from '../io/receiver.js';
import { Inbox } from './inbox.js';
import { type Replier, Replies } from './replies.js';
import type { EventName, Payload, ProviderLike } from './types.js';

export interface ReceiverOptions<P extends ProviderLike | undefined = undefined> {
  /** Whose deliveries come. Default: told from each request. */
  readonly provider?: P;
  /** The signing secret; several during a rotation. Without one nothing is checked. */
  readonly secret?: string | readonly string[];
  /** Default: any free one. */
  readonly port?: number;
  /** What deliveries are answered. Default: 200 `{"received":true}`. */
  readonly respond?: Replier<ReceivedDelivery>;
}

/** A delivery as it arrived. */
export interface ReceivedDelivery<E = string | null, J = unknown>
  extends Omit<Delivery, 'origin' | 'event' | 'response' | 'attempts'> {
  /** Null where the request names none. */
  readonly event: E;
  /** The body by JSON.parse; undefined where it is not JSON. */
  readonly json: J;
  /** The body as text. The bytes that came are `request.body`. */
  readonly text: string;
  /** The first value of a header, whatever its case; null where there is none. */
  header(name: string): string | null;
}

/** The deliveries of a provider, told apart by their `event`. */
export type DeliveryOf<P, E> = E extends string ? ReceivedDelivery<E, Payload<P, E>> : never;

export interface NextOptions<E> {
  /** Which one; any where it is not said. */
  readonly event?: E;
  /** Milliseconds to wait for it; 4000 where it is not said, which is less than test runners wait. */
  readonly timeout?: number;
}

export interface Receiver<P = undefined> extends AsyncDisposable {
  /** `http://127.0.0.1:…`; any path is served. */
  readonly url: string;
  readonly port: number;
  /** Everything that arrived, in order. */
  readonly deliveries: readonly ReceivedDelivery[];
  /**
   * The next delivery that was not handed out before; what arrived already counts.
   *
   * @throws WebhookError `expectation_failed` where none comes in time; the message says what did.
   */
  next<E extends EventName<P> = EventName<P>>(options?: NextOptions<E>): Promise<DeliveryOf<P, E>>;
  /**
   * Says what deliveries are answered from now on, or, with `times`, the next so many. What is not genuine gets 401 all the same.
   * `respond(503, { times: 2 })` fails twice; `respond(({ eventId }) => ({ body: { eventId } }))` answers each in its own way.
   */
  respond(replier: Replier<ReceivedDelivery>, options?: { readonly times?: number }): void;
  /** Forgets what has arrived, between tests. */
  clear(): void;
  /** Stops listening, closes every connection, and ends what waits for a delivery. */
  close(): Promise<void>;
}

const PATIENCE_MS = 4_000;
const MAX_BODY = 25_000_000;
/** Milliseconds a function of the user's may still take when the receiver is closed. */
const CLOSING_MS = 500;

/**
 * A webhook endpoint for a test of what sends: it listens on a free port of this machine, verifies what comes, and hands it out.
 * It keeps no process alive, closed or not.
 *
 * @throws WebhookError `provider_unknown`, `secret_missing`, `secret_malformed`, `port_in_use`.
 * @example
 * const receiver = await createReceiver({ provider: 'connect2print', secret: 'a secret' });
 * const order = { id: 'wh_1', event: 'order.shipped', data: { order: { id: 12345 } } };
 * await fetch(receiver.url, compose({ provider: 'connect2print', event: 'order.shipped', payload: order, url, secret: 'a secret' }));
 * const { verdict, header } = await receiver.next({ event: 'order.shipped' });
 * assert.equal(verdict.status, 'valid');
 * assert.equal(header('content-type'), 'application/json');
 * await receiver.close();
 */
export async function createReceiver<P extends ProviderLike | undefined = undefined>(
  options: ReceiverOptions<P> = {},
): Promise<Receiver<P>> {
  const provider = options.provider === undefined ? null : providerOf(options.provider);
  const secrets = 'secret' in options ? secretsOf(provider, options.secret) : [];
  const identifying: IdentifyOptions = {
    provider,
    providers: listed(builtinProviders),
    secretsFor: () => secrets,
    tolerance: null,
    publicUrl: () => receiver.url,
    challenges: true,
    newId: createIdSource(Date.now, randomBytes),
  };
  const inbox = new Inbox<Arrived>(describe);
  const replies = new Replies<ReceivedDelivery>(options.respond ?? { body: { received: true } });
  const firstIds = new Map<string, string>();

  function arrivedOf(identified: Identified): Arrived {
    const { delivery, reader } = identified;
    const { id, receivedAt, event, eventId, request } = delivery;
    const key = JSON.stringify([delivery.provider, eventId]);
    const duplicateOf = eventId === null ? null : (firstIds.get(key) ?? null);
    if (eventId !== null && duplicateOf === null) firstIds.set(key, id);
    return {
      events: identified.challenge === null ? eventsOf(identified) : [event],
      delivery: {
        id,
        receivedAt,
        provider: delivery.provider,
        event,
        eventId,
        duplicateOf,
        request,
        verdict: explained(identified),
        get json() {
          return reader.json;
        },
        get text() {
          return Buffer.from(request.body).toString('utf8');
        },
        header: (name) => headerValue(request.headers, name),
      },
    };
  }

  async function answerTo(identified: Identified, delivery: ReceivedDelivery): Promise<HttpResponse | null> {
    const { challenge, reader, checked } = identified;
    const { request, verdict } = delivery;
    if (challenge !== null) return challenge.answer({ request, reader, secrets, verdict, verifyTokens: [] }).response;
    if (checked && verdict.status !== 'valid') return jsonAnswer(401, { error: 'The signature is not valid.' });
    return replies.to(delivery);
  }

  const receiver = await openReceiver({
    host: '127.0.0.1',
    port: options.port ?? 0,
    maxBody: MAX_BODY,
    closeTimeoutMs: CLOSING_MS,
    background: true,
    now: Date.now,
    handle: async (received) => {
      const identified = await identify(identifying, received);
      const arrived = arrivedOf(identified);
      inbox.add(arrived);
      return answerTo(identified, arrived.delivery);
    },
  });

  const close = async (): Promise<void> => {
    inbox.close();
    await receiver.close();
  };
  return {
    url: receiver.url,
    port: receiver.port,
    get deliveries() {
      return inbox.all.map(({ delivery }) => delivery);
    },
    async next<E extends EventName<P>>({ event, timeout }: NextOptions<E> = {}) {
      const { delivery } = await inbox.next({
        what: event ?? 'delivery',
        matches: ({ events }) => event === undefined || events.includes(event),
        timeoutMs: timeout ?? PATIENCE_MS,
      });
      // What the compiler is told of an event's payload is what its sample shows.
      return delivery as DeliveryOf<P, E>;
    },
    respond(replier, { times } = {}) {
      replies.set(replier, times);
    },
    clear() {
      inbox.clear();
      firstIds.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Arrived {
  readonly delivery: ReceivedDelivery;
  /** The event, or each of a batch. */
  readonly events: ReadonlyArray<string | null>;
}

function eventsOf({ provider, reader, delivery }: Identified): ReadonlyArray<string | null> {
  const items = provider === null ? [] : identifyEvents(provider, reader).items;
  return items.length === 0 ? [delivery.event] : items.map(({ event }) => event);
}

/** The verdict, with what explains it, which is looked for when somebody asks. */
function explained({ provider, input, delivery: { verdict } }: Identified): Verdict {
  if (provider === null || verdict.status !== 'invalid') return verdict;
  let diagnosis: readonly Finding[] | null = null;
  return {
    ...verdict,
    get diagnosis() {
      const options = { providers: builtinProviders, otherSecrets: [], elapsed: () => performance.now() };
      diagnosis ??= diagnose(provider, verdict, input, options).findings;
      return diagnosis;
    },
  };
}

function describe({ delivery: { event, request, verdict } }: Arrived): string {
  const name = event ?? `${request.method} ${request.path}`;
  return verdict.status === 'invalid' ? `${name} (not valid: ${verdict.message.replace(/\.$/, '')})` : name;
}
