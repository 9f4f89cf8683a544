import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import type { NewQueueEntry, QueueEntry } from '../../../src/core/queue.js';
import type { StoreQueue } from '../../../src/io/store/queue.js';
import { encode } from '../../../src/io/store/rows.js';
import { openStore, type Store } from '../../../src/io/store/store.js';
import { deliverySource, refused, responded, selecting, temporaryDirectory, temporaryStore } from './samples.js';

const APP = 'http://localhost:3000/hooks';
const waits = (id: string, over: Partial<NewQueueEntry> = {}): NewQueueEntry => ({
  id,
  target: APP,
  remoteAddress: '10.0.0.1',
  protocol: 'https',
  tries: 0,
  begun: false,
  ...over,
});

/** A queue of its own owner, with so many deliveries in it. */
async function filled(
  count: number,
  store: Store = temporaryStore(),
): Promise<{ store: Store; queue: StoreQueue; ids: string[] }> {
  const next = deliverySource();
  const queue = store.queue('me');
  queue.claim([APP]);
  const kept = Array.from({ length: count }, () => next());
  for (const delivery of kept) await store.keep(delivery);
  // In whatever order they are queued, their turn is that of their arrival.
  for (const { id } of [...kept].reverse()) await queue.add(waits(id));
  return { store, queue, ids: kept.map(({ id }) => id) };
}

async function keptIn(store: Store): Promise<Delivery> {
  const delivery = deliverySource()();
  await store.keep(delivery);
  return delivery;
}

describe('what waits', () => {
  it('comes out whole, in the order of arrival', async () => {
    const { store, queue, ids } = await filled(3);
    expect(queue.waiting()).toEqual(new Map([[APP, 3]]));
    const entry = queue.next(APP);
    expect(entry).toEqual({
      number: expect.any(Number),
      target: APP,
      delivery: store.get(ids[0] as string),
      remoteAddress: '10.0.0.1',
      protocol: 'https',
      tries: 0,
      begun: false,
    });
    expect(queue.next('http://elsewhere')).toBe(null);
    const second = queue.next(APP, entry as QueueEntry);
    expect(second?.delivery.id).toBe(ids[1]);
    expect(queue.next(APP, queue.next(APP, second as QueueEntry) as QueueEntry)).toBe(null);
  });

  it('is told of in what is read of the store, and of which targets', async () => {
    const { store, queue, ids } = await filled(2);
    const [first, second] = ids as [string, string];
    await queue.add(waits(second, { target: 'http://elsewhere' }));
    const told = (): unknown => [...store.summaries(selecting({}))].map((row) => row.waits);
    expect([told(), store.queuedFor(first), store.queuedFor(second)]).toEqual([[true, true], [APP], ['http://elsewhere', APP]]);
    const entry = queue.next(APP);
    if (entry !== null) await queue.settle(entry, responded(200), { again: false });
    expect([told(), store.queuedFor(first)]).toEqual([[false, true], []]);
  });

  it('is noted before it is handed over, and goes with its attempt when it is settled', async () => {
    const { store, queue, ids } = await filled(2);
    const [first, second] = ids as [string, string];
    const entry = queue.next(APP);
    if (entry === null) throw new Error('nothing waits');
    await queue.begin(entry);
    expect(queue.next(APP)).toMatchObject({ delivery: { id: first }, begun: true });
    await queue.settle(entry, refused(), { again: true, begun: false });
    expect(queue.next(APP)).toMatchObject({ delivery: { id: first }, begun: false, tries: 0 });
    await queue.settle(entry, responded(500), { again: true, begun: false });
    expect(queue.next(APP)).toMatchObject({ tries: 1 });
    await queue.settle(entry, responded(200), { again: false });
    expect(queue.next(APP)).toMatchObject({ delivery: { id: second } });
    expect(store.get(first)?.attempts).toEqual([refused(), responded(500), responded(200)]);
    expect(queue.waiting()).toEqual(new Map([[APP, 1]]));
  });

  it('that was deleted is passed over, and forgotten', async () => {
    const { store, queue, ids } = await filled(2);
    await store.remove(selecting({ ids: [ids[0] as string] }));
    expect(queue.next(APP)).toMatchObject({ delivery: { id: ids[1] } });
    expect(queue.waiting()).toEqual(new Map([[APP, 1]]));
  });

  it('is there for the next run', async () => {
    const path = join(temporaryDirectory(), 'deliveries.db');
    const before = openStore(path);
    const { queue, ids } = await filled(2, before);
    const entry = queue.next(APP);
    if (entry !== null) await queue.begin(entry);
    await before.close();
    const after = temporaryStore(path).queue('another run');
    expect(after.waiting()).toEqual(new Map([[APP, 2]]));
    expect(after.next(APP)).toMatchObject({ delivery: { id: ids[0] }, begun: true });
  });
});

describe('what was left', () => {
  it('is what nobody hands on: not that of a run which goes on', async () => {
    const store = temporaryStore();
    const claim = store.queue('me').claim([APP]);
    const { id } = await keptIn(store);
    await store.queue('me').add(waits(id));
    await store.queue('me').add(waits(id, { target: 'http://elsewhere' }));
    expect(store.leftInQueue(Date.now())).toEqual(new Map([['http://elsewhere', 1]]));
    await claim.release();
    expect(store.leftInQueue(Date.now())).toEqual(
      new Map([
        [APP, 1],
        ['http://elsewhere', 1],
      ]),
    );
  });
});

describe('whose it is', () => {
  const NOW = 1_795_356_131_000;

  /** A store in which a run of another process has the queue. */
  function takenStore(pid: number, { host = hostname(), seenAt = NOW, target = APP } = {}): Store {
    const path = join(temporaryDirectory(), 'deliveries.db');
    const store = temporaryStore(path);
    const db = new Database(path);
    const insert = 'INSERT INTO queue_owners (target, owner, host, pid, seen_at) VALUES (?, ?, ?, ?, ?)';
    // As the store writes texts and whole numbers.
    db.prepare(insert).run(encode(target), encode('another'), encode(host), BigInt(pid), seenAt);
    db.close();
    return store;
  }
  const claim = (store: Store, now = NOW): (() => unknown) => {
    return () => store.queue('mine').claim([APP], () => now);
  };
  const taken = expect.objectContaining({ code: 'queue_taken', hint: expect.stringContaining('--store') }) as Error;
  /** The number of a process that has ended. */
  const dead = spawnSync(process.execPath, ['-e', '']).pid;

  it('another’s, while that one runs', () => {
    expect(claim(takenStore(process.ppid))).toThrow(taken);
    expect(claim(takenStore(process.ppid, { target: 'http://elsewhere' }))).not.toThrow();
  });

  it('free once that one has ended, or has hung for long', () => {
    expect(claim(takenStore(dead))).not.toThrow();
    expect(claim(takenStore(process.ppid, { seenAt: NOW - 30_001 }))).not.toThrow();
    // Not so after a clock was set back by a little.
    expect(claim(takenStore(process.ppid, { seenAt: NOW + 1_000 }))).toThrow(taken);
  });

  it('on another machine it is a matter of time alone', () => {
    expect(claim(takenStore(dead, { host: 'elsewhere' }))).toThrow(taken);
    expect(claim(takenStore(dead, { host: 'elsewhere', seenAt: NOW - 30_001 }))).not.toThrow();
  });

  it('another run’s in this process, until that one releases it; a number that was ours before is nobody’s', async () => {
    const store = temporaryStore();
    const first = store.queue('first').claim([APP]);
    expect(() => store.queue('second').claim([APP])).toThrow(taken);
    await first.release();
    await store.queue('second').claim([APP]).release();
    expect(claim(takenStore(process.pid))).not.toThrow();
  });

  it('of several targets, all or none is claimed', () => {
    const store = takenStore(process.ppid);
    expect(() => store.queue('mine').claim(['http://a', APP], () => NOW)).toThrow(taken);
    expect(() => store.queue('another one').claim(['http://a'], () => NOW)).not.toThrow();
  });

  it('once it is another’s, nothing is handed on any more', async () => {
    const { store, queue } = await filled(1);
    const entry = queue.next(APP);
    if (entry === null) throw new Error('nothing waits');
    // It had hung for so long that another run took over.
    store.queue('another').claim([APP], () => Date.now() + 60_000);
    await expect(queue.begin(entry)).rejects.toMatchObject({ code: 'queue_taken' });
    expect(queue.next(APP)).toMatchObject({ begun: false });
  });
});
