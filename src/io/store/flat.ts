import type { Delivery } from '../../core/delivery/delivery.js';
import type { Verdict, VerdictReason } from '../../core/signature/verdict.js';

/** A delivery without objects inside, what is a list as JSON: as it is written, and as it passes to the thread that writes it. */
export interface FlatDelivery extends Omit<Delivery, 'request' | 'verdict' | 'response'> {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
  readonly status: Verdict['status'];
  readonly reason: VerdictReason | null;
  readonly message: string;
  readonly diagnosis: string | null;
  /** Null, as the three after it, until it is answered. */
  readonly responseStatus: number | null;
  readonly responseMs: number | null;
  readonly answerHeaders: string | null;
  readonly answer: Uint8Array | null;
  readonly body: Uint8Array;
}

export function flatten({ request, verdict, response, ...rest }: Delivery): FlatDelivery {
  return {
    id: rest.id,
    origin: rest.origin,
    receivedAt: rest.receivedAt,
    provider: rest.provider,
    event: rest.event,
    eventId: rest.eventId,
    duplicateOf: rest.duplicateOf,
    method: request.method,
    path: request.path,
    headers: JSON.stringify(request.headers),
    status: verdict.status,
    reason: verdict.reason,
    message: verdict.message,
    diagnosis: verdict.diagnosis.length === 0 ? null : JSON.stringify(verdict.diagnosis),
    responseStatus: response === null ? null : response.status,
    responseMs: response === null ? null : response.durationMs,
    answerHeaders: response === null ? null : JSON.stringify(response.headers),
    answer: response === null ? null : response.body,
    body: request.body,
    attempts: rest.attempts,
  };
}
