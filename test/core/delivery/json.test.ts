import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { bodyToJson, deliveryFromJson, deliveryToJson } from '../../../src/core/delivery/json.js';
import { WebhookError } from '../../../src/core/errors.js';
import { comparable, deliveries } from './arbitrary.js';

const sample: Delivery = {
  id: 'dlv_01JD3V0000000000000000000A',
  origin: 'received',
  receivedAt: Date.UTC(2026, 10, 22, 14, 2, 11, 123),
  provider: 'connect2print',
  event: 'order.created',
  eventId: 'wh_1a2b3c4d5e6f',
  duplicateOf: null,
  request: {
    method: 'POST',
    path: '/hooks?x=1',
    headers: [
      ['content-TYPE', 'application/json'],
      ['X-Twice', 'a'],
      ['X-Twice', 'b'],
    ],
    body: Buffer.from('{"total":499.00}'),
  },
  verdict: { status: 'valid', reason: null, message: 'The signature is valid.', diagnosis: [] },
  response: { status: 200, headers: [], body: Buffer.from('ok'), durationMs: 12.06 },
  attempts: [
    {
      target: 'http://localhost:3000/hooks',
      startedAt: Date.UTC(2026, 10, 22, 14, 2, 12),
      durationMs: 11.2,
      replay: false,
      outcome: 'responded',
      status: 200,
      headers: [['Server', 'caf\xe9']],
      body: Buffer.from([0xff, 0x00]),
    },
    {
      target: 'http://localhost:3001/',
      startedAt: Date.UTC(2026, 10, 22, 14, 2, 13),
      durationMs: 0,
      replay: true,
      outcome: 'failed',
      reason: 'refused',
      message: 'Nobody listens there.',
    },
  ],
};

const plain = (delivery: Delivery = sample): Record<string, unknown> => JSON.parse(JSON.stringify(deliveryToJson(delivery)));

describe('deliveryToJson', () => {
  it('prints the documented form, keys in order', () => {
    expect(JSON.stringify(deliveryToJson(sample), null, 1)).toBe(
      JSON.stringify(
        {
          id: 'dlv_01JD3V0000000000000000000A',
          origin: 'received',
          receivedAt: '2026-11-22T14:02:11.123Z',
          provider: 'connect2print',
          event: 'order.created',
          eventId: 'wh_1a2b3c4d5e6f',
          duplicateOf: null,
          request: {
            method: 'POST',
            path: '/hooks?x=1',
            headers: [
              ['content-TYPE', 'application/json'],
              ['X-Twice', 'a'],
              ['X-Twice', 'b'],
            ],
            body: '{"total":499.00}',
            bodyEncoding: 'utf8',
          },
          verdict: { status: 'valid', reason: null, message: 'The signature is valid.', diagnosis: [] },
          response: { status: 200, headers: [], body: 'ok', bodyEncoding: 'utf8', durationMs: 12.1 },
          attempts: [
            {
              target: 'http://localhost:3000/hooks',
              startedAt: '2026-11-22T14:02:12.000Z',
              durationMs: 11.2,
              replay: false,
              outcome: 'responded',
              status: 200,
              headers: [['Server', 'café']],
              body: '/wA=',
              bodyEncoding: 'base64',
            },
            {
              target: 'http://localhost:3001/',
              startedAt: '2026-11-22T14:02:13.000Z',
              durationMs: 0,
              replay: true,
              outcome: 'failed',
              reason: 'refused',
              message: 'Nobody listens there.',
            },
          ],
        },
        null,
        1,
      ),
    );
  });

  it('keeps a byte order mark and NUL as text, and puts what is not UTF-8 in base64', () => {
    expect(bodyToJson(Buffer.from('\ufeff\0a'))).toEqual({ body: '\ufeff\0a', bodyEncoding: 'utf8' });
    expect(bodyToJson(Buffer.from([0xed, 0xa0, 0x80]))).toEqual({ body: '7aCA', bodyEncoding: 'base64' });
  });
});

describe('deliveryFromJson', () => {
  it('gives back any delivery that was written', () => {
    fc.assert(
      fc.property(deliveries, (delivery) => {
        const read = deliveryFromJson(JSON.parse(JSON.stringify(deliveryToJson(delivery))));
        expect(comparable(read)).toEqual(comparable(delivery));
        expect(JSON.stringify(deliveryToJson(read))).toBe(JSON.stringify(deliveryToJson(delivery)));
      }),
    );
  });

  it('passes over keys it does not know, and takes absent for null', () => {
    const { duplicateOf: _, ...rest } = plain();
    expect(deliveryFromJson({ ...rest, later: 1 }).duplicateOf).toBeNull();
  });

  const wrong: Array<readonly [pointer: string, value: unknown, message: string]> = [
    ['/id', '../../etc/passwd', '/id should be an id of letters'],
    ['/origin', 'made up', '/origin should be "received" or "triggered" or "imported", but is "made up"'],
    ['/receivedAt', 'yesterday', '/receivedAt should be a time'],
    ['/receivedAt', 1, '/receivedAt should be a time'],
    ['/receivedAt', '2026-99-22T14:02:11Z', '/receivedAt should be a time'],
    ['/provider', 5, '/provider should be a string or null, but is 5'],
    ['/request', undefined, '/request should be an object, but is not there'],
    ['/request/method', 'PO ST', '/request/method should be an HTTP method'],
    ['/request/path', '/a b', '/request/path should be a path'],
    ['/request/headers', {}, '/request/headers should be an array, but is an object'],
    ['/request/headers/1', ['X'], '/request/headers/1 should be a pair'],
    ['/request/headers/1/0', 'X Y', '/request/headers/1/0 should be a header name'],
    ['/request/headers/1/1', 'a\r\nInjected: b', '/request/headers/1/1 should be a header value'],
    ['/request/body', undefined, '/request/body should be a string, but is not there'],
    ['/request/body', '\ud800', '/request/body should be text without lone surrogates'],
    ['/request/bodyEncoding', 'hex', '/request/bodyEncoding should be "utf8" or "base64"'],
    ['/attempts/0/body', 'not base64!', '/attempts/0/body should be base64'],
    ['/verdict/status', 'fine', '/verdict/status should be'],
    ['/verdict/reason', 'mismatch', '/verdict/reason should be null'],
    ['/verdict/diagnosis', null, '/verdict/diagnosis should be an array, but is null'],
    ['/response/status', 20, '/response/status should be an HTTP status'],
    ['/response/durationMs', -1, '/response/durationMs should be a number of milliseconds'],
    ['/attempts', 'none', '/attempts should be an array, but is "none"'],
    ['/attempts/1/reason', 'tired', '/attempts/1/reason should be "refused"'],
    ['/attempts/0/replay', 'no', '/attempts/0/replay should be true or false'],
    ['/attempts/0/outcome', undefined, '/attempts/0/outcome should be "responded" or "failed"'],
  ];
  it.each(wrong)('names %s where it is %j', (pointer, value, message) => {
    const json = plain();
    const keys = pointer.slice(1).split('/');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), json);
    Reflect.set(Object(parent), last, value);
    try {
      deliveryFromJson(json);
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      expect(error.code).toBe('input_malformed');
      expect(error.message).toContain(message);
      return;
    }
    throw new Error('it was taken');
  });

  it.each([null, undefined, 5, 'x', [], [{}]])('refuses %j as a whole', (value) => {
    expect(() => deliveryFromJson(value)).toThrow('The document should be an object');
  });
});
