/** Sends one request after another, or many at once, and judges what comes back: what trigger and replay share. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.js';
import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import { WebhookError } from '../../core/errors.js';
import type { OutgoingRequest } from '../../core/http/message.js';
import { formatDuration, parseDuration } from '../../core/units.js';
import type { Sender } from '../../io/sender.js';
import { parseTarget } from '../../io/target.js';
import type { Renderer, SendSummary } from '../../render/renderer.js';
import type { Expectation } from './expectation.js';

export interface Job {
  readonly delivery: Delivery;
  readonly request: OutgoingRequest;
  readonly timeoutMs: number;
  /** What is wrong with an answer to this one (null: nothing), where it is not for the expectation to say. */
  readonly judge?: (attempt: Attempt) => string | null;
  /** Not before so many milliseconds after the start; null: as soon as there is a place. */
  readonly due: number | null;
}

export interface SendingOptions {
  readonly context: Context;
  readonly renderer: Renderer;
  readonly sender: Sender;
  readonly expectation: Expectation;
  readonly concurrency: number;
  /** Starts a second, at most; null: not limited. */
  readonly rate: number | null;
  /** Whether what is sent was kept before. */
  readonly replay: boolean;
  /** Records what became of a delivery; null: nowhere. */
  readonly record: ((delivery: Delivery, attempt: Attempt) => Promise<unknown>) | null;
}

/** Sends every job, started in their order. Ended by a signal, it finishes what is in flight. */
export async function sendAll(
  jobs: Iterable<Job> | AsyncIterable<Job>,
  options: SendingOptions,
): Promise<SendSummary & { readonly interrupted: boolean }> {
  const { context, renderer, sender, expectation, rate } = options;
  const { signal } = context;
  const iterator = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]();
  const began = context.elapsed();
  let started = 0;
  let sent = 0;
  let ok = 0;

  async function one(job: Job): Promise<void> {
    const outcome = await sender.send(job.request, { timeoutMs: job.timeoutMs });
    const attempt: Attempt = { ...outcome, target: parseTarget(job.request.url).shown, replay: options.replay };
    const why = (job.judge ?? expectation.judge)(attempt);
    sent++;
    if (why === null) ok++;
    renderer.attempt({ ...job.delivery, attempts: [...job.delivery.attempts, attempt] }, attempt, { ok: why === null, why });
    await options.record?.(job.delivery, attempt);
    await renderer.room();
  }

  async function work(): Promise<void> {
    while (!signal.aborted) {
      const next = await iterator.next();
      if (next.done === true) return;
      const due = next.value.due ?? (rate === null ? null : (started * 1_000) / rate);
      started++;
      if (due !== null && !(await reached(began + due))) return;
      await one(next.value);
    }
  }

  async function reached(at: number): Promise<boolean> {
    const left = at - context.elapsed();
    if (left > 0) await sleep(left, undefined, { signal }).catch(() => {});
    return !signal.aborted;
  }

  await Promise.all(Array.from({ length: options.concurrency }, work));
  return { sent, ok, failed: sent - ok, durationMs: context.elapsed() - began, interrupted: signal.aborted };
}

/** Waits for a target to accept connections, as `--wait` asks. */
export async function waitForTarget(sender: Sender, url: string, wait: string | undefined, signal: AbortSignal): Promise<void> {
  if (wait === undefined) return;
  const patience = parseDuration(wait, 'duration for --wait');
  if (await sender.waitFor(url, patience, signal)) return;
  if (signal.aborted) throw new WebhookError('interrupted', 'Interrupted while waiting for the target.');
  throw new WebhookError(
    'target_unreachable',
    `Nothing listens at ${parseTarget(url).origin} after ${formatDuration(patience)}.`,
    {
      hint: 'Start the app, or wait longer: --wait 60s',
    },
  );
}
