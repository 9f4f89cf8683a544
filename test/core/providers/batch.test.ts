import { describe, expect, it } from 'vitest';
import { identify, inItem } from '../../../src/core/providers/batch.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { RequestReader } from '../../../src/core/providers/read.js';

const sendgrid = defineProvider({ name: 'sendgrid', batch: 'body:', event: 'each:/event', eventId: 'each:/sg_event_id' });
const gocardless = defineProvider({
  name: 'gocardless',
  batch: 'body:/events',
  event: '{each:/resource_type}.{each:/action}',
  eventId: 'body:/meta/webhook_id',
});
const of = (provider: typeof sendgrid, value: unknown) =>
  identify(provider, new RequestReader({ headers: [], body: Buffer.from(JSON.stringify(value)), path: '/' }));
const mail = (event: string, id: string) => ({ event, sg_event_id: id });

describe('a batch', () => {
  it('of one event is called as that event', () => {
    expect(of(sendgrid, [mail('open', 'a')])).toEqual({
      event: 'open',
      eventId: 'a',
      items: [{ event: 'open', eventId: 'a' }],
    });
  });

  it('names each different event once, and how many more there are', () => {
    expect(of(sendgrid, [mail('open', 'a'), mail('open', 'b')])).toMatchObject({ event: 'open', eventId: 'a, b' });
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => mail(name, name));
    expect(of(sendgrid, five.slice(0, 3))).toMatchObject({ event: 'a, b, c' });
    expect(of(sendgrid, five)).toMatchObject({ event: 'a, b +3', eventId: 'a, b +3' });
    expect(of(sendgrid, five).items).toHaveLength(5);
  });

  it('may have an id of the whole, and names that are put together', () => {
    const body = { meta: { webhook_id: 'WB1' }, events: [{ resource_type: 'payments', action: 'paid_out' }, { action: 'x' }] };
    expect(of(gocardless, body)).toMatchObject({
      event: 'payments.paid_out',
      eventId: 'WB1',
      items: [{ event: 'payments.paid_out' }, { event: null }],
    });
  });

  it.each([[[]], [null], [{}], ['text'], [{ events: 'x' }], [{ events: {} }]])('%j has no events', (body) => {
    expect(of(sendgrid, body)).toMatchObject({ event: null, items: [] });
    expect(of(gocardless, body)).toMatchObject({ event: null, items: [] });
  });

  it('is not read without end', () => {
    expect(
      of(
        sendgrid,
        Array.from({ length: 5_000 }, (_, n) => mail('open', String(n))),
      ).items,
    ).toHaveLength(1_000);
  });
});

it('without one, event and id are read where they stand', () => {
  const plain = defineProvider({ name: 'plain', event: 'body:/type', eventId: 'body:/id' });
  expect(of(plain, { type: 'a', id: 'b' })).toEqual({ event: 'a', eventId: 'b', items: [] });
});

it('a place within each event is a place in the body', () => {
  expect(inItem('each:/a', 'body:', 2)).toBe('body:/2/a');
  expect(inItem('x{?each:/a=1}', 'body:', 2)).toBe('x{?body:/2/a=1}');
  expect(inItem('{each:/a}.{header:X-each:y}.{each:/b}', 'body:/items', 0)).toBe(
    '{body:/items/0/a}.{header:X-each:y}.{body:/items/0/b}',
  );
});

it.each([
  ['a place in each event, and no batch', { event: 'each:/a' }, /nothing says where the events stand/],
  ['a batch outside the body', { event: 'each:/a', batch: 'header:X' }, /is not in the body/],
  ['a batch nothing is read from', { event: 'body:/a', batch: 'body:/b' }, /Nothing is read from its events/],
  ['a pointer that is none', { event: 'each:a', batch: 'body:/b' }, /Write 'each:\/a'/],
] as const)('%s is refused', (_, words, message) => {
  let said = '';
  try {
    defineProvider({ name: 'acme', ...words });
  } catch (error) {
    said = error instanceof Error ? `${error.message} ${Reflect.get(error, 'hint')}` : '';
  }
  expect(said).toMatch(message);
});
