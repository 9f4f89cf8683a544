import { expect, it } from 'vitest';
import { imported } from '../../../src/core/delivery/imported.js';
import { identified } from '../../../src/core/providers/identify.js';
import { loadProvider } from '../../../src/core/providers/load.js';
import { loadedOnDemand } from '../../../src/core/providers/on-demand.js';
import { listed } from '../../../src/core/providers/source.js';

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
const known = loadedOnDemand(new Map());
const delivery = imported({ id: 'dlv_1', receivedAt: 0, request });

it('tells the provider from the headers, and reads event and id', async () => {
  expect(await identified(delivery, known)).toMatchObject({
    provider: 'connect2print',
    event: 'order.created',
    eventId: 'wh_1',
  });
});

it('takes the one that is given', async () => {
  const bare = { ...delivery, request: { ...request, headers: [], body: Buffer.from('{"event":"order.created"}') } };
  expect((await identified(bare, known)).provider).toBeNull();
  expect(await identified(bare, listed([]), await loadProvider('connect2print'))).toMatchObject({ event: 'order.created' });
});

it('leaves alone what is known', async () => {
  const told = { ...delivery, provider: 'acme', event: 'x' };
  expect(await identified(told, known)).toBe(told);
});
