import { describe, expect, it } from 'vitest';
import { describer } from '../../../src/commands/shared/choose.js';
import { summaryOf } from '../../../src/core/delivery/summary.js';
import { createClock } from '../../../src/render/clock.js';
import { bytesOf, deliverySource, responded } from '../../io/store/samples.js';

describe('a list to choose a delivery from', () => {
  const next = deliverySource();
  const now = Date.parse('2026-11-22T14:02:11Z');
  const describe = describer(now, createClock('UTC'));

  it('tells deliveries apart as webhook list does', () => {
    const one = next({ receivedAt: now, event: 'order.created', attempts: [responded(500)] });
    expect(describe(summaryOf(one))).toEqual({
      name: `14:02:11      ${one.id.slice(0, 16)}  order.created`,
      description: expect.stringMatching(/B, failed$/),
    });
  });

  it('names what has no event by its request, and the day of an older one; no escape sequence is obeyed', () => {
    const request = { method: 'POST', path: '/\u001b[2J', headers: [], body: bytesOf('') };
    const one = next({ receivedAt: now - 86_400_000, event: null, request });
    expect(describe(summaryOf(one)).name).toBe(`Nov 21 14:02  ${one.id.slice(0, 16)}  POST /\\x1b[2J`);
  });
});
