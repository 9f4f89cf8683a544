/**
 * What ngrok's agent recorded: the answer of its API, `curl http://127.0.0.1:4040/api/requests/http`
 * (https://ngrok.com/docs/agent/api).
 */
import { type HeaderList, headerValue } from '../http/headers.js';
import type { Delivery } from './delivery.js';
import { contentId, imported } from './imported.js';
import { type Form, Place } from './place.js';
import { parseRawRequest, parseRawResponse } from './raw.js';

const RECORD: Form = {
  what: 'a request that ngrok recorded',
  hint: 'Get them with: curl http://127.0.0.1:4040/api/requests/http',
};

/** True for a value that looks like a request in that answer. */
export function isNgrokRequest(value: object): boolean {
  return 'start' in value && 'request' in value && 'tunnel_name' in value;
}

/**
 * Reads one of them.
 *
 * @param bytes The record as it stands in the file.
 * @throws WebhookError `input_malformed`
 */
export function deliveryFromNgrok(value: object, bytes: Uint8Array): Delivery {
  const record = new Place(value, RECORD);
  const receivedAt = record.at('start').time();
  const { method, path, headers, body } = parseRawRequest(rawOf(record.at('request')));
  const response = record.at('response');
  // It counts in nanoseconds.
  const durationMs = Math.max(0, (record.at('duration').numberOrNull() ?? 0) / 1e6);
  return imported({
    id: contentId(receivedAt, bytes),
    receivedAt,
    request: { method, path, headers, body: withoutChunks(headers, body) },
    response: response.absent ? null : { ...parseRawResponse(rawOf(response)), durationMs },
  });
}

function rawOf(message: Place): Uint8Array {
  return Buffer.from(message.at('raw').text(), 'base64');
}

/** The raw message is the one on the wire: a body that came in chunks still has their sizes between them. */
function withoutChunks(headers: HeaderList, body: Uint8Array): Uint8Array {
  if (!/\bchunked\s*$/i.test(headerValue(headers, 'transfer-encoding') ?? '')) return body;
  const text = Buffer.from(body).toString('latin1');
  const chunks: Uint8Array[] = [];
  const size = /([0-9a-f]{1,8})[^\r\n]*\r\n/iy;
  for (let at = 0; ; ) {
    size.lastIndex = at;
    const length = Number.parseInt(size.exec(text)?.[1] ?? '', 16);
    // What is not in chunks was put together by whoever recorded it.
    if (Number.isNaN(length) || size.lastIndex + length > body.length) return body;
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(size.lastIndex, size.lastIndex + length));
    at = size.lastIndex + length + 2;
  }
}
