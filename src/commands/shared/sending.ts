/** Sends one request after another, or many at once, and judges what comes back: what trigger and replay share. */
import { setMaxListeners } from 'node:events';
import type { Context } from '../../context.js';
import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import { type AttemptStatistics, createStatistics } from '../../core/delivery/statistics.js';
import { type Differences, isReal } from '../../core/diff/model.js';
import { WebhookError } from '../../core/errors.js';
import type { OutgoingRequest } from '../../core/http/message.js';
import { createLimit } from '../../core/limit.js';
import { nextTry, type RetrySchedule } from '../../core/retry.js';
import { formatDuration, parseDuration, tenths } from '../../core/units.js';
import { growYoungSpace } from '../../io/heap.js';
import type { Sender } from '../../io/sender.js';
import { splitUrl, type Target } from '../../io/target.js';
import type { Renderer, SendFailure, SendSummary } from '../../render/renderer.js';
import type { Expectation } from './expectation.js';
import { pause } from './pause.js';

export interface Job {
  readonly delivery: Delivery;
  /** One that has to be made at the time it is sent is made then. */
  readonly request: OutgoingRequest | (() => Promise<OutgoingRequest>);
  readonly timeoutMs: number;
  /** What is wrong with an answer to this one (null: nothing), where it is not for the expectation to say. */
  readonly judge?: (attempt: Attempt) => string | null;
  /** How an answer differs from the one it should be like; null: there is no answer. */
  readonly compare?: (attempt: Attempt) => Differences | null;
  /** Not before so many milliseconds after the start; null: as soon as there is a place. */
  readonly due: number | null;
  /** Held back so many milliseconds, while others go on. */
  readonly lateMs?: number;
  /** When it is tried again where it was not taken; absent: never. */
  readonly retry?: RetrySchedule;
  /** The same delivery as it is sent for a further try; absent: as it was. */
  readonly again?: () => OutgoingRequest;
  /** Told as it is begun; jobs are begun in their order. */
  started?(): void;
}

export interface SendingOptions {
  readonly context: Context;
  readonly renderer: Renderer;
  readonly sender: Sender;
  /** Every request goes to its server. */
  readonly target: Target;
  readonly expectation: Expectation;
  readonly concurrency: number;
  /** Starts a second, at most; null: not limited. */
  readonly rate: number | null;
  /** Whether what is sent was kept before. */
  readonly replay: boolean;
  /** Records what became of a delivery; null: nowhere. What it gives is waited for. */
  readonly record: ((delivery: Delivery, attempt: Attempt, tries: number) => Promise<unknown> | null) | null;
  /** How many there will be, for the progress: null where that is not known; absent: it shows none. */
  readonly total?: number | null;
  /** Begin no other once one was not taken as it should be. */
  readonly stopOnFailure?: boolean;
  /** Waits (for a further try, of what is late) take this many times less than they say. Default 1. */
  readonly timeScale?: number;
}

/** So many are a long run, which shows its progress. */
const LONG_RUN = 20;
/** So many are worth a larger heap. */
const MANY = 1_000;
/** Of failures beyond these only the number is told. */
const MOST_FAILURES = 20;
const LONG_WAIT_MS = 1_000;

/** Sends every job, started in their order. Ended by a signal, it finishes what is in flight. */
export async function sendAll(
  jobs: Iterable<Job> | AsyncIterable<Job>,
  options: SendingOptions,
): Promise<
  SendSummary & {
    /** By a signal. */
    readonly interrupted: boolean;
    /** By a failure. */
    readonly stopped: boolean;
    readonly details: AttemptStatistics;
  }
> {
  const { context, renderer, sender, expectation, rate } = options;
  const { origin } = options.target;
  const { signal } = context;
  // Each that is held back, or waits for another try, listens to it: many at once are no leak.
  setMaxListeners(0, signal);
  const iterator = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]();
  const began = context.elapsed();
  const timeScale = options.timeScale ?? 1;
  const statistics = createStatistics();
  /** Deliveries that are held back, or wait for another try. */
  const waiting = new Set<Promise<void>>();
  const limit = createLimit(options.concurrency);
  const { total } = options;
  if (total === null || (total ?? 0) >= MANY) growYoungSpace();
  let progress = total === null || (total ?? 0) >= LONG_RUN ? renderer.progress(progressLabel(0, total ?? null, 0, 0)) : null;
  const failures: SendFailure[] = [];
  let stopped = false;
  let started = 0;
  let sent = 0;
  let ok = 0;
  let interrupted = false;
  let broken: unknown = null;

  /** Tries a delivery once. What is to be tried again waits in the background. */
  async function attemptOf(job: Job, before: readonly Attempt[]): Promise<void> {
    const tries = before.length + 1;
    const made = typeof job.request === 'function' ? await job.request() : job.request;
    const request = tries === 1 ? made : (job.again?.() ?? made);
    const outcome = await limit(() => sender.send(request, { timeoutMs: job.timeoutMs }));
    const attempt: Attempt = { ...outcome, target: origin + splitUrl(request.url).path, replay: options.replay };
    const attempts = [...before, attempt];
    const wrong = (job.judge ?? expectation.judge)(attempt);
    const differences = wrong === null ? (job.compare?.(attempt) ?? null) : null;
    const why = wrong ?? (differences === null ? null : sayDifferent(differences));
    const wait = why === null ? null : waitBefore(job, tries, attempt);
    statistics.add(attempt);
    if (wait === null) sent++;
    if (why === null) ok++;
    else if (wait === null) fail(job, why);
    const told = why === null ? null : why + nextStep(job, tries, attempt, wait);
    renderer.attempt({ ...job.delivery, attempts: [...job.delivery.attempts, ...attempts] }, attempt, {
      ok: why === null,
      why: told,
      ...(differences === null ? {} : { differences }),
    });
    showProgress();
    const recorded = options.record?.(job.delivery, attempt, tries) ?? null;
    if (recorded !== null) await recorded;
    await renderer.room();
    if (wait !== null) later(wait, () => attemptOf(job, attempts));
  }

  function fail({ delivery }: Job, why: string): void {
    stopped ||= options.stopOnFailure === true;
    if (options.replay && failures.length < MOST_FAILURES) failures.push({ id: delivery.id, event: delivery.event, why });
  }

  /** @param next When the next one is due, where that is waited for. */
  function showProgress(next: number | null = null): void {
    progress?.update(() => {
      const now = context.elapsed();
      return progressLabel(sent, total ?? null, sent - ok, now - began, next === null ? null : Math.max(0, next - now));
    });
  }

  function waitBefore(job: Job, tries: number, attempt: Attempt): number | null {
    if (job.retry === undefined || isGone(attempt)) return null;
    return nextTry(job.retry, tries, attempt.outcome === 'responded' ? attempt.headers : [], context.now());
  }

  function nextStep(job: Job, tries: number, attempt: Attempt, wait: number | null): string {
    if (job.retry === undefined) return '';
    if (isGone(attempt)) return '; it is not tried again, since 410 asks for no more';
    if (wait === null) return `; given up after ${tries} tries`;
    const scaled = timeScale === 1 ? '' : `, here ${formatDuration(wait / timeScale)}`;
    return `; again in ${formatDuration(wait)}${scaled}`;
  }

  /** Does something after a while, without keeping others waiting. An interruption ends the wait, and the delivery with it. */
  function later(ms: number, work: () => Promise<void>): void {
    const done = pause(ms / timeScale, signal).then(async () => {
      if (!signal.aborted) return work();
      sent++;
      interrupted = true;
    });
    const kept = done
      .catch((error: unknown) => {
        broken ??= error;
      })
      .finally(() => waiting.delete(kept));
    waiting.add(kept);
  }

  async function one(job: Job): Promise<void> {
    if (job.lateMs === undefined) return attemptOf(job, []);
    later(job.lateMs, () => attemptOf(job, []));
  }

  async function work(): Promise<void> {
    while (!signal.aborted && !stopped) {
      const next = await iterator.next();
      if (next.done === true || stopped) return;
      const due = next.value.due ?? (rate === null ? null : (started * 1_000) / rate);
      started++;
      if (due !== null && !(await reached(began + due))) return;
      next.value.started?.();
      await one(next.value);
    }
  }

  async function reached(at: number): Promise<boolean> {
    const left = at - context.elapsed();
    if (left > LONG_WAIT_MS) {
      // However few there are, who waits sees for what.
      if (options.total !== undefined) progress ??= renderer.progress('');
      showProgress(at);
      const ticking = setInterval(() => showProgress(at), LONG_WAIT_MS);
      await pause(left, signal).finally(() => clearInterval(ticking));
    } else await pause(left, signal);
    return !signal.aborted && !stopped;
  }

  try {
    await Promise.all(Array.from({ length: options.concurrency }, work));
    while (waiting.size > 0) await Promise.all(waiting);
  } finally {
    progress?.done();
  }
  if (broken !== null) throw broken;
  return {
    sent,
    ok,
    failed: sent - ok,
    durationMs: tenths(context.elapsed() - began),
    interrupted: interrupted || signal.aborted,
    stopped,
    details: statistics.read(),
    ...(failures.length > 0 ? { failures } : {}),
  };
}

/** Null: it is the same, but for spelling. */
function sayDifferent({ list, more }: Differences): string | null {
  const count = list.filter(isReal).length + more;
  return count === 0 ? null : `the answer is not the kept one: ${count} difference${count === 1 ? '' : 's'}`;
}

const GONE = 410;

/** The endpoint says that it is no more: a provider stops sending to it. */
function isGone(attempt: Attempt): boolean {
  return attempt.outcome === 'responded' && attempt.status === GONE;
}

const BAR = 20;

/**
 * `[=====>              ] 26 of 100 · 48/s · 1 failed · 1.5 s left`; where the next one is waited for, that sets the pace:
 * `[=====>              ] 26 of 100 · 1 failed · the next in 12 s`.
 */
export function progressLabel(
  done: number,
  total: number | null,
  failed: number,
  ms: number,
  waitMs: number | null = null,
): string {
  const rate = ms > 0 ? (done * 1_000) / ms : 0;
  const pace =
    waitMs === null ? `${Math.round(rate)}/s · ${failed} failed` : `${failed} failed · the next in ${formatDuration(waitMs)}`;
  if (total === null) return `${done} sent · ${pace}`;
  const filled = total === 0 ? 0 : Math.min(BAR, Math.floor((done / total) * BAR));
  const bar = `${'='.repeat(filled)}${filled < BAR ? '>' : ''}`.padEnd(BAR);
  const left = waitMs === null && rate > 0 && done < total ? ` · ${formatDuration(((total - done) * 1_000) / rate)} left` : '';
  return `[${bar}] ${done} of ${total} · ${pace}${left}`;
}

/** Waits for a target to accept connections, as `--wait` asks. */
export async function waitForTarget(
  sender: Sender,
  { url, origin }: Target,
  wait: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (wait === undefined) return;
  const patience = parseDuration(wait, 'duration for --wait');
  if (await sender.waitFor(url, patience, signal)) return;
  if (signal.aborted) throw new WebhookError('interrupted', 'Interrupted while waiting for the target.');
  throw new WebhookError('target_unreachable', `Nothing listens at ${origin} after ${formatDuration(patience)}.`, {
    hint: 'Start the app, or wait longer: --wait 60s',
  });
}
