import { expect, it } from 'vitest';
import { imported } from '../../../src/core/delivery/imported.js';
import { identified } from '../../../src/core/providers/identify.js';
import { loadProvider, loadProviders } from '../../../src/core/providers/load.js';

const request = {
  method: 'POST',
  path: '/hooks',
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Webhook-Signature', 'a'.repeat(64)],
    ['User-Agent', 'Connect2Print-Webhook/1.0'],
  ] as const,
  body: Buffer.from('{"id":"wh_1","event":"order.created","timestamp":"2026-11-22T14:02:11Z","data":{}}'),
};
const delivery = imported({ id: 'dlv_1', receivedAt: 0, request });

it('tells the provider from the headers, and reads event and id', async () => {
  expect(identified(delivery, await loadProviders())).toMatchObject({
    provider: 'connect2print',
    event: 'order.created',
    eventId: 'wh_1',
  });
});

it('takes the one that is given', async () => {
  const bare = { ...delivery, request: { ...request, headers: [], body: Buffer.from('{"event":"order.created"}') } };
  expect(identified(bare, await loadProviders()).provider).toBeNull();
  expect(identified(bare, [], await loadProvider('connect2print'))).toMatchObject({ event: 'order.created' });
});

it('leaves alone what is known', async () => {
  const known = { ...delivery, provider: 'acme', event: 'x' };
  expect(identified(known, await loadProviders())).toBe(known);
});
