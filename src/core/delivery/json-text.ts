import type { HeaderList } from '../http/headers.js';
import type { HttpResponse } from '../http/message.js';
import { tenths } from '../units.js';
import type { Attempt, Delivery } from './delivery.js';
import { isoTime } from './json.js';
import type { JsonBytes } from './json-bytes.js';

/** Writes what JSON.stringify gives of `deliveryToJson`, without making that first: very many are exported at a time. */
export function writeDelivery(out: JsonBytes, delivery: Delivery): void {
  const { request, verdict, response, attempts } = delivery;
  out.open('{');
  member(out, 'id', delivery.id);
  member(out, 'origin', delivery.origin);
  member(out, 'receivedAt', isoTime(delivery.receivedAt));
  member(out, 'provider', delivery.provider);
  member(out, 'event', delivery.event);
  member(out, 'eventId', delivery.eventId);
  member(out, 'duplicateOf', delivery.duplicateOf);
  out.key('request');
  out.open('{');
  member(out, 'method', request.method);
  member(out, 'path', request.path);
  writeHeaders(out, request.headers);
  writeBody(out, request.body);
  out.close('}');
  out.key('verdict');
  out.open('{');
  member(out, 'status', verdict.status);
  member(out, 'reason', verdict.reason);
  member(out, 'message', verdict.message);
  out.key('diagnosis');
  out.open('[');
  for (const { code, message, hint } of verdict.diagnosis) {
    out.item();
    out.open('{');
    member(out, 'code', code);
    member(out, 'message', message);
    member(out, 'hint', hint);
    out.close('}');
  }
  out.close(']');
  out.close('}');
  out.key('response');
  if (response === null) out.literal('null');
  else {
    out.open('{');
    writeResponse(out, response);
    duration(out, response.durationMs);
    out.close('}');
  }
  out.key('attempts');
  out.open('[');
  for (const attempt of attempts) {
    out.item();
    writeAttempt(out, attempt);
  }
  out.close(']');
  out.close('}');
}

function writeAttempt(out: JsonBytes, attempt: Attempt): void {
  out.open('{');
  member(out, 'target', attempt.target);
  member(out, 'startedAt', isoTime(attempt.startedAt));
  duration(out, attempt.durationMs);
  out.key('replay');
  out.literal(attempt.replay ? 'true' : 'false');
  member(out, 'outcome', attempt.outcome);
  if (attempt.outcome === 'responded') writeResponse(out, attempt);
  else {
    member(out, 'reason', attempt.reason);
    member(out, 'message', attempt.message);
  }
  out.close('}');
}

function writeResponse(out: JsonBytes, { status, headers, body }: HttpResponse): void {
  out.key('status');
  out.literal(String(status));
  writeHeaders(out, headers);
  writeBody(out, body);
}

function writeHeaders(out: JsonBytes, headers: HeaderList): void {
  out.key('headers');
  out.open('[');
  for (const [name, value] of headers) {
    out.item();
    out.pair(name, value);
  }
  out.close(']');
}

function writeBody(out: JsonBytes, body: Uint8Array): void {
  out.key('body');
  const isText = out.utf8(body);
  if (!isText) out.text(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'));
  member(out, 'bodyEncoding', isText ? 'utf8' : 'base64');
}

function duration(out: JsonBytes, ms: number): void {
  out.key('durationMs');
  out.literal(String(tenths(ms)));
}

function member(out: JsonBytes, name: string, text: string | null): void {
  out.key(name);
  if (text === null) out.literal('null');
  else out.text(text);
}
