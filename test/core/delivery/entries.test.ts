import { describe, expect, it } from 'vitest';
import { readEntry } from '../../../src/core/delivery/entries.js';
import { deliveryToJson } from '../../../src/core/delivery/json.js';
import { deliverySource } from '../../io/store/samples.js';

const delivery = deliverySource()();
const exported = deliveryToJson(delivery);
const read = (value: unknown) => readEntry(Buffer.from(JSON.stringify(value)));

describe('readEntry', () => {
  it.each([
    ['an exported delivery', exported],
    ['a line that listen --json printed', { type: 'delivery', delivery: exported }],
    ['a line that trigger --json printed', { type: 'attempt', delivery: exported }],
  ])('reads %s', (_, value) => {
    expect(read(value)?.id).toBe(delivery.id);
  });

  it.each(['ready', 'tunnel', 'warning', 'summary'])('passes over what is printed beside deliveries: %s', (type) => {
    expect(read({ type, url: 'http://localhost' })).toBeNull();
  });

  it.each([{ id: 1 }, { type: 'other' }, { data: { id: 'x' } }, 5, null, 'text'])('says that %j is none', (value) => {
    expect(() => read(value)).toThrow('It is neither a delivery nor a request that another program recorded.');
  });

  it('says what is wrong with a damaged one', () => {
    expect(() => readEntry(Buffer.from('{"id":'))).toThrow('It is not JSON.');
    expect(() => read({ ...exported, attempts: 5 })).toThrow('/attempts should be an array');
    expect(() => read({ startedDateTime: 'x', request: {} })).toThrow('This is not an entry of an HTTP archive');
    expect(() => read({ start: 'x', request: {}, tunnel_name: 'x' })).toThrow('This is not a request that ngrok recorded');
  });
});
