import { renameSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import Database from 'libsql';
import { expect, it, vi } from 'vitest';
import { jsonPages } from '../../../../src/commands/shared/export/json-pages.js';
import { BETWEEN, pieceWriter } from '../../../../src/commands/shared/export/json-piece.js';
import type { Delivery } from '../../../../src/core/delivery/delivery.js';
import { EVERYTHING } from '../../../../src/core/delivery/selector.js';
import type { Part, Store } from '../../../../src/io/store/store.js';
import { deliverySource, refused, responded, temporaryStore } from '../../../io/store/samples.js';

/** Pages are of at most so many deliveries. */
const PAGE = 256;

/** A store of two pages of deliveries with all kinds of text and bytes. */
async function sampleStore(): Promise<{ store: Store; deliveries: readonly Delivery[] }> {
  const store = temporaryStore();
  const next = deliverySource();
  const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 30 }), { numRuns: PAGE + 40, seed: 1 });
  const deliveries = texts.map((text, at) =>
    next({
      event: at % 3 === 0 ? null : `order.${text}`,
      request: {
        method: 'POST',
        path: `/hooks?${text}`,
        headers: [['X-Text', text]],
        body: new Uint8Array(Buffer.from(at % 5 === 0 ? `\u{0}${text}` : text, at % 7 === 0 ? 'latin1' : 'utf8')),
      },
      attempts: at % 4 === 0 ? [refused(), responded(500, text)] : [],
    }),
  );
  await Promise.all(deliveries.map((delivery) => store.keep(delivery, { duplicates: false })));
  return { store, deliveries };
}

/** What a part is as JSON, delivery by delivery. */
function expected(deliveries: readonly Delivery[], layout: 'line' | 'item'): string {
  const write = pieceWriter(layout);
  return deliveries.map((delivery) => Buffer.from(write(delivery)).toString('utf8')).join(BETWEEN[layout]);
}

/** Pages of these parts over and over again, until the thread has written that many of them, and there are at least that many. */
async function pagesUntil(
  store: Store,
  layout: 'line' | 'item',
  byThread: number,
  most: number,
): Promise<{ pages: string[]; here: number }> {
  const load = vi.spyOn(store, 'load');
  const parts = [...store.parts(EVERYTHING)];
  let given = 0;
  function* coming(): IterableIterator<Part> {
    while (given < most && given - load.mock.calls.length < byThread + 4) {
      const part = parts[given++ % parts.length];
      if (part !== undefined) yield part;
    }
  }
  const pages: string[] = [];
  for await (const { bytes } of jsonPages(store, coming(), layout, 1)) pages.push(Buffer.from(bytes).toString('utf8'));
  return { pages, here: load.mock.calls.length };
}

it.each(['line', 'item'] as const)('gives the same from the thread as without it, in order: %s', async (layout) => {
  const { store, deliveries } = await sampleStore();
  const { pages, here } = await pagesUntil(store, layout, 10, 2_000);
  expect(pages.length - here).toBeGreaterThan(5);
  const halves = [deliveries.slice(0, PAGE), deliveries.slice(PAGE)].map((half) => expected(half, layout));
  expect(pages.filter((page, at) => page !== halves[at % 2])).toEqual([]);
});

it('goes on without the thread where that cannot open the store', async () => {
  const { store, deliveries } = await sampleStore();
  renameSync(store.path, `${store.path}.elsewhere`);
  const { pages, here } = await pagesUntil(store, 'item', 1, 40);
  expect(here).toBe(40);
  expect(pages[38]).toBe(expected(deliveries.slice(0, PAGE), 'item'));
});

it('does not read another store that has come to its path meanwhile', async () => {
  const { store, deliveries } = await sampleStore();
  renameSync(store.path, `${store.path}.elsewhere`);
  await temporaryStore(store.path).keep(deliverySource()({ event: 'another' }));
  const { pages, here } = await pagesUntil(store, 'item', 1, 40);
  expect(here).toBe(40);
  expect(pages[39]).toBe(expected(deliveries.slice(PAGE), 'item'));
});

it('says what is wrong where a delivery cannot be read', async () => {
  const { store } = await sampleStore();
  const db = new Database(pathToFileURL(store.path).href);
  db.exec("UPDATE contents SET headers = '{' WHERE seq = 270");
  db.close();
  await expect(pagesUntil(store, 'line', 10, 2_000)).rejects.toMatchObject({ code: 'store_broken' });
});
