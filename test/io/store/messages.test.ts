import { describe, expect, it } from 'vitest';
import { flattener } from '../../../src/io/store/flat.js';
import { pack, unpack } from '../../../src/io/store/messages.js';
import { bytesOf, deliverySource, responded } from './samples.js';

describe('pack and unpack', () => {
  it('give back every delivery as it was, after it passed to another thread', () => {
    const next = deliverySource();
    const large = Buffer.alloc(100_000, 'x');
    const flatten = flattener();
    const deliveries = [
      next(),
      next({ response: { status: 200, headers: [['A', 'b']], body: bytesOf('{"received":true}'), durationMs: 1.2 } }),
      next({ attempts: [responded(200), responded(500, 'no')], eventId: 'lone \ud800 half', provider: null }),
      next({ request: { method: 'PUT', path: '/', headers: [], body: large.subarray(500, 700) } }),
      next({ request: { method: 'GET', path: '/', headers: [], body: new Uint8Array(0) } }),
      next(),
      next(),
    ].map((delivery, number) => ({ number, delivery: flatten(delivery) }));
    const packed = pack(deliveries);
    expect(packed.bytes.byteLength).toBeLessThan(1_000);
    const received = unpack(structuredClone(packed, { transfer: [packed.bytes] }));
    const plain = ({ number, delivery }: (typeof deliveries)[number]): unknown => ({
      number,
      delivery: {
        ...delivery,
        body: [...delivery.body],
        kind: { ...delivery.kind, answer: delivery.kind.answer === null ? null : [...delivery.kind.answer] },
      },
    });
    expect(received.map(plain)).toEqual(deliveries.map(plain));
    expect(received.at(-1)?.delivery.kind).toBe(received.at(-2)?.delivery.kind);
  });
});
