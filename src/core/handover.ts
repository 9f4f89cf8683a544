/** Hands a delivery to a target while its sender waits: tries again where that was asked for, or leaves it to the queue. */
import { type Attempt, attemptFailed, type Delivery } from './delivery/delivery.js';
import { failedAnswer, forwardedRequest, jsonAnswer, passedAnswer } from './forward.js';
import type { HeaderList } from './http/headers.js';
import type { HttpResponse } from './http/message.js';
import type { Arrival } from './identify.js';
import type { DeliveryQueue } from './queue.js';
import { nextTry, type RetrySchedule } from './retry.js';
import type { Send } from './send.js';

export interface Handed {
  /** In their order; none where it went into the queue at once. */
  readonly attempts: readonly Attempt[];
  readonly queued: boolean;
  /** The wait before a try that is not made, as the sender does not wait that long; null: there was none. Milliseconds. */
  readonly untriedMs: number | null;
}

/** How long a sender waits for its answer where nothing is known of it. Milliseconds. */
export const USUAL_PATIENCE_MS = 10_000;

export interface HandoverOptions {
  readonly send: Send;
  /** Headers to replace or add on what is forwarded. */
  readonly headers: HeaderList;
  /** The URL the provider was given; null: not known. */
  publicUrl(): string | null;
  /** Takes what a target that is down cannot; the sender gets 202 for it. Null: the sender gets 502. */
  readonly queue: DeliveryQueue | null;
  /** Tries after answers that are not 2xx; without a queue, only while the sender waits. */
  readonly retry: RetrySchedule;
  /** Resolves after so many milliseconds, or at once when the program ends. */
  wait(ms: number): Promise<void>;
  /** Unix time in milliseconds. */
  now(): number;
  /** Milliseconds from any start, never going back. */
  elapsed(): number;
  /** Told of each try that the queue does not make up for. */
  made(attempt: Attempt): void;
}

/** What is handed over, and to whom. */
export interface Delivering {
  readonly arrival: Arrival;
  readonly delivery: Delivery;
  readonly target: string;
  readonly timeoutMs: number;
  /** How long the sender waits for its answer. Milliseconds. */
  readonly patienceMs: number;
}

/** @throws what the queue's store throws, where it cannot be kept there. */
export async function handOver(options: HandoverOptions, delivering: Delivering): Promise<Handed> {
  const { arrival, delivery, target, timeoutMs, patienceMs } = delivering;
  const { queue } = options;
  const began = options.elapsed();
  const attempts: Attempt[] = [];
  for (;;) {
    // Behind what waits already, lest it overtakes.
    if (queue?.holds(target) === true) return enqueue(queue, attempts);
    const request = forwardedRequest(arrival.request, target, {
      ...arrival,
      headers: options.headers,
      publicUrl: options.publicUrl(),
    });
    const attempt: Attempt = { ...(await options.send(request, { timeoutMs })), target: request.url, replay: false };
    attempts.push(attempt);
    if (queue?.takes(attempt) === true) return enqueue(queue, attempts);
    options.made(attempt);
    const done: Handed = { attempts, queued: false, untriedMs: null };
    if (queue !== null || attempt.outcome === 'failed' || !attemptFailed(attempt)) return done;
    const wait = nextTry(options.retry, attempts.length, attempt.headers, options.now());
    if (wait === null) return done;
    if (options.elapsed() - began + wait > patienceMs) return { ...done, untriedMs: wait };
    await options.wait(wait);
  }

  async function enqueue(into: DeliveryQueue, made: readonly Attempt[]): Promise<Handed> {
    const last = made.at(-1);
    const answered = last?.outcome === 'responded';
    await into.add(
      {
        id: delivery.id,
        target,
        remoteAddress: arrival.remoteAddress,
        protocol: arrival.protocol,
        tries: answered ? 1 : 0,
        begun: last?.outcome === 'failed' && last.reason === 'reset',
      },
      answered ? (nextTry(options.retry, 1, last.headers, options.now()) ?? 0) : 0,
    );
    return { attempts: made, queued: true, untriedMs: null };
  }
}

/** What the sender gets. */
export function answerTo({ attempts, queued }: Handed): HttpResponse {
  if (queued) return jsonAnswer(202, { queued: true });
  const last = attempts.at(-1);
  if (last === undefined) return failedAnswer('aborted');
  return last.outcome === 'responded' ? passedAnswer(last) : failedAnswer(last.reason);
}
