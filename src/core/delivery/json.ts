/** The delivery as JSON: what `--json`, `show --json` and `export` print, and what is read back from such a file. */
import { isUtf8 } from 'node:buffer';
import { type HeaderList, isHeaderName, isHeaderValue } from '../http/headers.js';
import { type HttpRequest, type HttpResponse, isRequestTarget } from '../http/message.js';
import { type Finding, VERDICT_REASONS, VERDICT_STATUSES, type Verdict } from '../signature/verdict.js';
import { tenths } from '../units.js';
import {
  type Answer,
  type Attempt,
  type Delivery,
  FAILURE_REASONS,
  type FailureReason,
  ORIGINS,
  type Origin,
  OUTCOMES,
} from './delivery.js';
import { type Form, Place } from './place.js';

/** Bytes as JSON holds them: as text where they are valid UTF-8, else in base64. */
export interface BodyJson {
  readonly body: string;
  readonly bodyEncoding: 'utf8' | 'base64';
}

export interface RequestJson extends BodyJson {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderList;
}

export interface ResponseJson extends BodyJson {
  readonly status: number;
  readonly headers: HeaderList;
  readonly durationMs: number;
}

interface AttemptBaseJson {
  readonly target: string;
  /** ISO 8601 with milliseconds, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly replay: boolean;
}

export type AttemptJson = AttemptBaseJson &
  (
    | ({ readonly outcome: 'responded'; readonly status: number; readonly headers: HeaderList } & BodyJson)
    | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly message: string }
  );

/** A {@link Delivery} as it is printed and exported. */
export interface DeliveryJson {
  readonly id: string;
  readonly origin: Origin;
  /** ISO 8601 with milliseconds, UTC. */
  readonly receivedAt: string;
  readonly provider: string | null;
  readonly event: string | null;
  readonly eventId: string | null;
  readonly duplicateOf: string | null;
  readonly request: RequestJson;
  readonly verdict: Verdict;
  readonly response: ResponseJson | null;
  readonly attempts: readonly AttemptJson[];
}

/** Bytes as JSON holds them. A byte order mark is a part of the text, so that the same bytes come back. */
export function bodyToJson(bytes: Uint8Array): BodyJson {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(view)
    ? { body: view.toString('utf8'), bodyEncoding: 'utf8' }
    : { body: view.toString('base64'), bodyEncoding: 'base64' };
}

/** A delivery in its JSON form, its keys in the order they are documented in. Durations are rounded to 0.1 ms. */
export function deliveryToJson(delivery: Delivery): DeliveryJson {
  const { request, verdict, response } = delivery;
  const { body, bodyEncoding } = bodyToJson(request.body);
  return {
    id: delivery.id,
    origin: delivery.origin,
    receivedAt: isoTime(delivery.receivedAt),
    provider: delivery.provider,
    event: delivery.event,
    eventId: delivery.eventId,
    duplicateOf: delivery.duplicateOf,
    request: { method: request.method, path: request.path, headers: request.headers, body, bodyEncoding },
    verdict: verdictToJson(verdict),
    response: response === null ? null : answerToJson(response),
    attempts: delivery.attempts.map(attemptToJson),
  };
}

// Members are spelled out, as spreading objects takes several times as long.
function answerToJson({ status, headers, body: bytes, durationMs }: Answer): ResponseJson {
  const { body, bodyEncoding } = bodyToJson(bytes);
  return { status, headers, body, bodyEncoding, durationMs: tenths(durationMs) };
}

/** Of many deliveries in a row, most are of one minute. */
let last: { readonly minute: number; readonly start: string } = { minute: 0, start: '1970-01-01T00:00:' };

/** ISO 8601 with milliseconds, UTC. */
export function isoTime(ms: number): string {
  const whole = Math.trunc(ms);
  const minute = Math.floor(whole / 60_000);
  if (minute !== last.minute) last = { minute, start: new Date(ms).toISOString().slice(0, -'11.123Z'.length) };
  const rest = whole - minute * 60_000;
  const second = Math.floor(rest / 1_000);
  return `${last.start}${String(second).padStart(2, '0')}.${String(rest - second * 1_000).padStart(3, '0')}Z`;
}

function verdictToJson({ status, reason, message, diagnosis }: Verdict): Verdict {
  return { status, reason, message, diagnosis: diagnosis.map(({ code, message, hint }) => ({ code, message, hint })) };
}

function attemptToJson(attempt: Attempt): AttemptJson {
  const { target, replay, outcome } = attempt;
  const startedAt = isoTime(attempt.startedAt);
  const durationMs = tenths(attempt.durationMs);
  if (outcome === 'failed') {
    return { target, startedAt, durationMs, replay, outcome, reason: attempt.reason, message: attempt.message };
  }
  const { body, bodyEncoding } = bodyToJson(attempt.body);
  return { target, startedAt, durationMs, replay, outcome, status: attempt.status, headers: attempt.headers, body, bodyEncoding };
}

/**
 * Reads a delivery from what JSON.parse gave of an export. Unknown keys are passed over, and a key whose value may be null
 * may be absent.
 *
 * @throws WebhookError `input_malformed` that names the place by JSON Pointer and what was expected there.
 * @example const { request } = deliveryFromJson(JSON.parse(exported));
 */
export function deliveryFromJson(value: unknown): Delivery {
  const root = new Place(value, EXPORTED);
  const response = root.at('response');
  return {
    id: root.at('id').matching(/^[A-Za-z0-9_-]{1,100}$/, 'an id of letters, digits, _ and -'),
    origin: root.at('origin').oneOf(ORIGINS),
    receivedAt: root.at('receivedAt').time(),
    provider: root.at('provider').textOrNull(),
    event: root.at('event').textOrNull(),
    eventId: root.at('eventId').textOrNull(),
    duplicateOf: root.at('duplicateOf').textOrNull(),
    request: readRequest(root.at('request')),
    verdict: readVerdict(root.at('verdict')),
    response: response.absent ? null : readAnswer(response),
    attempts: root.at('attempts').items().map(readAttempt),
  };
}

const EXPORTED: Form = { what: 'an exported delivery', hint: "Make one with 'webhook export --format json'." };

function readRequest(place: Place): HttpRequest {
  return {
    method: place.at('method').satisfying(isHeaderName, 'an HTTP method'),
    path: place.at('path').satisfying(isRequestTarget, 'a path without white space, such as "/hooks?x=1"'),
    headers: readHeaders(place.at('headers')),
    body: readBody(place),
  };
}

function readAnswer(place: Place): Answer {
  return { ...readResponse(place), durationMs: place.at('durationMs').duration() };
}

function readResponse(place: Place): HttpResponse {
  return { status: place.at('status').status(), headers: readHeaders(place.at('headers')), body: readBody(place) };
}

function readAttempt(place: Place): Attempt {
  const base = {
    target: place.at('target').text(),
    startedAt: place.at('startedAt').time(),
    durationMs: place.at('durationMs').duration(),
    replay: place.at('replay').flag(),
  };
  return place.at('outcome').oneOf(OUTCOMES) === 'responded'
    ? { ...base, outcome: 'responded', ...readResponse(place) }
    : { ...base, outcome: 'failed', reason: place.at('reason').oneOf(FAILURE_REASONS), message: place.at('message').text() };
}

function readVerdict(place: Place): Verdict {
  const status = place.at('status').oneOf(VERDICT_STATUSES);
  const reason = place.at('reason');
  if (status === 'valid' && !reason.absent) throw reason.expected('null, as the status is "valid"');
  return {
    status,
    reason: status === 'valid' ? null : reason.oneOf(VERDICT_REASONS),
    message: place.at('message').text(),
    diagnosis: place.at('diagnosis').items().map(readFinding),
  };
}

function readFinding(place: Place): Finding {
  return { code: place.at('code').text(), message: place.at('message').text(), hint: place.at('hint').textOrNull() };
}

function readHeaders(place: Place): HeaderList {
  return place.items().map((entry) => {
    const pair = entry.items();
    const [name, value] = pair;
    if (name === undefined || value === undefined || pair.length !== 2) throw entry.expected('a pair [name, value]');
    return [
      name.satisfying(isHeaderName, 'a header name'),
      value.satisfying(isHeaderValue, 'a header value of Latin-1 characters and no control characters'),
    ] as const;
  });
}

function readBody(place: Place): Uint8Array {
  const body = place.at('body');
  const text = body.text();
  if (place.at('bodyEncoding').oneOf(['utf8', 'base64']) === 'utf8') {
    if (/[\ud800-\udfff]/u.test(text)) throw body.expected('text without lone surrogates');
    return Buffer.from(text, 'utf8');
  }
  const bytes = Buffer.from(text, 'base64');
  // Decoding passes over whatever is not base64; only what spells the same again was base64.
  if (bytes.toString('base64') !== text) throw body.expected('base64, as bodyEncoding says');
  return bytes;
}
