/**
 * What waits for a target that is down. What is in it was acknowledged, so it outlives the program: it is in the store, and
 * each try is noted there before it begins. It is handed on one at a time, in the order of arrival, once the target is back.
 */
import { type Backoff, backoff } from './backoff.js';
import { type Attempt, attemptFailed, type Delivery } from './delivery/delivery.js';
import { redactUrl } from './delivery/redact.js';
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
  /**
   * The one whose turn it is; null where none waits.
   *
   * @param after the one it stands behind; default: the first.
   */
  next(target: string, after?: QueueEntry): QueueEntry | null;
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
  | ({ readonly type: 'queue' } & QueueState)
  | QueueAttempt
  | { readonly type: 'warning'; readonly code: string; readonly message: string };

/** A delivery was handed on out of the queue of a target. `again`: when it is tried again, in milliseconds; null: it is not. */
export interface QueueAttempt {
  readonly type: 'attempt';
  readonly target: string;
  readonly delivery: Delivery;
  readonly attempt: Attempt;
  readonly again: number | null;
}

/** How it stands with the queue of a target. */
export type QueueState = { readonly target: string; readonly waiting: number } & QueueNews;

type QueueNews =
  /** `againMs`: the target did not take the first one, and gets it again after so long; null: it is down. */
  | { readonly state: 'waiting'; readonly againMs: number | null }
  /** `back`: it was down. */
  | { readonly state: 'delivering'; readonly back: boolean }
  /** Nothing waits any more. `failed`: how many of those that did were not taken, and are not tried again. */
  | { readonly state: 'empty'; readonly failed: number };

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

/**
 * The waits of one that a target cuts off although it accepts connections. It may be that one that breaks the app; or none gets
 * through, as with a proxy before an app that is down. Where it is still cut off after these, the one behind it is tried to tell.
 */
const AFTER_CUT_OFF: RetrySchedule = [1_000, 5_000, 15_000];
/** The wait from then on, for as long as none gets through. */
const STILL_CUT_OFF_MS = 60_000;

interface Lane {
  waiting: number;
  adding: number;
  /** What was told last. */
  told: 'nothing' | 'again' | 'down' | 'delivering';
  /** How many were not taken, and are not tried again. */
  failed: number;
  /** The first one, where it was cut off: how often, and whether the one behind it is to be tried now, or got through. */
  cutOff: { readonly id: string; times: number; behind: 'untried' | 'due' | 'taken' } | null;
  drained: Promise<void>;
}

export function createQueue(options: QueueOptions): DeliveryQueue {
  const { store } = options;
  const lanes = new Map<string, Lane>();
  let closing = false;

  /** @param added Settles once the first one is in the store, or is not. */
  function open(target: string, { waiting, waitMs, added }: { waiting: number; waitMs: number; added: Promise<void> }): Lane {
    const lane: Lane = { waiting, adding: 0, told: 'nothing', failed: 0, cutOff: null, drained: Promise.resolve() };
    lanes.set(target, lane);
    lane.drained = drain(target, lane, waitMs, added);
    return lane;
  }

  function tell(target: string, lane: Lane, news: QueueNews): void {
    options.on({ type: 'queue', target, waiting: lane.waiting, ...news });
  }

  async function drain(target: string, lane: Lane, waitMs: number, added: Promise<void>): Promise<void> {
    // Whoever opened it hears of a failure, and tells of the delivery that opened it between this turn and the second after it.
    await added.catch(() => {});
    await options.wait(0);
    await options.wait(0);
    if (waitMs > 0 && !closing) {
      tell(target, lane, { state: 'waiting', againMs: waitMs });
      lane.told = 'again';
      await options.wait(waitMs);
    }
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
          message: `${messageOf(error)} The queue for ${redactUrl(target)} waits until it works again.`,
        });
        await options.wait(backoff(LOOK, failures++, options.random()));
      }
    }
    if (closing) return;
    lanes.delete(target);
    if (lane.told !== 'nothing') tell(target, lane, { state: 'empty', failed: lane.failed });
  }

  /** Hands on the one whose turn it is. False where there is none, or the target could not take it. */
  async function step(target: string, lane: Lane): Promise<boolean> {
    const first = store.next(target);
    const behind = first === null ? null : dueBehind(first, lane);
    const entry = behind ?? first;
    if (entry === null) {
      // What was counted has been deleted meanwhile.
      lane.waiting = 0;
      return false;
    }
    const reached = await options.reaches(target);
    if (closing) return false;
    if (!reached) {
      if (lane.told !== 'down') tell(target, lane, { state: 'waiting', againMs: null });
      lane.told = 'down';
      return false;
    }
    if (lane.told !== 'delivering') tell(target, lane, { state: 'delivering', back: lane.told === 'down' });
    lane.told = 'delivering';
    if (entry.begun) {
      const message = `${entry.delivery.id} may have reached ${redactUrl(target)} before; it is handed over again.`;
      options.on({ type: 'warning', code: 'maybe_delivered_twice', message });
    }
    await store.begin(entry);
    const request = options.request(entry);
    const outcome = await options.send(request, { timeoutMs: options.timeoutMs(entry.delivery) });
    const attempt = { ...outcome, target: request.url, replay: entry.begun };
    if (behind !== null && lane.cutOff !== null) lane.cutOff.behind = isDown(attempt) ? 'untried' : 'taken';
    const isOutOfTurn = behind !== null && isCutOff(attempt);
    return settle(entry, attempt, isOutOfTurn ? STILL_CUT_OFF_MS : nextWait(entry, attempt, lane), lane);
  }

  /** The one behind the first, where it is to be tried now; null: the first is. */
  function dueBehind(first: QueueEntry, { cutOff }: Lane): QueueEntry | null {
    return cutOff?.id === first.delivery.id && cutOff.behind === 'due' ? store.next(first.target, first) : null;
  }

  async function settle(entry: QueueEntry, attempt: Attempt, again: number | null, lane: Lane): Promise<boolean> {
    const down = isDown(attempt);
    const cutOff = isCutOff(attempt);
    // Cut off in the middle, it may have arrived; not even connected, it has not.
    await store.settle(
      entry,
      attempt,
      again === null ? { again: false } : { again: true, begun: cutOff || (down && entry.begun) },
    );
    options.on({ type: 'attempt', target: entry.target, delivery: entry.delivery, attempt, again });
    if (again !== null) {
      if (again > 0) await options.wait(again);
      return !down || cutOff;
    }
    lane.waiting--;
    if (attemptFailed(attempt)) lane.failed++;
    return true;
  }

  /** Milliseconds until it is tried again, 0 where that is as soon as the target is back; null: it is not. */
  function nextWait(entry: QueueEntry, attempt: Attempt, lane: Lane): number | null {
    const { delivery, tries } = entry;
    if (isCutOff(attempt)) {
      if (lane.cutOff?.id !== delivery.id) lane.cutOff = { id: delivery.id, times: 0, behind: 'untried' };
      const { cutOff } = lane;
      const wait = AFTER_CUT_OFF[cutOff.times++];
      if (wait !== undefined) return wait;
      if (cutOff.behind === 'taken') return null;
      if (store.next(entry.target, entry) === null) return STILL_CUT_OFF_MS;
      cutOff.behind = 'due';
      return 0;
    }
    if (attempt.outcome === 'failed') return isDown(attempt) ? 0 : null;
    return attemptFailed(attempt) ? nextTry(options.retry, tries + 1, attempt.headers, options.now()) : null;
  }

  return {
    holds: (target) => lanes.has(target),
    takes: (attempt) =>
      isDown(attempt) || (options.retry.length > 0 && attempt.outcome === 'responded' && attemptFailed(attempt)),
    async add(entry, waitMs) {
      const added = store.add(entry);
      const lane = lanes.get(entry.target) ?? open(entry.target, { waiting: 0, waitMs, added });
      lane.adding++;
      try {
        await added;
        lane.waiting++;
      } finally {
        lane.adding--;
      }
    },
    resume(targets) {
      for (const [target, waiting] of store.waiting())
        if (targets.includes(target) && !lanes.has(target)) open(target, { waiting, waitMs: 0, added: Promise.resolve() });
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
function isDown(attempt: Attempt): boolean {
  return isCutOff(attempt) || (attempt.outcome === 'failed' && (attempt.reason === 'refused' || attempt.reason === 'dns'));
}

/** The connection ended without an answer. One that is not tried again after this was cut off each time. */
export function isCutOff(attempt: Attempt): boolean {
  return attempt.outcome === 'failed' && attempt.reason === 'reset';
}
