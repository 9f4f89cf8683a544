import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPointer } from '../../src/core/events/json-pointer.js';
import { spellTime } from '../../src/core/events/template.js';
import { inItem } from '../../src/core/providers/batch.js';
import { builtinProviders } from '../../src/core/providers/list.js';
import type { Locator } from '../../src/core/providers/locator.js';
import { RequestReader } from '../../src/core/providers/read.js';
import { builtinFixturesDir, fixtureFileName, listFixtures, projectFixturePath, readFixture } from '../../src/io/fixtures.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'webhook-fixtures-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function put(provider: string, file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(join(dir, provider), { recursive: true });
  await writeFile(join(dir, provider, file), content);
}

describe('fixtureFileName', () => {
  it('keeps letters, digits, dots, dashes and underscores', () => {
    expect(fixtureFileName('production.job.created')).toBe('production.job.created.json');
    expect(fixtureFileName('Push Hook')).toBe('Push-Hook.json');
    expect(fixtureFileName('com.prodigi.order#InProgress')).toBe('com.prodigi.order-InProgress.json');
  });

  it('never leads out of the folder', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (provider, event) => {
        const path = projectFixturePath('/project/fixtures', provider, event);
        expect(path.startsWith(join('/project/fixtures', '/'))).toBe(true);
        expect(basename(path)).toBe(fixtureFileName(event));
      }),
    );
  });
});

describe('readFixture', () => {
  it('prefers the project’s own and gives its bytes as they are', async () => {
    const own = '{ "event":"order.created", "total": 499.00 }\r\n';
    await put('connect2print', 'order.created.json', own);
    const mine = await readFixture('connect2print', 'order.created', { projectDir: dir });
    expect(mine).toMatchObject({ builtin: false, path: join(dir, 'connect2print', 'order.created.json') });
    expect(Buffer.from(mine.bytes).toString()).toBe(own);
    expect(await readFixture('connect2print', 'order.updated', { projectDir: dir })).toMatchObject({ builtin: true });
    expect(await readFixture('connect2print', 'order.created', { projectDir: null })).toMatchObject({ builtin: true });
  });

  it('names the nearest events, and where to put a payload of one’s own', async () => {
    await expect(readFixture('connect2print', 'order.craeted')).rejects.toMatchObject({
      code: 'event_unknown',
      hint: expect.stringContaining('Did you mean order.created, '),
    });
    await expect(readFixture('acme', 'thing.made', { projectDir: dir })).rejects.toMatchObject({
      code: 'event_unknown',
      message: "There is no sample payload of 'thing.made' for acme.",
      hint: expect.stringContaining(join(dir, 'acme', 'thing.made.json')),
    });
  });

  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'is empty'],
    ['not JSON', '{"a": }', 'is not JSON'],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'is not UTF-8'],
    ['marked with a BOM', '\ufeff{}', 'byte order mark'],
  ])('refuses a file that is %s', async (_, content, message) => {
    await put('acme', 'a.json', content);
    await expect(readFixture('acme', 'a', { projectDir: dir })).rejects.toMatchObject({
      code: 'fixture_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a folder in the place of a file', async () => {
    await mkdir(join(dir, 'acme', 'a.json'), { recursive: true });
    await expect(readFixture('acme', 'a', { projectDir: dir })).rejects.toMatchObject({ code: 'fixture_invalid' });
  });
});

describe('listFixtures', () => {
  it('gives both, sorted, the project’s own in place of a built-in one', async () => {
    await put('printone', 'coupon_code_used.json', '{}');
    await put('printone', 'another.json', '{}');
    await put('printone', 'notes.txt', '');
    const found = await listFixtures('printone', { projectDir: dir });
    expect(found.map(({ name, builtin }) => [name, builtin])).toEqual([
      ['another', false],
      ['batch_status_update', true],
      ['coupon_code_used', false],
      ['order_status_update', true],
      ['template_preview_rendered', true],
    ]);
    expect(await listFixtures('acme', { projectDir: dir })).toEqual([]);
  });
});

describe('the fixtures that come along', () => {
  it('have a folder for every provider with events, and no other', async () => {
    const withEvents = builtinProviders.filter(({ events }) => Object.keys(events).length > 0).map(({ name }) => name);
    expect((await readdir(builtinFixturesDir())).sort()).toEqual(withEvents.sort());
  });

  describe.each(builtinProviders)('of $name', (provider) => {
    const events = Object.keys(provider.events);

    it('are one for every event, and none without an event', async () => {
      const files = (await listFixtures(provider.name)).map(({ name }) => name);
      const challenges = provider.challenges.map(({ name }) => name);
      const names = [...events, ...challenges].map((event) => fixtureFileName(event).replace(/\.json$/, ''));
      expect(files).toEqual([...new Set(names)].sort());
      expect(new Set(names).size, 'two events share a file').toBe(names.length);
    });

    it.each(events)('%s: says its event and id where the provider has them, and is laid out the same way', async (event) => {
      const { bytes, sample } = await readFixture(provider.name, event);
      if (sample.form === 'json') {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        expect(text).toMatch(/^(\{|\[)\n {2}\S/);
        expect(text).toMatch(/\n(\}|\])\n$/);
        expect(text).not.toMatch(/\r|\t/);
      }
      const request = new RequestReader({ headers: sample.headers, body: sample.body, path: `/?${sample.query}` });
      const { sentAt } = provider;
      const time = sentAt === null ? null : request.read(inItem(sentAt, provider.batch ?? 'body:', 0) as Locator);
      const shape = (text: string): string => text.replaceAll(/\d/g, '0');
      const shapes = provider.sentAtFormats.map((format) => shape(spellTime(Date.UTC(2024, 0, 1), format)));
      if (time !== null) expect(shapes).toContain(shape(time));
    });
  });
});

describe('connect2print, the story of one order', () => {
  const events = Object.keys(builtinProviders.find(({ name }) => name === 'connect2print')?.events ?? {});

  async function all(): Promise<Map<string, { text: string; json: unknown }>> {
    const read = events.map(async (event): Promise<[string, { text: string; json: unknown }]> => {
      const text = await readFile(join(builtinFixturesDir(), 'connect2print', fixtureFileName(event)), 'utf8');
      return [event, { text, json: JSON.parse(text) }];
    });
    return new Map(await Promise.all(read));
  }

  it('has an id of its own for every delivery, spelled as documented, and a time without a fraction', async () => {
    const payloads = [...(await all()).values()].map(({ json }) => json);
    const ids = payloads.map((json) => readPointer(json, '/id'));
    for (const id of ids) expect(id).toMatch(/^wh_[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(16);
    for (const json of payloads) expect(readPointer(json, '/timestamp')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('keeps its data under the noun of the event', async () => {
    for (const [event, { json }] of await all()) {
      expect(Object.keys(Object(readPointer(json, '/data')))).toEqual([event.split('.').at(-2)]);
    }
  });

  it('is about the same order and customer throughout', async () => {
    const payloads = await all();
    for (const event of ['order.created', 'order.updated', 'order.shipped', 'order.completed']) {
      expect(readPointer(payloads.get(event)?.json, '/data/order')).toMatchObject({
        id: 123,
        order_number: 'ORD-2024-001',
        total: 499,
        quote_id: 71,
      });
    }
    const belongs: Array<[string, string]> = [
      ['invoice.created', 'invoice'],
      ['invoice.sent', 'invoice'],
      ['invoice.paid', 'invoice'],
      ['quote.accepted', 'quote'],
      ['production.job.created', 'job'],
      ['production.job.completed', 'job'],
      ['shipment.delivered', 'shipment'],
    ];
    for (const [event, noun] of belongs) {
      expect(readPointer(payloads.get(event)?.json, `/data/${noun}`)).toMatchObject({
        order_id: 123,
        order_number: 'ORD-2024-001',
      });
    }
    const shipped = readPointer(payloads.get('order.shipped')?.json, '/data/order/shipment/tracking_number');
    expect(readPointer(payloads.get('shipment.delivered')?.json, '/data/shipment/tracking_number')).toBe(shipped);
    for (const { text } of payloads.values()) {
      for (const [, customer] of text.matchAll(/"customer": \{\s*"id": (\d+)/g)) expect(customer).toBe('456');
    }
  });

  it('happens in an order that makes sense, each thing no earlier than what it speaks of', async () => {
    const payloads = await all();
    const story = [
      'customer.created',
      'quote.created',
      'quote.accepted',
      'order.created',
      'order.updated',
      'invoice.created',
      'invoice.sent',
      'production.job.created',
      'production.job.completed',
      'stock.low',
      'order.shipped',
      'shipment.delivered',
      'invoice.paid',
      'order.completed',
    ];
    const times = story.map((event) => String(readPointer(payloads.get(event)?.json, '/timestamp')));
    expect(times).toEqual([...times].sort());
    for (const { text, json } of payloads.values()) {
      const sent = String(readPointer(json, '/timestamp'));
      for (const [, happened] of text.matchAll(
        /"(?:created|updated|accepted|rejected|sent|paid|shipped|delivered|completed|cancelled|started)_at": "([^"]+)"/g,
      )) {
        expect(String(happened) <= sent).toBe(true);
      }
    }
  });

  it('spells every amount with two decimals, and every sum is right', async () => {
    for (const [event, { text, json }] of await all()) {
      for (const [, key, amount] of text.matchAll(/"(\w*(?:total|price|amount|subtotal)\w*)": ([^",\n]+)/g)) {
        expect(`${event} ${key} ${amount}`).toMatch(/ \d+\.\d{2}$/);
      }
      const noun = Object(readPointer(json, '/data'))[String(event.split('.').at(-2))];
      if (noun.subtotal === undefined) continue;
      const cents = (value: number): number => Math.round(value * 100);
      const items: Array<{ quantity: number; unit_price: number; total: number }> = noun.items ?? noun.lines;
      for (const item of items) expect(cents(item.total)).toBe(item.quantity * cents(item.unit_price));
      const sum = items.reduce((total, item) => total + cents(item.total), 0);
      expect(sum).toBe(noun.lines === undefined ? cents(noun.subtotal) : cents(noun.subtotal + noun.shipping_total));
      expect(cents(noun.subtotal) + cents(noun.shipping_total) + cents(noun.tax_total)).toBe(cents(noun.total));
      expect(cents(noun.tax_total)).toBe(Math.round((noun.subtotal + noun.shipping_total) * noun.tax_rate));
    }
  });
});
