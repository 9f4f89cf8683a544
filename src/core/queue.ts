/**
 * What waits for a target that is down. What is in it was acknowledged, so it outlives the program: it is in the store, and
 * each try is noted there before it begins. It is handed on one at a time, in the order of arrival, once the target is back.
 */
import { type Backoff, backoff } from './backoff.js';
import { type Attempt, attemptFailed, type Delivery } from './delivery/delivery.js';
import { messageOf } from './errors.js';
import type { OutgoingRequest } from './http/message.js';
import type { Arrival } from './identify.js';
import { nextTry, type RetrySchedule } from './retry.js';
import type { Send } from './send.js';

/** A delivery that waits for a target. */
export interface QueueEntry {
  /** What the store knows it by. */
  readonly number: number;
  readonly target: string;
  readonly delivery: Delivery;
  readonly remoteAddress: string;
  readonly protocol: Arrival['protocol'];
  /** How often the target has answered it, but not with 2xx. */
  readonly tries: number;
  /** It was handed over, and what became of it is not known: it may have arrived. */
  readonly begun: boolean;
}

export type NewQueueEntry = Omit<QueueEntry, 'number' | 'delivery'> & { readonly id: string };

/** Where the queue is kept. Every promise resolves when it is durably on disk. */
export interface QueueStore {
  /** How many wait for each target. */
  waiting(): ReadonlyMap<string, number>;
  add(entry: NewQueueEntry): Promise<void>;
  /** The one whose turn it is; null where none waits. */
  next(target: string): QueueEntry | null;
  /** Notes that it is handed over now. */
  begin(entry: QueueEntry): Promise<void>;
  /** Records the try, and takes it out of the queue, or has it wait for another one. */
  settle(
    entry: QueueEntry,
    attempt: Attempt,
    next: { readonly again: false } | { readonly again: true; readonly begun: boolean },
  ): Promise<void>;
}

export type QueueEvent =
  /** `waiting`: the target is down; `delivering`: it is back; `empty`: nothing waits for it any more. */
  | {
      readonly type: 'queue';
      readonly state: 'waiting' | 'delivering' | 'empty';
      readonly target: string;
      readonly waiting: number;
    }
  /** A delivery was handed on out of the queue. `again`: when it is tried again, in milliseconds; null: it is not. */
  | { readonly type: 'attempt'; readonly delivery: Delivery; readonly attempt: Attempt; readonly again: number | null }
  | { readonly type: 'warning'; readonly code: string; readonly message: string };

export interface QueueOptions {
  readonly store: QueueStore;
  readonly send: Send;
  /** The request a delivery goes on as. */
  request(entry: QueueEntry): OutgoingRequest;
  timeoutMs(delivery: Delivery): number;
  /** Whether the server of a target accepts connections. */
  reaches(target: string): Promise<boolean>;
  readonly retry: RetrySchedule;
  /** Resolves after so many milliseconds, or at once when the program ends. */
  wait(ms: number): Promise<void>;
  /** Unix time in milliseconds. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  on(event: QueueEvent): void;
}

export interface DeliveryQueue {
  /** True where something waits for the target: what comes next waits behind it. */
  holds(target: string): boolean;
  /** Whether a try that came to this is to be made again out of the queue. */
  takes(attempt: Attempt): boolean;
  /**
   * Resolves when it waits, durably: it may be acknowledged then.
   *
   * @param waitMs how long the target is left alone, where nothing waits for it yet.
   */
  add(entry: NewQueueEntry, waitMs: number): Promise<void>;
  /** Goes on with what an earlier run has left for these targets. */
  resume(targets: readonly string[]): void;
  /** Ends it; what is being handed on is finished, what waits stays. Gives how many wait. */
  close(): Promise<number>;
}

const LOOK: Backoff = { firstMs: 250, mostMs: 5_000 };

interface Lane {
  waiting: number;
  adding: number;
  state: 'waiting' | 'delivering';
  drained: Promise<void>;
}

export function createQueue(options: QueueOptions): DeliveryQueue {
  const { store } = options;
  const lanes = new Map<string, Lane>();
  let closing = false;

  function open(target: string, waiting: number, waitMs: number): Lane {
    const lane: Lane = { waiting, adding: 0, state: 'waiting', drained: Promise.resolve() };
    lanes.set(target, lane);
    lane.drained = drain(target, lane, waitMs);
    return lane;
  }

  function say(target: string, lane: Lane, state: 'waiting' | 'delivering' | 'empty'): void {
    options.on({ type: 'queue', state, target, waiting: lane.waiting });
  }

  async function drain(target: string, lane: Lane, waitMs: number): Promise<void> {
    // Told in a later turn: whoever opened it is not done with the delivery that did.
    await options.wait(0);
    say(target, lane, 'waiting');
    if (waitMs > 0) await options.wait(waitMs);
    let failures = 0;
    while (!closing) {
      try {
        if (await step(target, lane)) failures = 0;
        else if (lane.waiting === 0 && lane.adding === 0) break;
        else await options.wait(backoff(LOOK, failures++, options.random()));
      } catch (error) {
        options.on({
          type: 'warning',
          code: 'queue_stuck',
          message: `${messageOf(error)} The queue for ${target} waits until it works again.`,
        });
        await options.wait(backoff(LOOK, failures++, options.random()));
      }
    }
    if (closing) return;
    lanes.delete(target);
    say(target, lane, 'empty');
  }

  /** Hands on the one whose turn it is. False where there is none, or the target could not take it. */
  async function step(target: string, lane: Lane): Promise<boolean> {
    const entry = store.next(target);
    if (entry === null) {
      // What was counted has been deleted meanwhile.
      lane.waiting = 0;
      return false;
    }
    if (!(await options.reaches(target))) {
      if (lane.state === 'delivering' && !closing) say(target, lane, 'waiting');
      lane.state = 'waiting';
      return false;
    }
    if (closing) return false;
    if (lane.state === 'waiting') say(target, lane, 'delivering');
    lane.state = 'delivering';
    if (entry.begun) {
      const message = `${entry.delivery.id} may have reached ${target} before; it is handed over again.`;
      options.on({ type: 'warning', code: 'maybe_delivered_twice', message });
    }
    await store.begin(entry);
    const request = options.request(entry);
    const outcome = await options.send(request, { timeoutMs: options.timeoutMs(entry.delivery) });
    return settle(entry, { ...outcome, target: request.url, replay: entry.begun }, lane);
  }

  async function settle(entry: QueueEntry, attempt: Attempt, lane: Lane): Promise<boolean> {
    const told = (again: number | null): void => options.on({ type: 'attempt', delivery: entry.delivery, attempt, again });
    if (isDown(attempt)) {
      // Cut off in the middle, it may have arrived; not even connected, it has not.
      await store.settle(entry, attempt, { again: true, begun: entry.begun || attempt.reason === 'reset' });
      told(0);
      lane.state = 'waiting';
      return false;
    }
    const again =
      attempt.outcome === 'responded' && attemptFailed(attempt)
        ? nextTry(options.retry, entry.tries + 1, attempt.headers, options.now())
        : null;
    if (again !== null) {
      await store.settle(entry, attempt, { again: true, begun: false });
      told(again);
      await options.wait(again);
      return true;
    }
    await store.settle(entry, attempt, { again: false });
    lane.waiting--;
    told(null);
    return true;
  }

  return {
    holds: (target) => lanes.has(target),
    takes: (attempt) =>
      isDown(attempt) || (options.retry.length > 0 && attempt.outcome === 'responded' && attemptFailed(attempt)),
    async add(entry, waitMs) {
      const lane = lanes.get(entry.target) ?? open(entry.target, 0, waitMs);
      lane.adding++;
      try {
        await store.add(entry);
        lane.waiting++;
      } finally {
        lane.adding--;
      }
    },
    resume(targets) {
      for (const [target, waiting] of store.waiting())
        if (targets.includes(target) && !lanes.has(target)) open(target, waiting, 0);
    },
    async close() {
      closing = true;
      const open = [...lanes.values()];
      await Promise.all(open.map(({ drained }) => drained));
      return open.reduce((total, { waiting }) => total + waiting, 0);
    },
  };
}

/** No answer because the target is not there, or went away in the middle. One that is only slow has the delivery. */
function isDown(attempt: Attempt): attempt is Attempt & { readonly outcome: 'failed' } {
  return attempt.outcome === 'failed' && (attempt.reason === 'refused' || attempt.reason === 'reset' || attempt.reason === 'dns');
}
