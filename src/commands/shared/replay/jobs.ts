/** What a replay sends, in which order and when. */
import type { Delivery } from '../../../core/delivery/delivery.js';
import { WebhookError } from '../../../core/errors.js';
import type { Job } from '../sending.js';
import type { Source } from '../source.js';
import type { Preparation } from './preparation.js';

/** How far a replay got: the delivery that was begun last, and in which round (from 0). */
export interface Position {
  readonly id: string;
  readonly round: number;
}

export interface ReplayPlan {
  readonly source: Source;
  readonly preparation: Preparation;
  /** Rounds. */
  readonly times: number;
  /** Gaps take this many times less than they took; null: there are none. */
  readonly pace: number | null;
  /** The first round begins after this delivery; null: with the first one. */
  readonly after: string | null;
  /** Milliseconds; null: the provider's own. */
  readonly timeoutMs: number | null;
  /** What an answer to a delivery has to be, where that is not the same for all. */
  judge?(delivery: Delivery): Pick<Job, 'judge' | 'compare'>;
  /** Told of each delivery as it is begun, in order. */
  started(position: Position): void;
}

/** Oldest first, one in memory at a time; a request is made when it is due, so that it is signed for the time it is sent at. */
export async function* jobsOf(plan: ReplayPlan): AsyncGenerator<Job, void, undefined> {
  const { source, preparation, times, pace, timeoutMs } = plan;
  let offset = 0;
  let any = false;
  for (let round = 0; round < times; round++) {
    let first: number | null = null;
    let last = 0;
    for await (const delivery of source.deliveries(round === 0 ? plan.after : null)) {
      any = true;
      first ??= delivery.receivedAt;
      // Where a clock was set back, the next one follows at once.
      last = Math.max(last, delivery.receivedAt - first);
      yield {
        delivery,
        request: () => preparation.request(delivery),
        timeoutMs: timeoutMs ?? (await preparation.providerOf(delivery))?.timeoutMs ?? 10_000,
        due: pace === null ? null : offset + last / pace,
        started: () => plan.started({ id: delivery.id, round }),
        ...plan.judge?.(delivery),
      };
    }
    if (pace !== null) offset += last / pace;
  }
  if (!any) {
    const message = plan.after === null ? 'There is nothing to send.' : `Nothing that is selected comes after ${plan.after}.`;
    throw new WebhookError('selection_empty', message, { hint: 'See what is kept: webhook list' });
  }
}

/** Whether anything is left to be sent after a position. */
export async function isAnythingLeft(
  { source, times }: Pick<ReplayPlan, 'source' | 'times'>,
  position: Position,
): Promise<boolean> {
  if (position.round + 1 < times) return true;
  for await (const _ of source.deliveries(position.id)) return true;
  return false;
}

/** `original` is 1, `2x` is 2, `max` null: no gaps. */
export function paceOf(text: string): number | null {
  if (text === 'max') return null;
  if (text === 'original') return 1;
  const factor = /^(\d+(?:\.\d+)?)x$/.exec(text)?.[1];
  if (factor !== undefined && Number(factor) > 0) return Number(factor);
  throw new WebhookError('usage', `'${text}' is not a speed.`, { hint: 'Write original, 2x, 0.5x or max.' });
}
