import type { Verdict, VerdictReason } from '../signature/verdict.js';
import { type Attempt, type Delivery, hasFailed } from './delivery.js';

/** A delivery without what is large: enough for a line in a list. */
export interface DeliverySummary extends Omit<Delivery, 'request' | 'verdict' | 'response' | 'attempts'> {
  readonly method: string;
  readonly path: string;
  readonly status: Verdict['status'];
  readonly reason: VerdictReason | null;
  readonly message: string;
  /** Null until it is answered. */
  readonly responseStatus: number | null;
  readonly responseMs: number | null;
  /** Bytes. */
  readonly bodySize: number;
  /** How many there were. */
  readonly attempts: number;
  /** `status` is null where it failed. */
  readonly lastAttempt: { readonly outcome: Attempt['outcome']; readonly status: number | null } | null;
  /** True where any attempt failed or was not 2xx. */
  readonly failed: boolean;
  /** True where it is in the queue for a target that is down. */
  readonly waits: boolean;
}

/** The summary of a delivery that is there in full, and in no queue. */
export function summaryOf(delivery: Delivery): DeliverySummary {
  const last = delivery.attempts[delivery.attempts.length - 1];
  return {
    id: delivery.id,
    origin: delivery.origin,
    receivedAt: delivery.receivedAt,
    provider: delivery.provider,
    event: delivery.event,
    eventId: delivery.eventId,
    duplicateOf: delivery.duplicateOf,
    method: delivery.request.method,
    path: delivery.request.path,
    status: delivery.verdict.status,
    reason: delivery.verdict.reason,
    message: delivery.verdict.message,
    responseStatus: delivery.response?.status ?? null,
    responseMs: delivery.response?.durationMs ?? null,
    bodySize: delivery.request.body.length,
    attempts: delivery.attempts.length,
    lastAttempt: last === undefined ? null : { outcome: last.outcome, status: last.outcome === 'responded' ? last.status : null },
    failed: hasFailed(delivery),
    waits: false,
  };
}
