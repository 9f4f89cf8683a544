/** What sending comes to, as a target answers or does not. */
import type { FailureReason } from '../../src/core/delivery/delivery.js';
import type { SendOutcome } from '../../src/core/send.js';

export function answered(status: number, headers: ReadonlyArray<readonly [string, string]> = []): SendOutcome {
  return { outcome: 'responded', startedAt: 0, durationMs: 1, status, headers, body: Buffer.from(`said ${status}`) };
}

export function failed(reason: FailureReason): SendOutcome {
  return { outcome: 'failed', startedAt: 0, durationMs: 1, reason, message: 'No.' };
}
