import type { HttpRequest, HttpResponse } from '../http/message.js';
import type { Verdict } from '../signature/verdict.js';

export const ORIGINS = ['received', 'triggered', 'imported'] as const;
export type Origin = (typeof ORIGINS)[number];

/** Why a target gave no answer. */
export const FAILURE_REASONS = ['refused', 'timeout', 'dns', 'tls', 'reset', 'aborted'] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export const OUTCOMES = ['responded', 'failed'] as const;

interface AttemptBase {
  /** The URL the delivery was handed to. */
  readonly target: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** True where a kept delivery was sent again. */
  readonly replay: boolean;
}

/** One try to hand a delivery to a target. A transport failure is not an HTTP answer, so the two are kept apart. */
export type Attempt = AttemptBase &
  (
    | ({ readonly outcome: 'responded' } & HttpResponse)
    | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly message: string }
  );

/** What the sender of a delivery was answered. */
export type Answer = HttpResponse & { readonly durationMs: number };

/** One HTTP request carrying an event, as received or as sent, with all that became of it. */
export interface Delivery {
  /** `dlv_` and a ULID: sortable by time. */
  readonly id: string;
  readonly origin: Origin;
  /** Unix time in milliseconds. */
  readonly receivedAt: number;
  /** Name of the provider; null where it is not known. */
  readonly provider: string | null;
  /** The event's type name, such as `order.created`; null where the request names none. */
  readonly event: string | null;
  /** The provider's own id of the event, the key to deduplicate by. */
  readonly eventId: string | null;
  /** Id of an earlier kept delivery of this provider with the same event id. */
  readonly duplicateOf: string | null;
  readonly request: HttpRequest;
  readonly verdict: Verdict;
  /** Null until it is answered, and for deliveries this program sent itself. */
  readonly response: Answer | null;
  readonly attempts: readonly Attempt[];
}

/** True where an attempt got no answer, or one that is not 2xx: what `--failed` selects. */
export function hasFailed(delivery: Pick<Delivery, 'attempts'>): boolean {
  return delivery.attempts.some(attemptFailed);
}

export function attemptFailed(attempt: Attempt): boolean {
  return attempt.outcome === 'failed' || attempt.status < 200 || attempt.status > 299;
}

/**
 * What a delivery was answered with, to compare a later answer with: the last answer of a target, replays aside; where it was handed to
 * none, what its sender got. Null where targets only failed, or nothing is known.
 */
export function keptAnswer({ attempts, response }: Pick<Delivery, 'attempts' | 'response'>): HttpResponse | null {
  const own = attempts.filter((attempt) => !attempt.replay);
  const answered = own.findLast((attempt) => attempt.outcome === 'responded');
  return answered ?? (own.length === 0 ? response : null);
}
