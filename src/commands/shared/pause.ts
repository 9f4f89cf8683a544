import { setTimeout as sleep } from 'node:timers/promises';

/** The longest that a timer can be set for. Longer is as good as never. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** Resolves after so many milliseconds, or at once when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal }).catch(() => {});
}
