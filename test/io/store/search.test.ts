import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { parseWhere } from '../../../src/core/delivery/where.js';
import { openStore, type Store } from '../../../src/io/store/store.js';
import { bytesOf, deliverySource, idsOf, selecting, temporaryStore } from './samples.js';

const request = (body: string): Delivery['request'] => ({ method: 'POST', path: '/', headers: [], body: bytesOf(body) });
/** As large as a slot takes, so that one body is one slot. */
const bodyOf = (index: number): string => `{"number":"n${index}n","text":"${'lorem ipsum '.repeat(110)}"}`;

async function fill(store: Store, count: number, next = deliverySource()): Promise<Delivery[]> {
  const deliveries = Array.from({ length: count }, (_, index) => next({ request: request(bodyOf(index)) }));
  await Promise.all(deliveries.map((delivery) => store.keep(delivery)));
  return deliveries;
}

async function indexAll(store: Store): Promise<void> {
  while (await store.index());
}

/** How many bodies the index covers, and how many segments it has. */
function indexed(path: string): [covered: number, segments: number] {
  const db = new Database(path);
  const [covered, segments] = db.prepare('SELECT ifnull(max(last), 0), count(*) FROM search_segments').raw().get([]) as [
    number,
    number,
  ];
  db.close();
  return [covered, segments];
}

const found = (store: Store, search: string): string[] => idsOf(store.summaries(selecting({ search })));

describe('search', () => {
  it('finds the same with an index, without one, and across what is in it and what is not', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const kept = await fill(store, 8_300, next);
    const look = (): unknown =>
      ['n17n', 'N17N', 'n8299n', 'n82', 'absent', 'n1', 'ipsum lorem'].map((text) => found(store, text));
    const before = look();
    await indexAll(store);
    expect(indexed(store.path)).toEqual([8_192, 1]);
    expect(look()).toEqual(before);
    expect(found(store, 'n17n')).toEqual([kept[17]?.id]);
    const late = next({ request: request('{"word":"Quetzalcoatlus"}') });
    await store.keep(late);
    expect(found(store, 'quetzalcoatlus')).toEqual([late.id]);
    expect(store.count(selecting({ search: 'n17n', event: 'order.*' }))).toBe(1);
    expect(store.count(selecting({ search: 'n17n', event: 'other' }))).toBe(0);
    expect(store.checkIntegrity()).toEqual([]);
    expect(found(store, '7')).toHaveLength(kept.filter((_, index) => String(index).includes('7')).length);
  }, 30_000);

  it('forgets what is deleted, and takes no body for the one that had its number before', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const kept = await fill(store, 8_300, next);
    await indexAll(store);
    expect(indexed(store.path)).toEqual([8_192, 1]);
    store.remove(selecting({ since: kept[8_000]?.receivedAt ?? 0 }));
    expect(indexed(store.path)).toEqual([0, 0]);
    const anew = next({ request: request('{"word":"anew"}') });
    await store.keep(anew);
    await indexAll(store);
    expect([found(store, 'anew'), found(store, 'n8000n'), found(store, 'n7999n')]).toEqual([[anew.id], [], [kept[7_999]?.id]]);
    expect(store.checkIntegrity()).toEqual([]);
  }, 30_000);

  it('gives up a segment where something was deleted while it was read, or another process was quicker', async () => {
    const store = temporaryStore();
    const other = temporaryStore(store.path);
    const next = deliverySource();
    const kept = await fill(store, 8_190, next);
    await indexAll(store);
    store.remove(selecting({ since: kept[8_180]?.receivedAt ?? 0 }));
    const late = await fill(store, 300, next);
    await indexAll(store);
    await indexAll(other);
    await indexAll(store);
    const [covered, segments] = indexed(store.path);
    expect([covered > 8_180, segments]).toEqual([true, 1]);
    expect(found(store, 'n3n').sort()).toEqual([kept[3]?.id, late[3]?.id].sort());
  }, 30_000);

  it('is checked with the store', async () => {
    const store = temporaryStore();
    await fill(store, 8_200);
    await indexAll(store);
    const db = new Database(store.path);
    db.exec(
      'DELETE FROM search_slices WHERE bits IS NOT NULL AND number = (SELECT max(number) FROM search_slices WHERE bits IS NOT NULL)',
    );
    db.close();
    expect(store.checkIntegrity()).toEqual([expect.stringMatching(/^Bodies that a search would miss: \d+\.$/)]);
  }, 30_000);

  it('drops segments about nothing', async () => {
    const store = temporaryStore();
    const kept = await fill(store, 8_400);
    await indexAll(store);
    store.remove(selecting({ until: kept[8_300]?.receivedAt ?? 0 }));
    expect(indexed(store.path)).toEqual([0, 0]);
    expect(found(store, 'n8333n')).toEqual([kept[8_333]?.id]);
  }, 30_000);

  it('finds bodies that an older form of the store kept', async () => {
    const store = temporaryStore();
    const kept = await fill(store, 5);
    await store.close();
    const db = new Database(store.path);
    db.exec('UPDATE contents SET id = NULL WHERE seq < 4');
    db.close();
    const again = openStore(store.path, { readOnly: true });
    expect(found(again, 'n2n')).toEqual([kept[2]?.id]);
    await again.close();
  });

  it('finds what bodies say at a place the same with an index as by reading each', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const bodies = [
      ...Array.from({ length: 9_000 }, (_, index) => bodyOf(index)),
      '{"number":"n17\\u006e"}',
      '{"n\\u0075mber" : "n17n", "x": 17}',
      `{"pad":"${'x'.repeat(3_000)}","number":"n17n","pad2":"${'y'.repeat(3_000)}","x":17}`,
    ];
    const kept = bodies.map((body) => next({ request: request(body) }));
    await Promise.all(kept.map((delivery) => store.keep(delivery)));
    const conditions = ['number=n17n', 'number=n8999n', 'number=absent', 'x=17', 'number=n17n|x=17'];
    const look = (): unknown =>
      conditions.map((one) => idsOf(store.summaries(selecting({ where: one.split('|').map((part) => parseWhere(part)) }))));
    const before = look();
    await indexAll(store);
    await store.keep(next({ request: request('{"number":"absent"}') }));
    store.remove(selecting({ last: 1 }));
    expect(indexed(store.path)[0]).toBeGreaterThan(8_000);
    expect(look()).toEqual(before);
    const last = kept.slice(-3).map(({ id }) => id);
    expect(before).toEqual([[kept[17]?.id, ...last], [kept[8_999]?.id], [], last.slice(1), last.slice(1)]);
  });
});
