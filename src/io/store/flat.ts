import type { Delivery } from '../../core/delivery/delivery.js';
import type { DeliverySummary } from '../../core/delivery/summary.js';
import type { HeaderList } from '../../core/http/headers.js';

/** What deliveries that come one after another mostly have in common: they share the object then. */
export interface DeliveryKind
  extends Pick<DeliverySummary, 'origin' | 'provider' | 'method' | 'path' | 'status' | 'reason' | 'message' | 'responseStatus'> {
  /** Null, as what follows, until it is answered. */
  readonly answerHeaders: string | null;
  readonly answer: Uint8Array | null;
}

/** A delivery without objects inside, what is a list as JSON: as it is written, and as it passes to the thread that writes it. */
export interface FlatDelivery extends Pick<Delivery, 'id' | 'receivedAt' | 'event' | 'eventId' | 'duplicateOf' | 'attempts'> {
  readonly kind: DeliveryKind;
  readonly headers: string;
  readonly diagnosis: string | null;
  /** Null until it is answered. */
  readonly responseMs: number | null;
  readonly body: Uint8Array;
}

export function flatten(delivery: Delivery): FlatDelivery {
  return flattener()(delivery);
}

/** Gives a function that makes deliveries flat, and has those of a kind share it. */
export function flattener(): (delivery: Delivery) => FlatDelivery {
  let kind: DeliveryKind | null = null;
  let answerHeaders: HeaderList | null = null;
  return (delivery) => {
    const { request, verdict, response } = delivery;
    if (kind === null || answerHeaders !== (response?.headers ?? null) || !isOf(kind, delivery)) {
      kind = kindOf(delivery);
      answerHeaders = response?.headers ?? null;
    }
    return {
      kind,
      id: delivery.id,
      receivedAt: delivery.receivedAt,
      event: delivery.event,
      eventId: delivery.eventId,
      duplicateOf: delivery.duplicateOf,
      headers: JSON.stringify(request.headers),
      diagnosis: verdict.diagnosis.length === 0 ? null : JSON.stringify(verdict.diagnosis),
      responseMs: response === null ? null : response.durationMs,
      body: request.body,
      attempts: delivery.attempts,
    };
  };
}

function kindOf({ origin, provider, request, verdict, response }: Delivery): DeliveryKind {
  return {
    origin,
    provider,
    method: request.method,
    path: request.path,
    status: verdict.status,
    reason: verdict.reason,
    message: verdict.message,
    responseStatus: response === null ? null : response.status,
    answerHeaders: response === null ? null : JSON.stringify(response.headers),
    answer: response === null ? null : response.body,
  };
}

function isOf(kind: DeliveryKind, { origin, provider, request, verdict, response }: Delivery): boolean {
  return (
    kind.origin === origin &&
    kind.provider === provider &&
    kind.method === request.method &&
    kind.path === request.path &&
    kind.status === verdict.status &&
    kind.reason === verdict.reason &&
    kind.message === verdict.message &&
    kind.responseStatus === (response?.status ?? null) &&
    kind.answer === (response?.body ?? null)
  );
}
