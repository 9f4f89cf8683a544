import { type Attempt, attemptFailed } from '../../../core/delivery/delivery.js';
import { WebhookError } from '../../../core/errors.js';
import { forwardedRequest } from '../../../core/forward.js';
import { providerOutlines } from '../../../core/providers/load.js';
import { createQueue, type DeliveryQueue, type QueueEvent } from '../../../core/queue.js';
import { formatDuration } from '../../../core/units.js';
import type { Sender } from '../../../io/sender.js';
import { chance } from '../chance.js';
import type { Session } from '../session.js';
import type { Ending } from './ending.js';
import type { ReceiveSettings } from './settings.js';

export interface OpenQueue {
  readonly queue: DeliveryQueue;
  /** What became of deliveries that it has handed on. */
  readonly counts: { readonly forwarded: number; readonly failed: number };
  /** Goes on with what an earlier run has left. */
  begin(): void;
  /** Finishes what is being handed on, and tells what still waits. */
  close(): Promise<void>;
}

const REACH_MS = 2_000;

/**
 * The queue of a command that receives, in its store.
 *
 * @throws WebhookError `usage` where there is nothing to queue for or nowhere to keep it, `queue_taken`.
 */
export async function openQueue(
  session: Session,
  parts: Pick<ReceiveSettings, 'provider' | 'routing' | 'headers' | 'retry' | 'timeoutMs'> & {
    /** False: nothing is to be kept. */
    readonly saves: boolean;
    readonly sender: Sender | null;
    readonly ending: Ending;
    publicUrl(): string | null;
  },
): Promise<OpenQueue> {
  const { context, renderer } = session;
  const { sender, routing, ending } = parts;
  if (sender === null || routing.targets.length === 0)
    throw new WebhookError('usage', '--queue is for deliveries that are forwarded.', {
      hint: 'Say where to: --forward-to <url>.',
    });
  if (!parts.saves)
    throw new WebhookError('usage', '--queue keeps deliveries, and --no-save does not.', { hint: 'Leave one of them out.' });
  const { targets } = routing;
  const known = parts.provider === null ? await providerOutlines(session.config.providers) : [parts.provider];
  const patience = new Map<string | null, number | null>(known.map(({ name, timeoutMs }) => [name, timeoutMs]));
  const counts = { forwarded: 0, failed: 0 };
  const store = await session.openStore();
  const kept = store.queue(Buffer.from(context.random(8)).toString('hex'));
  const claim = claimOrClose();
  const queue = createQueue({
    store: kept,
    send: (request, options) => sender.send(routing.addressed(request), options),
    request: ({ delivery, target, remoteAddress, protocol }) =>
      forwardedRequest(delivery.request, target, {
        remoteAddress,
        protocol,
        headers: parts.headers,
        publicUrl: parts.publicUrl(),
      }),
    timeoutMs: ({ provider }) => parts.timeoutMs ?? patience.get(provider) ?? 10_000,
    reaches: (target) => sender.reaches(target, REACH_MS),
    retry: parts.retry,
    wait: (ms) => ending.sleep(ms),
    now: context.now,
    random: () => chance(context),
    on: (event) => tell(event),
  });

  function claimOrClose(): ReturnType<typeof kept.claim> {
    try {
      return kept.claim(targets, context.now);
    } catch (error) {
      void store.close();
      throw error;
    }
  }

  function tell(event: QueueEvent): void {
    if (event.type === 'queue') renderer.queue(event);
    else if (event.type === 'warning') renderer.warning({ code: event.code, message: event.message, hint: null });
    else {
      const { delivery, attempt, again } = event;
      if (again === null) {
        counts.forwarded++;
        if (attemptFailed(attempt)) counts.failed++;
      }
      renderer.attempt({ ...delivery, attempts: [...delivery.attempts, attempt] }, attempt, outcomeOf(attempt, again));
    }
  }

  let closed: Promise<void> | null = null;
  async function close(): Promise<void> {
    const waiting = await queue.close();
    await claim.release();
    await store.close();
    if (waiting > 0)
      warnOfRest(`${countOf(waiting)} in the queue.`, 'The next run with --queue and the same target delivers them.');
  }
  function warnOfRest(message: string, hint: string): void {
    renderer.warning({ code: 'queue_left', message, hint });
  }
  return {
    queue,
    counts,
    begin() {
      queue.resume(targets);
      for (const [target, waiting] of kept.waiting()) {
        if (targets.includes(target)) continue;
        warnOfRest(
          `${countOf(waiting)} in the queue for ${target}, which is no target now.`,
          'Name it with --forward-to to have them delivered.',
        );
      }
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function countOf(waiting: number): string {
  return waiting === 1 ? '1 delivery waits' : `${waiting} deliveries wait`;
}

function outcomeOf(attempt: Attempt, again: number | null): { ok: boolean; why: string } {
  if (!attemptFailed(attempt)) return { ok: true, why: 'out of the queue' };
  const next = again === null ? 'it is not tried again' : again === 0 ? 'it waits again' : `again in ${formatDuration(again)}`;
  return { ok: false, why: `out of the queue; ${next}` };
}
