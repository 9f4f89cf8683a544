import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Connection } from '../../../src/io/store/connection.js';
import { countAll, followTally, isTrue, noteTally } from '../../../src/io/store/tally.js';
import { deliverySource, selecting, temporaryStore } from './samples.js';

it('counts from what was noted down on, and takes out of it what was deleted', async () => {
  const store = temporaryStore();
  const connection = new Connection(store.path, { readOnly: false, mustExist: true, busyTimeout: 5_000, hurried: false });
  const next = deliverySource();
  const keep = async (count: number): Promise<void> => {
    const providers = ['stripe', null, "o'clock"];
    for (let index = 0; index < count; index++) {
      const verdict = { status: index % 2 === 0 ? 'valid' : 'unchecked', reason: null, message: '', diagnosis: [] } as const;
      await store.keep(next({ provider: providers[index % 3] ?? null, eventId: index % 5 === 0 ? 'same' : null, verdict }));
    }
  };
  const look = (): unknown => {
    const { groups, fresh } = countAll(connection);
    const total = groups.reduce((sum, { deliveries }) => sum + deliveries, 0);
    const repeated = groups.reduce((sum, { duplicates }) => sum + duplicates, 0);
    return { total, repeated, fresh, isTrue: isTrue(connection) };
  };
  await keep(30);
  expect(look()).toEqual({ total: 30, repeated: 2, fresh: 30, isTrue: true });
  connection.transact(() => followTally(connection));
  await keep(6);
  // An older one, whose id comes before all others.
  await store.keep(deliverySource()({ receivedAt: 1 }));
  expect(look()).toEqual({ total: 37, repeated: 4, fresh: 7, isTrue: true });

  const before = countAll(connection);
  store.remove(selecting({ last: 3 }));
  expect(look()).toEqual({ total: 34, repeated: 3, fresh: 7, isTrue: true });
  connection.transact(() => noteTally(connection, before));
  expect(look()).toMatchObject({ total: 34, fresh: 7 });

  connection.transact(() => followTally(connection));
  connection.run('UPDATE tally SET groups = replace(groups, \'"deliveries":\', \'"deliveries":1\')');
  expect(isTrue(connection)).toBe(false);
  expect(store.checkIntegrity()).toEqual(["Counts that 'webhook store' goes by are not those of what is kept."]);
  connection.close();
});

it('is true whatever was kept, noted down and deleted before, and in which order', async () => {
  const step = fc.oneof(
    fc.record({ keep: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ remove: fc.integer({ min: 1, max: 4 }), newest: fc.boolean() }),
    fc.constant({ note: true }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const store = temporaryStore();
      const connection = new Connection(store.path, { readOnly: false, mustExist: true, busyTimeout: 5_000, hurried: false });
      const next = deliverySource();
      const kept: string[] = [];
      for (const one of steps) {
        if ('keep' in one) {
          for (let index = 0; index < one.keep; index++) {
            const delivery = next({
              provider: kept.length % 2 === 0 ? 'stripe' : null,
              eventId: kept.length % 3 === 0 ? 'same' : null,
            });
            await store.keep(delivery);
            kept.push(delivery.id);
          }
        } else if ('remove' in one) {
          const gone = one.newest ? kept.splice(-one.remove) : kept.splice(0, one.remove);
          if (gone.length > 0) store.remove(selecting({ ids: gone }));
        } else connection.transact(() => followTally(connection));
        expect(isTrue(connection)).toBe(true);
        expect(store.info().deliveries).toBe(kept.length);
      }
      connection.close();
      await store.close();
    }),
    { numRuns: 30 },
  );
});
