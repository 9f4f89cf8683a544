import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Delivery } from '../../../src/core/delivery/delivery.js';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import { MIGRATIONS } from '../../../src/io/store/schema.js';
import { bytesOf, deliverySource, idsOf, refused, responded, START, selecting, temporaryStore } from './samples.js';

const ANSWER: Answer = { status: 201, headers: [['X-A', '1']], body: bytesOf('{"received":true}'), durationMs: 12.1 };

describe('keep and get', () => {
  it('gives back what was kept, whatever its text and bytes', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const anyText = fc
      .string({ unit: 'binary', maxLength: 20 })
      .map((text) => `${text}\0\x10\ud800`.slice(0, text.length % 4 === 0 ? undefined : -3));
    const anyBytes = fc.uint8Array({ maxLength: 40 });
    const status = fc.integer({ min: 100, max: 599 });
    const headers = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 8 }), anyText), { maxLength: 4 });
    const attempt = fc.oneof(
      fc.tuple(status, headers, anyBytes).map(([code, list, body]) => ({ ...responded(code), headers: list, body })),
      anyText.map((message) => ({ ...refused(), message })),
    );
    const finding = fc.tuple(anyText, anyText, fc.option(anyText)).map(([code, message, hint]) => ({ code, message, hint }));
    const answer = fc
      .tuple(status, headers, anyBytes, fc.nat({ max: 1e7 }))
      .map(([code, list, body, durationMs]) => ({ status: code, headers: list, body, durationMs: durationMs / 10 }));
    const delivery = fc
      .record(
        {
          origin: fc.constantFrom<Delivery['origin'][]>('received', 'triggered', 'imported'),
          receivedAt: fc.integer({ min: 0, max: 4e12 }),
          provider: fc.option(anyText),
          event: fc.option(anyText),
          eventId: fc.option(fc.uuid()),
          duplicateOf: fc.option(anyText),
          request: fc
            .tuple(anyText, anyText, headers, anyBytes)
            .map(([method, path, list, body]) => ({ method, path, headers: list, body })),
          verdict: fc
            .tuple(
              fc.constantFrom<Delivery['verdict']['status'][]>('valid', 'invalid', 'unchecked'),
              fc.constantFrom<Delivery['verdict']['reason'][]>(null, 'mismatch', 'no_secret'),
              anyText,
              fc.array(finding, { maxLength: 2 }),
            )
            .map(([verdict, reason, message, diagnosis]) => ({ status: verdict, reason, message, diagnosis })),
          response: fc.option(answer),
          attempts: fc.array(attempt, { maxLength: 3 }),
        },
        { noNullPrototype: true },
      )
      .map((part): Delivery => ({ ...next(), ...part }));
    await fc.assert(
      fc.asyncProperty(delivery, async (given) => {
        await store.keep(given);
        expect(store.get(given.id)).toStrictEqual(given);
      }),
      { numRuns: 200 },
    );
    expect(store.checkIntegrity()).toEqual([]);
  });

  it('keeps 20 MB and an empty body byte for byte', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const body = new Uint8Array(20_000_000).map((_, index) => (index * 31) & 0xff);
    const large = next({ request: { method: 'POST', path: '/', headers: [], body } });
    const empty = next({ request: { method: 'POST', path: '/', headers: [], body: new Uint8Array(0) } });
    await Promise.all([store.keep(large), store.keep(empty)]);
    expect(Buffer.compare(store.get(large.id)?.request.body ?? new Uint8Array(0), body)).toBe(0);
    expect(store.get(empty.id)?.request.body).toStrictEqual(new Uint8Array(0));
    expect([...store.summaries(EVERYTHING)].map(({ bodySize }) => bodySize)).toEqual([20_000_000, 0]);
  });

  it('keeps what a view of a larger buffer shows, and no more', async () => {
    const store = temporaryStore();
    const body = bytesOf('before{}after').subarray(6, 8);
    const delivery = deliverySource()({ request: { method: 'POST', path: '/', headers: [], body } });
    await store.keep(delivery);
    expect(store.get(delivery.id)?.request.body).toStrictEqual(bytesOf('{}'));
  });

  it('refuses an id that is there already, and keeps the others of the same commit', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const [first, second] = [next(), next()];
    const settled = await Promise.allSettled([store.keep(first), store.keep({ ...first, event: 'other' }), store.keep(second)]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(store.keep(first)).rejects.toMatchObject({
      code: 'input_malformed',
      message: expect.stringContaining(first.id),
    });
    expect(store.get(first.id)?.event).toBe('order.created');
    expect(idsOf(store.select(EVERYTHING))).toEqual([first.id, second.id]);
    expect(store.checkIntegrity()).toEqual([]);
    expect([store.has(first.id), store.has('dlv_none'), store.get('dlv_none')]).toEqual([true, false, null]);
  });
});

describe('duplicates', () => {
  it('names the first delivery of the same provider and event id, in one commit or in several', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const same = [next({ eventId: 'wh_1' }), next({ eventId: 'wh_1' }), next({ eventId: 'wh_1' })];
    const [first, second, third] = same;
    if (first === undefined || second === undefined || third === undefined) throw new Error('unreachable');
    expect(await Promise.all([store.keep(first), store.keep(second)])).toEqual([
      { duplicateOf: null },
      { duplicateOf: first.id },
    ]);
    expect(await store.keep(third)).toEqual({ duplicateOf: first.id });
    expect([...store.select(EVERYTHING)].map(({ duplicateOf }) => duplicateOf)).toEqual([null, first.id, first.id]);
  });

  it('does not take for one what only looks alike', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    await store.keep(next({ eventId: 'wh_1' }));
    const others = [
      next({ eventId: 'wh_1', provider: 'printone' }),
      next({ eventId: 'wh_1', provider: null }),
      next({ eventId: 'wh_1', origin: 'triggered' }),
      next({ eventId: 'wh_1\0' }),
      next({ eventId: 'WH_1' }),
      next({ eventId: null }),
      next({ eventId: null }),
    ];
    expect(await Promise.all(others.map((one) => store.keep(one)))).toEqual(others.map(() => ({ duplicateOf: null })));
  });

  it('keeps what a delivery says of itself', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    await store.keep(next({ eventId: 'wh_1' }));
    const imported = next({ eventId: 'wh_1', duplicateOf: 'dlv_elsewhere' });
    expect(await store.keep(imported)).toEqual({ duplicateOf: 'dlv_elsewhere' });
    expect(store.get(imported.id)?.duplicateOf).toBe('dlv_elsewhere');
  });
});

describe('finish', () => {
  it('records the answer and adds attempts in their order', async () => {
    const store = temporaryStore();
    const delivery = deliverySource()();
    const kept = store.keep(delivery);
    await Promise.all([kept, store.finish(delivery.id, { response: ANSWER, attempts: [responded(200)] })]);
    await store.finish(delivery.id, { attempts: [refused(), responded(500, 'no')] });
    expect(store.get(delivery.id)).toStrictEqual({
      ...delivery,
      response: ANSWER,
      attempts: [responded(200), refused(), responded(500, 'no')],
    });
    expect([...store.summaries(EVERYTHING)]).toMatchObject([
      { attempts: 3, failed: true, lastAttempt: { outcome: 'responded', status: 500 }, responseStatus: 201, responseMs: 12.1 },
    ]);
    await store.finish(delivery.id, { attempts: [refused()] });
    expect([...store.summaries(EVERYTHING)]).toMatchObject([{ attempts: 4, lastAttempt: { outcome: 'failed', status: null } }]);
  });

  it('puts a later answer in place of one that was kept with the delivery', async () => {
    const store = temporaryStore();
    const delivery = deliverySource()({ response: { ...ANSWER, status: 200, headers: [], body: bytesOf('old') } });
    await store.keep(delivery);
    await store.finish(delivery.id, { response: ANSWER });
    expect(store.get(delivery.id)?.response).toStrictEqual(ANSWER);
    await store.finish(delivery.id, { attempts: [responded(204)] });
    expect(store.get(delivery.id)).toStrictEqual({ ...delivery, response: ANSWER, attempts: [responded(204)] });
  });

  it('leaves a removed delivery removed', async () => {
    const store = temporaryStore();
    await store.finish('dlv_gone', { response: ANSWER, attempts: [refused()] });
    expect(store.count(EVERYTHING)).toBe(0);
    expect(store.checkIntegrity()).toEqual([]);
  });
});

describe('resolve', () => {
  it('finds the one id that begins so, with or without dlv_, in any case', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const [first, second] = [next(), next({ receivedAt: START + 5e9 })];
    await Promise.all([store.keep(first), store.keep(second)]);
    const start = second.id.slice(0, 14);
    expect(first.id.startsWith(start)).toBe(false);
    for (const prefix of [start, start.slice(4), start.toLowerCase(), start.slice(4).toLowerCase(), second.id]) {
      expect(store.resolve(prefix)).toBe(second.id);
    }
  });

  it('says which ids there are where it is several, and how to go on where it is none', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const deliveries = Array.from({ length: 7 }, () => next());
    await Promise.all(deliveries.map((one) => store.keep(one)));
    expect(() => store.resolve('dlv_')).toThrow(
      expect.objectContaining({ code: 'selection_ambiguous', message: expect.stringContaining(`${deliveries[0]?.id}, `) }),
    );
    expect(() => store.resolve('dlv_')).toThrow(/and others\.$/);
    expect(() => store.resolve('dlv_ZZ')).toThrow(
      expect.objectContaining({ code: 'selection_empty', hint: expect.stringContaining('webhook list') }),
    );
    expect(() => store.resolve("%_'\\")).toThrow(expect.objectContaining({ code: 'selection_empty' }));
    expect(() => store.select(selecting({ ids: ['dlv_'] }))).toThrow(expect.objectContaining({ code: 'selection_ambiguous' }));
  });

  it('finds ids of another form', async () => {
    const store = temporaryStore();
    await store.keep({ ...deliverySource()(), id: 'har-entry-17' });
    expect(store.resolve('har-e')).toBe('har-entry-17');
    expect(store.resolve('har-entry-17')).toBe('har-entry-17');
  });
});

describe('remove', () => {
  it('deletes what is selected with all that belongs to it, and nothing else', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const deliveries = Array.from({ length: 1_300 }, (_, index) =>
      next({ event: index % 3 === 0 ? 'keep.me' : 'drop.me', response: ANSWER, attempts: [responded(200)] }),
    );
    await Promise.all(deliveries.map((one) => store.keep(one)));
    const dropped = deliveries.filter(({ event }) => event === 'drop.me');
    expect(store.remove(selecting({ event: 'drop.*' }))).toBe(dropped.length);
    expect(idsOf(store.select(EVERYTHING))).toEqual(idsOf(deliveries.filter(({ event }) => event === 'keep.me')));
    expect(store.remove(selecting({ last: 2 }))).toBe(2);
    const left = deliveries.length - dropped.length - 2;
    expect(store.count(EVERYTHING)).toBe(left);
    expect(store.checkIntegrity()).toEqual([]);
    expect(store.remove(EVERYTHING)).toBe(left);
    expect(store.info().deliveries).toBe(0);
    const fresh = next({ attempts: [] });
    await store.keep(fresh);
    expect(store.get(fresh.id)).toStrictEqual(fresh);
  });
});

describe('info and close', () => {
  it('says what there is', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const [first, second, third] = [
      next({ eventId: 'wh_1' }),
      next({ eventId: 'wh_1', attempts: [responded(200), refused()] }),
      next({ provider: null }),
    ];
    for (const delivery of [first, second, third]) await store.keep(delivery);
    const info = store.info();
    expect(info).toEqual({
      path: store.path,
      bytes: expect.any(Number),
      freeBytes: 0,
      deliveries: 3,
      attempts: 2,
      queued: 0,
      duplicates: 1,
      providers: [
        { provider: 'connect2print', deliveries: 2 },
        { provider: null, deliveries: 1 },
      ],
      verdicts: { valid: 3, invalid: 0, unchecked: 0 },
      oldest: first?.receivedAt,
      newest: third?.receivedAt,
      schemaVersion: MIGRATIONS.length,
    });
    expect(info.bytes).toBeGreaterThan(4_096);
  });

  it('says when the oldest and the newest came in, whatever their ids say', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const regular = next();
    await store.keep(regular);
    expect(store.info()).toMatchObject({ oldest: regular.receivedAt, newest: regular.receivedAt });
    // An id of just before, or after, that does not tell the order of receipt.
    const early = { ...next(), receivedAt: regular.receivedAt - 4_000 };
    const late = { ...next(), id: `dlv_0${'0'.repeat(25)}`, receivedAt: regular.receivedAt + 50_000 };
    await store.keep(early);
    expect(store.info()).toMatchObject({ oldest: early.receivedAt, newest: regular.receivedAt });
    await store.keep(late);
    await store.keep({ ...next(), id: 'elsewhere', receivedAt: 5 });
    expect(store.info()).toMatchObject({ oldest: 5, newest: late.receivedAt });
  });

  it('commits what is waiting before it closes, and takes nothing after', async () => {
    const store = temporaryStore();
    const delivery = deliverySource()();
    const kept = store.keep(delivery);
    await Promise.all([store.close(), store.close()]);
    await kept;
    await expect(store.keep(delivery)).rejects.toMatchObject({ code: 'store_unwritable' });
    expect(() => store.get(delivery.id)).toThrow(expect.objectContaining({ code: 'store_unreadable' }));
    expect(temporaryStore(store.path).get(delivery.id)).toStrictEqual(delivery);
  });
});
