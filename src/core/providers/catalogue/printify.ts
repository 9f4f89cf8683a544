import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'printify',
  title: 'Printify',
  docs: 'https://developers.printify.com/#webhooks',
  // The subscriber chooses the secret when creating the webhook; without one, no signature is sent.
  signature: { header: 'X-Pfy-Signature', prefix: 'sha256=' },
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: '{uuid}',
  sentAt: 'body:/created_at',
  sentAtFormat: '{date} {time}+00:00',
  events: {
    'order:created': 'An order was created',
    'order:updated': 'The status of an order changed',
    'order:sent-to-production': 'An order was sent to production',
    'order:shipment:created': 'Items of an order were shipped',
    'order:shipment:delivered': 'Items of an order were delivered',
    'product:publish:started': 'A product is being published',
    'product:deleted': 'A product was deleted',
    'shop:disconnected': 'A shop was disconnected',
  },
  clues: { values: { 'body:/type': '^(order|product|shop):', 'body:/resource/type': '^(order|product|shop)$' } },
  confidence: 'medium',
  assumptions: [
    'The signature is known from many open code bases that agree; the page it stands on was not read.',
    'The spelling of created_at, and the data of each event, are from general knowledge.',
    'Timeout, retries and what counts as delivered are not published; any 2xx is taken for success.',
  ],
  setup: 'POST /v1/shops/{shop_id}/webhooks.json',
});

export default provider;
