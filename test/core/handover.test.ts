import { describe, expect, it } from 'vitest';
import type { Attempt, Delivery } from '../../src/core/delivery/delivery.js';
import { answerTo, type Delivering, type Handed, type HandoverOptions, handOver } from '../../src/core/handover.js';
import type { Arrival } from '../../src/core/identify.js';
import type { DeliveryQueue, NewQueueEntry } from '../../src/core/queue.js';
import type { SendOutcome } from '../../src/core/send.js';
import { answered, failed } from './outcomes.js';

const APP = 'http://localhost:3000/hooks';
const delivering: Delivering = {
  arrival: {
    request: { method: 'POST', path: '/in?x=1', headers: [['Host', 'a.example']], body: Buffer.from('{}') },
    remoteAddress: '10.0.0.1',
    protocol: 'http',
  } as unknown as Arrival,
  delivery: { id: 'dlv_1' } as Delivery,
  target: APP,
  timeoutMs: 2_000,
  patienceMs: 10_000,
};

/** @param outcomes of the tries, one after the other. */
async function hand(
  outcomes: readonly SendOutcome[],
  over: Partial<HandoverOptions> = {},
): Promise<{ handed: Handed; waits: number[]; made: Attempt[]; sent: string[] }> {
  const waits: number[] = [];
  const made: Attempt[] = [];
  const sent: string[] = [];
  let clock = 0;
  const handed = await handOver(
    {
      headers: [],
      publicUrl: () => null,
      queue: null,
      retry: [],
      send: async ({ url }, { timeoutMs }) => {
        sent.push(`${url} ${timeoutMs}`);
        return outcomes[sent.length - 1] ?? answered(299);
      },
      wait: async (ms) => {
        waits.push(ms);
        clock += ms;
      },
      now: () => clock,
      elapsed: () => clock,
      made: (attempt) => made.push(attempt),
      ...over,
    },
    delivering,
  );
  return { handed, waits, made, sent };
}

function fakeQueue(
  over: Partial<DeliveryQueue> = {},
): DeliveryQueue & { readonly added: Array<readonly [entry: NewQueueEntry, waitMs: number]> } {
  const added: Array<readonly [NewQueueEntry, number]> = [];
  return {
    added,
    holds: () => false,
    takes: () => true,
    add: async (entry, waitMs) => void added.push([entry, waitMs]),
    resume: () => {},
    close: async () => 0,
    ...over,
  };
}

describe('a delivery whose sender waits', () => {
  it('is handed over once, and the answer is the target’s', async () => {
    const { handed, made, sent } = await hand([answered(500)]);
    expect(sent).toEqual([`${APP}?x=1 2000`]);
    expect(made).toEqual(handed.attempts);
    expect(handed).toMatchObject({ queued: false, attempts: [{ target: `${APP}?x=1`, replay: false, status: 500 }] });
    expect(answerTo(handed)).toMatchObject({ status: 500, body: Buffer.from('said 500') });
  });

  it.each([
    ['refused', 502],
    ['reset', 502],
    ['tls', 502],
    ['timeout', 504],
  ] as const)('%s: %i at once, with a schedule too', async (reason, status) => {
    const { handed, waits } = await hand([failed(reason)], { retry: [1_000] });
    expect([answerTo(handed).status, handed.attempts.length, waits]).toEqual([status, 1, []]);
  });

  it('is tried again on a schedule while its sender waits, and gets the last answer', async () => {
    const { handed, waits } = await hand([answered(500), answered(404), answered(201)], { retry: [1_000, 2_000, 4_000] });
    expect([waits, handed.attempts.length, answerTo(handed).status]).toEqual([[1_000, 2_000], 3, 201]);
  });

  it('waits as long as the answer asks for, but not longer than the sender does', async () => {
    const busy = (seconds: number): SendOutcome => answered(503, [['Retry-After', String(seconds)]]);
    expect((await hand([busy(4)], { retry: [1_000] })).waits).toEqual([4_000]);
    const { handed, waits } = await hand([busy(4), busy(7)], { retry: [1_000, 1_000] });
    expect([waits, handed.attempts.length, answerTo(handed).status, handed.untriedMs]).toEqual([[4_000], 2, 503, 7_000]);
    // Nothing was left untried where there was nothing left to try, or no need to.
    for (const last of [503, 200])
      expect((await hand([busy(4), answered(last)], { retry: [1_000] })).handed.untriedMs).toBe(null);
  });
});

describe('with a queue', () => {
  it('is acknowledged once it waits there, because the target is down', async () => {
    const queue = fakeQueue();
    const { handed, made } = await hand([failed('refused')], { queue });
    // What the queue makes up for is no failure.
    expect(made).toEqual([]);
    expect(queue.added).toEqual([
      [{ id: 'dlv_1', target: APP, remoteAddress: '10.0.0.1', protocol: 'http', tries: 0, begun: false }, 0],
    ]);
    expect(answerTo(handed)).toMatchObject({ status: 202, body: Buffer.from('{"queued":true}') });
    expect(handed.attempts).toHaveLength(1);
  });

  it('is marked where it was cut off in the middle: it may have arrived', async () => {
    const queue = fakeQueue();
    await hand([failed('reset')], { queue });
    expect(queue.added[0]?.[0]).toMatchObject({ begun: true });
  });

  it('does not overtake what waits already', async () => {
    const queue = fakeQueue({ holds: (target) => target === APP });
    const { handed, sent } = await hand([], { queue });
    expect([sent, handed.queued, handed.attempts, queue.added.length]).toEqual([[], true, [], 1]);
  });

  it('waits there for its next try, as long as the schedule or the answer says', async () => {
    const queue = fakeQueue();
    const { handed, waits } = await hand([answered(503)], { queue, retry: [1_000] });
    await hand([answered(503, [['Retry-After', '9']])], { queue, retry: [1_000] });
    expect(queue.added.map(([{ tries }, waitMs]) => [tries, waitMs])).toEqual([
      [1, 1_000],
      [1, 9_000],
    ]);
    expect([waits, answerTo(handed).status]).toEqual([[], 202]);
  });

  it('passes on what the queue does not take', async () => {
    const queue = fakeQueue({ takes: () => false });
    const { handed, made } = await hand([failed('timeout')], { queue });
    expect([handed.queued, answerTo(handed).status, queue.added, made.length]).toEqual([false, 504, [], 1]);
  });

  it('whose store fails is not acknowledged', async () => {
    const queue = fakeQueue({ add: () => Promise.reject(new Error('The disk is full.')) });
    await expect(hand([failed('refused')], { queue })).rejects.toThrow('The disk is full.');
  });
});
