import { describe, expect, it } from 'vitest';
import type { Attempt, Delivery } from '../../src/core/delivery/delivery.js';
import {
  createQueue,
  type DeliveryQueue,
  type NewQueueEntry,
  type QueueEntry,
  type QueueEvent,
  type QueueOptions,
  type QueueStore,
} from '../../src/core/queue.js';
import type { SendOutcome } from '../../src/core/send.js';
import { testClock } from '../support/clock.js';
import { answered, failed } from './outcomes.js';

const APP = 'http://localhost:3000/hooks';
const delivery = (id: string): Delivery => ({ id, provider: null, attempts: [] }) as unknown as Delivery;

/** A store that is a list; it holds over a restart of the queue. */
function memoryStore(): QueueStore & { readonly entries: QueueEntry[]; fail: boolean; readonly attempts: Attempt[] } {
  const entries: QueueEntry[] = [];
  const attempts: Attempt[] = [];
  let numbers = 0;
  const change = (entry: QueueEntry, over: Partial<QueueEntry>): void => {
    const at = entries.findIndex(({ number }) => number === entry.number);
    entries[at] = { ...(entries[at] as QueueEntry), ...over };
  };
  return {
    entries,
    attempts,
    fail: false,
    waiting: () => {
      const counts = new Map<string, number>();
      for (const { target } of entries) counts.set(target, (counts.get(target) ?? 0) + 1);
      return counts;
    },
    async add({ id, ...entry }) {
      if (this.fail) throw new Error('The disk is full.');
      entries.push({ ...entry, number: numbers++, delivery: delivery(id) });
    },
    next: (target, after) =>
      entries.find((entry) => entry.target === target && (after === undefined || entry.delivery.id > after.delivery.id)) ?? null,
    async begin(entry) {
      if (this.fail) throw new Error('The disk is full.');
      change(entry, { begun: true });
    },
    async settle(entry, attempt, next) {
      attempts.push(attempt);
      if (next.again) change(entry, { begun: next.begun, tries: entry.tries + (attempt.outcome === 'responded' ? 1 : 0) });
      else entries.splice(entries.indexOf(entries.find(({ number }) => number === entry.number) as QueueEntry), 1);
    },
  };
}

const waits = (id: string, over: Partial<NewQueueEntry> = {}): NewQueueEntry => ({
  id,
  target: APP,
  remoteAddress: '127.0.0.1',
  protocol: 'http',
  tries: 0,
  begun: false,
  ...over,
});

interface Stage {
  readonly queue: DeliveryQueue;
  readonly clock: ReturnType<typeof testClock>;
  readonly store: ReturnType<typeof memoryStore>;
  /** What was sent, and when. */
  readonly sent: Array<readonly [at: number, id: string]>;
  readonly events: QueueEvent[];
  /** Whether the app accepts connections. */
  up: boolean;
  end(): Promise<number>;
}

function stage(
  answer: (id: string, count: number) => SendOutcome = () => answered(200),
  over: Partial<QueueOptions> = {},
): Stage {
  const clock = testClock();
  const ending = new AbortController();
  const store = memoryStore();
  const sent: Stage['sent'] = [];
  const events: QueueEvent[] = [];
  const queue = createQueue({
    store,
    send: async ({ url }) => {
      const id = url.split('#')[1] as string;
      sent.push([clock.elapsed(), id]);
      return answer(id, sent.length);
    },
    request: ({ delivery: { id } }) => ({ method: 'POST', url: `${APP}#${id}`, headers: [], body: new Uint8Array() }),
    timeoutMs: () => 10_000,
    reaches: async () => one.up,
    retry: [],
    wait: (ms) => clock.sleep(ms, ending.signal),
    now: () => clock.elapsed(),
    random: () => 0.5,
    on: (event) => events.push(event),
    ...over,
  });
  const one: Stage = {
    queue,
    clock,
    store,
    sent,
    events,
    up: false,
    end() {
      ending.abort();
      return queue.close();
    },
  };
  return one;
}

const states = ({ events }: Stage): unknown[] =>
  events.flatMap((event) => {
    if (event.type !== 'queue') return [];
    const { type: _type, target: _target, state, waiting, ...more } = event;
    return [[state, waiting, ...Object.values(more)]];
  });

describe('what waits for a target that is down', () => {
  it('is handed on in order once it is back, and that is told', async () => {
    const one = stage();
    for (const id of ['a', 'b', 'c']) await one.queue.add(waits(id), 0);
    expect(one.queue.holds(APP)).toBe(true);
    await one.clock.pass(20_000);
    expect([one.sent, states(one)]).toEqual([[], [['waiting', 3, null]]]);
    one.up = true;
    await one.clock.pass(5_000);
    expect(one.sent.map(([, id]) => id)).toEqual(['a', 'b', 'c']);
    expect(states(one)).toEqual([
      ['waiting', 3, null],
      ['delivering', 3, true],
      ['empty', 0, 0],
    ]);
    expect([one.queue.holds(APP), one.store.entries]).toEqual([false, []]);
    expect(one.store.attempts.every(({ target, replay }) => target.startsWith(APP) && !replay)).toBe(true);
  });

  it('is looked for ever less often, every five seconds at the least', async () => {
    const looks: number[] = [];
    const one = stage(undefined, { reaches: async () => looks.push(one.clock.elapsed()) === 0 });
    await one.queue.add(waits('a'), 0);
    await one.clock.pass(30_000);
    expect(looks).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 12_750, 17_750, 22_750, 27_750]);
    await one.end();
  });

  it('waits for its own target only', async () => {
    const one = stage(undefined, { reaches: async (target) => target === 'http://b' });
    await one.queue.add(waits('a'), 0);
    await one.queue.add(waits('b', { target: 'http://b' }), 0);
    await one.clock.pass(1_000);
    expect(one.sent.map(([, id]) => id)).toEqual(['b']);
    expect([one.queue.holds(APP), one.queue.holds('http://b')]).toEqual([true, false]);
    expect(await one.end()).toBe(1);
  });

  it('that was deleted meanwhile is not waited for', async () => {
    const one = stage();
    await one.queue.add(waits('a'), 0);
    await one.clock.pass(0);
    one.store.entries.splice(0);
    await one.clock.pass(5_000);
    expect([one.sent, states(one)]).toEqual([
      [],
      [
        ['waiting', 1, null],
        ['empty', 0, 0],
      ],
    ]);
  });

  it('is told to be so once it was looked, and after the delivery that opened the queue', async () => {
    const one = stage();
    one.up = true;
    await one.queue.add(waits('a'), 0);
    expect(one.events).toEqual([]);
    await one.clock.pass(5_000);
    expect(states(one)).toEqual([
      ['delivering', 1, false],
      ['empty', 0, 0],
    ]);
  });

  it('that could not be put into the store: nothing is said of its queue', async () => {
    const one = stage();
    one.store.fail = true;
    await expect(one.queue.add(waits('a'), 0)).rejects.toThrow('The disk is full.');
    await one.clock.pass(5_000);
    expect([one.events, one.queue.holds(APP)]).toEqual([[], false]);
  });

  it('goes down in the middle of it: the rest waits, what was cut off may have arrived, and that is said', async () => {
    const one = stage((id, count) => (id === 'b' && count === 2 ? failed('reset') : answered(200)));
    one.up = true;
    for (const id of ['a', 'b', 'c']) await one.queue.add(waits(id), 0);
    await one.clock.pass(10_000);
    expect(one.sent.map(([, id]) => id)).toEqual(['a', 'b', 'b', 'c']);
    expect(one.store.attempts.map(({ replay }) => replay)).toEqual([false, false, true, false]);
    const warnings = one.events.flatMap((event) => (event.type === 'warning' ? [[event.code, event.message]] : []));
    expect(warnings).toEqual([['maybe_delivered_twice', `b may have reached ${APP} before; it is handed over again.`]]);
    // It was there all the time.
    expect(states(one)).toEqual([
      ['delivering', 3, false],
      ['empty', 0, 0],
    ]);
  });

  it('that has a secret in its URL is told of without', async () => {
    const target = 'http://localhost:3000/hooks?token=canary';
    const one = stage((_id, count) => (count === 1 ? failed('reset') : answered(200)));
    one.up = true;
    await one.queue.add(waits('a', { target }), 0);
    await one.clock.pass(10_000);
    const warnings = one.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([expect.stringContaining('http://localhost:3000/hooks?token=[redacted]')]);
  });

  it('cuts one off each time: once the one behind it got through, that one is set aside', async () => {
    const one = stage((id) => (id === 'a' || id === 'c' ? failed('reset') : answered(200)));
    one.up = true;
    for (const id of ['a', 'b', 'c', 'd']) await one.queue.add(waits(id), 0);
    await one.clock.pass(600_000);
    const fourTries = [0, 1_000, 6_000, 21_000];
    expect(one.sent).toEqual([
      ...fourTries.map((at) => [at, 'a']),
      [21_000, 'b'],
      [21_000, 'a'],
      ...fourTries.map((after) => [21_000 + after, 'c']),
      [42_000, 'd'],
      [42_000, 'c'],
    ]);
    const last = one.events.filter((event) => event.type === 'attempt').filter(({ again }) => again === null);
    expect(last.map(({ delivery, target, attempt }) => [delivery.id, target, attempt.outcome])).toEqual([
      ['b', APP, 'responded'],
      ['a', APP, 'failed'],
      ['d', APP, 'responded'],
      ['c', APP, 'failed'],
    ]);
    expect(states(one)).toEqual([
      ['delivering', 4, false],
      ['empty', 0, 2],
    ]);
    expect(one.store.entries).toEqual([]);
    // The first time to each, nobody had it before.
    expect(one.events.filter((event) => event.type === 'warning')).toHaveLength(8);
  });

  it('cuts off all of them, as a proxy before an app that is down does: none is set aside, and they go in their order once it is back', async () => {
    let isBack = false;
    const one = stage(() => (isBack ? answered(200) : failed('reset')));
    one.up = true;
    for (const id of ['a', 'b', 'c']) await one.queue.add(waits(id), 0);
    await one.clock.pass(3_600_000);
    expect(one.store.entries).toHaveLength(3);
    expect(one.sent.filter(([, id]) => id === 'c')).toEqual([]);
    isBack = true;
    one.sent.splice(0);
    await one.clock.pass(60_000);
    expect(one.sent.map(([, id]) => id)).toEqual(['a', 'b', 'c']);
    expect([one.store.entries, states(one).at(-1)]).toEqual([[], ['empty', 0, 0]]);
  });

  it('cuts off the only one: it waits for another to tell whether that is its doing', async () => {
    const one = stage((id) => (id === 'a' ? failed('reset') : answered(200)));
    one.up = true;
    await one.queue.add(waits('a'), 0);
    await one.clock.pass(3_600_000);
    expect(one.store.entries).toHaveLength(1);
    await one.queue.add(waits('b'), 0);
    await one.clock.pass(60_000);
    expect([one.store.entries, states(one).at(-1)]).toEqual([[], ['empty', 0, 1]]);
  });

  it('is down between the times it cuts one off: that one breaks it, and is set aside all the same', async () => {
    const one = stage((id) => (id === 'a' ? failed('reset') : answered(200)), {
      // It starts anew for three seconds each time.
      reaches: async () => one.clock.elapsed() >= (one.sent.findLast(([, id]) => id === 'a')?.[0] ?? -3_000) + 3_000,
    });
    for (const id of ['a', 'b']) await one.queue.add(waits(id), 0);
    await one.clock.pass(600_000);
    expect(one.store.entries).toEqual([]);
    expect(states(one).at(-1)).toEqual(['empty', 0, 1]);
  });

  it('that refused it has not got it: no word of twice', async () => {
    const one = stage((_id, count) => (count === 1 ? failed('refused') : answered(200)));
    one.up = true;
    await one.queue.add(waits('a'), 0);
    await one.clock.pass(10_000);
    expect(one.sent).toHaveLength(2);
    expect(one.events.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  it('that is slow has it: it is not handed over again', async () => {
    const one = stage(() => failed('timeout'));
    one.up = true;
    await one.queue.add(waits('a'), 0);
    await one.clock.pass(60_000);
    expect(one.sent).toHaveLength(1);
    expect(one.events.find(({ type }) => type === 'attempt')).toMatchObject({ again: null });
  });
});

describe('answers that are not 2xx', () => {
  it('are the end of it without a schedule', async () => {
    const one = stage(() => answered(500));
    one.up = true;
    await one.queue.add(waits('a'), 0);
    await one.clock.pass(60_000);
    expect([one.sent.length, one.store.entries]).toEqual([1, []]);
    expect(states(one).at(-1)).toEqual(['empty', 0, 1]);
  });

  it('are tried again on a schedule, and what waits behind keeps its place', async () => {
    const one = stage((_id, count) => answered(count < 3 ? 500 : 200), { retry: [1_000, 5_000] });
    one.up = true;
    await one.queue.add(waits('a'), 0);
    await one.queue.add(waits('b'), 0);
    await one.clock.pass(60_000);
    expect(one.sent).toEqual([
      [0, 'a'],
      [1_000, 'a'],
      [6_000, 'a'],
      [6_000, 'b'],
    ]);
    const again = one.events.flatMap((event) => (event.type === 'attempt' ? [event.again] : []));
    expect(again).toEqual([1_000, 5_000, null, null]);
  });

  it('that ask for patience get it', async () => {
    const one = stage((_id, count) => (count === 1 ? answered(503, [['Retry-After', '30']]) : answered(200)), { retry: [1_000] });
    one.up = true;
    await one.queue.add(waits('a'), 0);
    await one.clock.pass(60_000);
    expect(one.sent.map(([at]) => at)).toEqual([0, 30_000]);
  });

  it('that came before it was queued: its first try out of the queue comes when it is due', async () => {
    const one = stage(() => answered(500), { retry: [1_000, 5_000] });
    one.up = true;
    await one.queue.add(waits('a', { tries: 1 }), 1_000);
    await one.clock.pass(60_000);
    expect(one.sent.map(([at]) => at)).toEqual([1_000, 6_000]);
    expect(states(one)).toEqual([
      ['waiting', 1, 1_000],
      ['delivering', 1, false],
      ['empty', 0, 1],
    ]);
  });
});

describe('takes', () => {
  const attempt = (outcome: SendOutcome): Attempt => ({ ...outcome, target: APP, replay: false });

  it('what a target that is down did not get; what it refused, only with a schedule', () => {
    const bare = stage().queue;
    const retrying = stage(undefined, { retry: [1_000] }).queue;
    const cases = [failed('refused'), failed('reset'), failed('timeout'), answered(200), answered(302), answered(500)].map(
      attempt,
    );
    expect(cases.map(bare.takes)).toEqual([true, true, false, false, false, false]);
    expect(cases.map(retrying.takes)).toEqual([true, true, false, false, true, true]);
  });
});

describe('over a restart', () => {
  it('goes on with what is left for its targets, in order, and says what may have arrived', async () => {
    const one = stage();
    await one.store.add(waits('a', { begun: true }));
    await one.store.add(waits('b'));
    await one.store.add(waits('c', { target: 'http://elsewhere' }));
    one.up = true;
    one.queue.resume([APP]);
    one.queue.resume([APP]);
    await one.clock.pass(5_000);
    expect(one.sent.map(([, id]) => id)).toEqual(['a', 'b']);
    expect(one.store.attempts.map(({ replay }) => replay)).toEqual([true, false]);
    expect(one.events.filter(({ type }) => type === 'warning')).toHaveLength(1);
    expect(one.store.entries.map(({ delivery: { id } }) => id)).toEqual(['c']);
  });

  it('ends with what is being handed on, and what waits stays', async () => {
    let answer = (_outcome: SendOutcome): void => {};
    const one = stage(undefined, {
      send: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    one.up = true;
    for (const id of ['a', 'b']) await one.queue.add(waits(id), 0);
    await one.clock.pass(0);
    const closing = one.end();
    answer(answered(200));
    expect(await closing).toBe(1);
    expect(one.store.entries.map(({ delivery: { id }, begun }) => [id, begun])).toEqual([['b', false]]);
  });
});

describe('a store that fails', () => {
  it('is told, and the queue goes on when it works again', async () => {
    const one = stage();
    one.up = true;
    await one.queue.add(waits('a'), 0);
    one.store.fail = true;
    await one.clock.pass(1_000);
    expect(one.events).toContainEqual({
      type: 'warning',
      code: 'queue_stuck',
      message: `The disk is full. The queue for ${APP} waits until it works again.`,
    });
    expect(one.sent).toEqual([]);
    await expect(one.queue.add(waits('b'), 0)).rejects.toThrow('The disk is full.');
    one.store.fail = false;
    await one.clock.pass(10_000);
    expect(one.sent.map(([, id]) => id)).toEqual(['a']);
    expect(one.queue.holds(APP)).toBe(false);
  });
});
