import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Database from 'libsql';
import { afterEach, describe, expect, it, type MockInstance, onTestFinished, vi } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import { type OpenKeeper, openKeeper } from '../../../src/io/store/keeper.js';
import { openStore } from '../../../src/io/store/store.js';
import { deliverySource } from './samples.js';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'webhook-keeper-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function temporaryKeeper(): Promise<{ keeper: OpenKeeper; path: string }> {
  const path = join(folder(), 'd.db');
  return { keeper: await openKeeper(path), path };
}

/** Until it keeps in this thread what comes alone. Gives what is then handed over to the other. */
async function alone(keeper: OpenKeeper, next: () => Delivery): Promise<MockInstance> {
  const posted = vi.spyOn(Worker.prototype, 'postMessage');
  await vi.waitFor(async () => {
    posted.mockClear();
    await keeper.keep(next());
    expect(posted).not.toHaveBeenCalled();
  });
  return posted;
}

describe('openKeeper', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('keeps what it is given, whole, by the time it resolves', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const deliveries = Array.from({ length: 300 }, () => next());
    await Promise.all(deliveries.map((delivery) => keeper.keep(delivery)));
    const store = openStore(path, { readOnly: true });
    expect([...store.select(EVERYTHING)]).toStrictEqual(deliveries);
    await store.close();
    await keeper.close();
  });

  it('keeps a small part of a large buffer as that part', async () => {
    const { keeper, path } = await temporaryKeeper();
    const sample = deliverySource()();
    const large = Buffer.alloc(1_000_000, 'x');
    large.write('{"a":499.00}', 500_000);
    const delivery = { ...sample, request: { ...sample.request, body: large.subarray(500_000, 500_012) } };
    await keeper.keep(delivery);
    await keeper.close();
    const store = openStore(path, { readOnly: true });
    expect(Buffer.from(store.get(delivery.id)?.request.body ?? []).toString()).toBe('{"a":499.00}');
    await store.close();
  });

  it('tells of duplicates, and records what became of a delivery', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const first = { ...next(), provider: 'acme', eventId: 'evt_1', duplicateOf: null };
    const second = { ...next(), origin: first.origin, provider: 'acme', eventId: 'evt_1', duplicateOf: null };
    expect(await keeper.keep(first)).toMatchObject({ duplicateOf: null });
    expect(await keeper.keep(second)).toMatchObject({ duplicateOf: first.id });
    const diagnosis = [{ code: 'number_rewritten', message: 'A number was rewritten.', hint: null }];
    await keeper.finish(first.id, { diagnosis });
    await keeper.close();
    const store = openStore(path, { readOnly: true });
    expect(store.get(first.id)?.verdict.diagnosis).toEqual(diagnosis);
    await store.close();
  });

  it('writes what became of many deliveries together, and soon', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const deliveries = Array.from({ length: 10 }, () => next());
    await Promise.all(deliveries.map((delivery) => keeper.keep(delivery)));
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const response = { status: 201, headers: [], body: Buffer.from('made'), durationMs: 1 };
    await Promise.all(deliveries.map(({ id }) => keeper.finish(id, { response })));
    expect(posted).toHaveBeenCalledTimes(1);
    const store = openStore(path, { readOnly: true });
    expect([...store.summaries(EVERYTHING)].map(({ responseStatus }) => responseStatus)).toEqual(deliveries.map(() => 201));
    await store.close();
    await keeper.close();
  });

  it('has no delivery wait for what became of another, and writes that before it closes', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const [first, second] = [next(), next()];
    const response = { status: 201, headers: [], body: Buffer.from('made'), durationMs: 1 };
    await keeper.keep(first);
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const finished = keeper.finish(first.id, { response });
    await keeper.keep(second);
    expect(posted.mock.calls.map(([request]) => request.finish.length)).toEqual([0]);
    await keeper.close();
    await finished;
    const store = openStore(path, { readOnly: true });
    expect([...store.summaries(EVERYTHING)].map(({ responseStatus }) => responseStatus)).toEqual([201, null]);
    await store.close();
  });

  it('hands a large delivery over at once where it comes alone, and many together where they come together', async () => {
    const { keeper } = await temporaryKeeper();
    const next = deliverySource();
    const large = () => ({ ...next(), request: { ...next().request, body: Buffer.alloc(20_000) } });
    await keeper.keep(next());
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const one = keeper.keep(large());
    expect(posted).toHaveBeenCalledTimes(1);
    await one;
    posted.mockClear();
    await Promise.all(Array.from({ length: 64 }, () => keeper.keep(next())));
    expect(posted.mock.calls.length).toBeLessThan(8);
    await keeper.close();
  });

  it('keeps in this thread what comes alone, but for one in many', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const posted = await alone(keeper, next);
    const [first, again] = [next({ eventId: 'evt_1' }), next({ eventId: 'evt_1' })];
    expect(await keeper.keep(first)).toEqual({ duplicateOf: null });
    expect(await keeper.keep(again)).toEqual({ duplicateOf: first.id });
    await expect(keeper.keep(first)).rejects.toMatchObject({ code: 'input_malformed' });
    expect(posted).not.toHaveBeenCalled();
    for (let i = 0; i < 500; i++) await keeper.keep(next());
    expect(posted).toHaveBeenCalledTimes(2);
    await keeper.finish(first.id, { response: { status: 201, headers: [], body: Buffer.from('made'), durationMs: 1 } });
    await keeper.close();
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    const store = openStore(path, { readOnly: true });
    expect(store.get(first.id)?.response?.status).toBe(201);
    expect(store.checkIntegrity()).toEqual([]);
    await store.close();
  });

  it('leaves to the thread what comes alone while another process writes', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const posted = await alone(keeper, next);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const delivery = next();
    const keeping = keeper.keep(delivery);
    await vi.waitFor(() => expect(posted).toHaveBeenCalledTimes(1));
    other.exec('COMMIT');
    other.close();
    expect(await keeping).toEqual({ duplicateOf: null });
    await keeper.close();
    const store = openStore(path, { readOnly: true });
    expect(store.has(delivery.id)).toBe(true);
    await store.close();
  });

  it('loses nothing that comes after another process wrote', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const keep = async (to: string): Promise<string> => {
      const delivery = next({ request: { ...next().request, path: to } });
      await keeper.keep(delivery);
      return delivery.id;
    };
    await alone(keeper, next);
    const reader = openStore(path, { readOnly: true });
    onTestFinished(() => reader.close());
    const other = new Database(path);
    onTestFinished(() => void other.close());
    for (let i = 0; i < 10; i++) await keep('/a');
    for (const kinds of ['/a', '/b', '/a']) {
      other.exec('BEGIN IMMEDIATE');
      const keeping = keep(kinds);
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      other.exec('COMMIT');
      expect(reader.has(await keeping)).toBe(true);
      for (const kind of ['/b', '/a', '/b']) expect(reader.has(await keep(kind))).toBe(true);
    }
    // Nobody is kept from writing either.
    other.exec('BEGIN IMMEDIATE; ROLLBACK');
    await keeper.close();
  });

  it('goes on where the file is deleted under it', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    await alone(keeper, next);
    rmSync(path);
    const delivery = next();
    expect(await keeper.keep(delivery)).toEqual({ duplicateOf: null });
    await keeper.close();
    const store = openStore(path, { readOnly: true });
    expect([...store.select(EVERYTHING)]).toStrictEqual([delivery]);
    await store.close();
  });

  it('writes what is waiting before it closes', async () => {
    const { keeper, path } = await temporaryKeeper();
    const next = deliverySource();
    const keeping = Array.from({ length: 50 }, () => keeper.keep(next()));
    await keeper.close();
    await Promise.all(keeping);
    const store = openStore(path, { readOnly: true });
    expect(store.count(EVERYTHING)).toBe(50);
    await store.close();
  });

  it('says why a store cannot be opened, as the store does', async () => {
    const path = join(folder(), 'd.db');
    writeFileSync(path, 'this is no database, whatever its name says'.repeat(100));
    await expect(openKeeper(path)).rejects.toMatchObject({ name: 'WebhookError', code: 'store_broken' });
  });

  it('an id that is there already fails that delivery alone', async () => {
    const { keeper } = await temporaryKeeper();
    const next = deliverySource();
    const first = next();
    const [, again, other] = await Promise.allSettled([keeper.keep(first), keeper.keep(first), keeper.keep(next())]);
    expect(again).toMatchObject({ status: 'rejected', reason: { code: 'input_malformed' } });
    expect(other).toMatchObject({ status: 'fulfilled' });
    await keeper.close();
  });
});
