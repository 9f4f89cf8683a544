/** Deliveries of every kind, for properties. */
import fc from 'fast-check';
import type { Delivery } from '../../../src/core/delivery/delivery.js';

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const headers = fc.array(fc.tuple(token, fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,20}$/)), { maxLength: 5 });
const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: 'binary' }).map((text) => new Uint8Array(Buffer.from(text))),
);
const time = fc.integer({ min: 0, max: Date.UTC(9999, 0) });
const duration = fc.nat({ max: 100_000 }).map((tenths) => tenths / 10);
const nullable = fc.option(fc.string(), { nil: null });
const response = fc.record({ status: fc.integer({ min: 100, max: 599 }), headers, body });
const attemptBase = fc.record({ target: fc.webUrl(), startedAt: time, durationMs: duration, replay: fc.boolean() });
export const deliveries: fc.Arbitrary<Delivery> = fc.record({
  id: fc.stringMatching(/^dlv_[0-9A-Z]{26}$/),
  origin: fc.constantFrom('received', 'triggered', 'imported'),
  receivedAt: time,
  provider: nullable,
  event: nullable,
  eventId: nullable,
  duplicateOf: nullable,
  request: fc.record({ method: token, path: fc.webPath().map((path) => `/${path}`), headers, body }),
  verdict: fc.oneof(
    fc.record({
      status: fc.constant('valid' as const),
      reason: fc.constant(null),
      message: fc.string(),
      diagnosis: fc.constant([]),
    }),
    fc.record({
      status: fc.constantFrom('invalid' as const, 'unchecked' as const),
      reason: fc.constantFrom('mismatch' as const, 'no_secret' as const),
      message: fc.string(),
      diagnosis: fc.array(fc.record({ code: fc.string(), message: fc.string(), hint: nullable }), { maxLength: 2 }),
    }),
  ),
  response: fc.option(
    fc.tuple(response, duration).map(([answer, durationMs]) => ({ ...answer, durationMs })),
    { nil: null },
  ),
  attempts: fc.array(
    fc.oneof(
      fc.tuple(attemptBase, response).map(([base, answer]) => ({ ...base, outcome: 'responded' as const, ...answer })),
      fc
        .tuple(attemptBase, fc.constantFrom('refused' as const, 'timeout' as const), fc.string())
        .map(([base, reason, message]) => ({ ...base, outcome: 'failed' as const, reason, message })),
    ),
    { maxLength: 3 },
  ),
});

/** Bytes compare as bytes, whichever class they came in. */
export const comparable = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value).toString('hex')
    : Array.isArray(value)
      ? value.map(comparable)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, comparable(one)]))
        : value;
