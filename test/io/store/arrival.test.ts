import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { watchArrivals } from '../../../src/io/store/arrival.js';
import { openStore } from '../../../src/io/store/store.js';
import { temporaryFolder } from '../../support/folder.js';
import { deliverySource } from './samples.js';

function openTwice() {
  const path = join(temporaryFolder(), 'deliveries.db');
  const writer = openStore(path);
  const reader = openStore(path, { readOnly: true });
  onTestFinished(async () => {
    await reader.close();
    await writer.close();
  });
  const next = deliverySource();
  const response = { status: 200, headers: [], body: Buffer.alloc(0), durationMs: 1 };
  return { writer, reader, next: (changes: Partial<Delivery> = {}) => next({ response, ...changes }) };
}

const { signal } = new AbortController();

it('gives the first delivery that is received after it began to watch, of that provider', async () => {
  const { writer, reader, next } = openTwice();
  await writer.keep(next());
  const arrivals = watchArrivals(reader, 'connect2print');
  expect(await arrivals.next(0, signal)).toBeNull();
  const waiting = arrivals.next(10_000, signal);
  await writer.keep(next({ provider: 'stripe' }));
  await writer.keep(next({ origin: 'triggered' }));
  const wanted = next();
  await writer.keep(wanted);
  await writer.keep(next());
  expect((await waiting)?.id).toBe(wanted.id);
});

it('sees what came before it was asked, in a store that was empty', async () => {
  const { writer, reader, next } = openTwice();
  const arrivals = watchArrivals(reader, 'connect2print');
  const wanted = next();
  await writer.keep(wanted);
  expect((await arrivals.next(0, signal))?.id).toBe(wanted.id);
});

it('waits for the answer as well, as long as there is time', async () => {
  const { writer, reader, next } = openTwice();
  const arrivals = watchArrivals(reader, 'connect2print');
  const wanted = next({ response: null });
  await writer.keep(wanted);
  const waiting = arrivals.next(10_000, signal);
  await writer.finish(wanted.id, { response: { status: 204, headers: [], body: Buffer.alloc(0), durationMs: 1 } });
  expect((await waiting)?.response?.status).toBe(204);
  await writer.keep(next({ response: null }));
  expect((await arrivals.next(0, signal))?.response).toBeNull();
});

it('ends when it is told to', async () => {
  const { reader } = openTwice();
  const controller = new AbortController();
  const waiting = watchArrivals(reader, 'connect2print').next(60_000, controller.signal);
  controller.abort();
  expect(await waiting).toBeNull();
});
