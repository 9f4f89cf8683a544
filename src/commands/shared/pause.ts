import { setTimeout as sleep } from 'node:timers/promises';
import { timerMs } from '../../core/units.js';

/** Resolves after so many milliseconds, or at once when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(timerMs(ms), undefined, { signal }).catch(() => {});
}
