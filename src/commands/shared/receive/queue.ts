import { attemptFailed } from '../../../core/delivery/delivery.js';
import { redactUrl } from '../../../core/delivery/redact.js';
import { WebhookError } from '../../../core/errors.js';
import { forwardedRequest } from '../../../core/forward.js';
import { USUAL_PATIENCE_MS } from '../../../core/handover.js';
import { providerOutlines } from '../../../core/providers/load.js';
import { createQueue, type DeliveryQueue, isCutOff, type QueueAttempt, type QueueEvent } from '../../../core/queue.js';
import { formatDuration } from '../../../core/units.js';
import type { Sender } from '../../../io/sender.js';
import type { Store } from '../../../io/store/store.js';
import { chance } from '../chance.js';
import { placeWords, targetWords } from '../command-line.js';
import type { Session } from '../session.js';
import type { CommonFlags } from '../verb.js';
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
/** Deliveries that are named in a command to replay them. */
const MOST_NAMED = 5;

/**
 * The queue of a command that receives, in its store.
 *
 * @throws WebhookError `usage` where there is nothing to queue for or nowhere to keep it, `queue_taken`.
 */
export async function openQueue(
  session: Session,
  parts: Pick<ReceiveSettings, 'provider' | 'routing' | 'headers' | 'retry' | 'timeoutMs'> & {
    readonly flags: CommonFlags;
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
  /** By target, what was handed on and not taken: the first of it, since its queue was empty. */
  const refused = new Map<string, readonly string[]>();
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
    timeoutMs: ({ provider }) => parts.timeoutMs ?? patience.get(provider) ?? USUAL_PATIENCE_MS,
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
    switch (event.type) {
      case 'warning':
        renderer.warning({ code: event.code, message: event.message, hint: null });
        break;
      case 'queue':
        renderer.queue(event);
        if (event.state === 'empty') tellOfRefused(event.target);
        break;
      case 'attempt':
        tellOfAttempt(event);
    }
  }

  function tellOfAttempt({ delivery, target, attempt, again }: QueueAttempt): void {
    const failed = attemptFailed(attempt);
    renderer.attempt({ ...delivery, attempts: [...delivery.attempts, attempt] }, attempt, {
      ok: !failed,
      verdict: delivery.verdict.status,
      why: failed ? `out of the queue; ${nextOf(again)}` : 'out of the queue',
    });
    if (again !== null) return;
    counts.forwarded++;
    if (!failed) return;
    counts.failed++;
    if (isCutOff(attempt)) {
      const message = `${delivery.id} was cut off each time it was handed on, and another one was not: it is set aside.`;
      renderer.warning({ code: 'queue_set_aside', message, hint: handOnAgain(target, [delivery.id]) });
    } else refused.set(target, [...(refused.get(target) ?? []), delivery.id].slice(0, MOST_NAMED + 1));
  }

  /** What a target has answered otherwise than with 2xx, and is not tried again. */
  function tellOfRefused(target: string): void {
    const ids = refused.get(target);
    if (ids === undefined) return;
    refused.delete(target);
    const message = 'Whoever sent what was not taken has had 202 for it, and does not send it again.';
    renderer.warning({ code: 'queue_refused', message, hint: handOnAgain(target, ids) });
  }

  function handOnAgain(target: string, ids: readonly string[]): string {
    const many = ids.length > MOST_NAMED;
    const words = ['webhook', 'replay', ...(many ? ['<id>'] : ids), ...targetWords(target), ...placeWords(parts.flags)];
    return `${many ? 'They are in webhook list --failed. ' : ''}To hand it on again: ${words.join(' ')}`;
  }

  let closed: Promise<void> | null = null;
  async function close(): Promise<void> {
    const waiting = await queue.close();
    for (const target of refused.keys()) tellOfRefused(target);
    await claim.release();
    await store.close();
    if (waiting > 0) {
      const hint = 'The next run with --queue and the same target delivers them.';
      renderer.warning({ code: 'queue_left', message: `${countOf(waiting)} in the queue.`, hint });
    }
  }
  return {
    queue,
    counts,
    begin() {
      queue.resume(targets);
      tellOfLeft(session, store, targets);
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** Tells a command that receives without `--queue` what an earlier one has left, lest it is forgotten. */
export async function tellOfQueue(session: Session, targets: readonly string[]): Promise<void> {
  const store = await session.openStore({ mustExist: true, readOnly: true });
  tellOfLeft(session, store, targets);
  await store.close();
}

function tellOfLeft({ context, renderer }: Session, store: Store, targets: readonly string[]): void {
  for (const [target, waiting] of store.leftInQueue(context.now())) {
    const [rest, flags] = targets.includes(target) ? ['', ''] : [', which is no target now', ' --forward-to <url>'];
    const message = `${countOf(waiting)} in the queue for ${redactUrl(target)}${rest}.`;
    renderer.warning({ code: 'queue_left', message, hint: `Run it with --queue${flags} to have them handed on.` });
  }
}

function countOf(waiting: number): string {
  return waiting === 1 ? '1 delivery waits' : `${waiting} deliveries wait`;
}

function nextOf(again: number | null): string {
  if (again === null) return 'it is not tried again';
  return again === 0 ? 'it waits again' : `again in ${formatDuration(again)}`;
}
