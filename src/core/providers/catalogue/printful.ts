import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// API v2. Version 1 signs nothing: people put a secret into the URL there.
const provider: Provider = defineProvider({
  name: 'printful',
  title: 'Printful',
  docs: ['https://developers.printful.com/docs/v2-beta/#tag/Webhook-v2', 'https://www.printful.com/docs/webhooks'],
  // The secret_key is shown once, when the webhook is set up. It is hex, and its bytes are the key.
  signature: { header: 'x-pf-webhook-signature', key: { encoding: 'hex' } },
  event: 'body:/type',
  // An event has no id of its own, and `retries` counts up when it is sent again.
  eventId: [
    '{body:/type}:{body:/data/shipment/id}:{body:/occurred_at}',
    '{body:/type}:{body:/data/order/id}:{body:/occurred_at}',
  ],
  fresh: { 'body:/data/shipment/id': '7{digits:7}', 'body:/data/order/id': '9{digits:7}' },
  sentAt: 'body:/occurred_at',
  sentAtFormat: 'iso-s',
  // Names the webhook configuration that fired; a sample.
  headers: [['x-pf-webhook-public-key', 'c2FtcGxlLXB1YmxpYy1rZXktb2YtdGhlLXdlYmhvb2s=']],
  // "HTTP status 200 OK, otherwise the request will be retried": the page of version 1 has both.
  success: '200',
  retries: ['1m', '4m', '16m', '64m', '256m', '1024m'],
  events: {
    order_created: 'An order was created',
    order_updated: 'An order changed',
    order_failed: 'An order could not be processed',
    order_canceled: 'An order was canceled',
    order_put_hold: 'An order was put on hold',
    order_refunded: 'An order was refunded',
    shipment_sent: 'A shipment left',
    shipment_delivered: 'A shipment was delivered',
    shipment_returned: 'A shipment came back',
    catalog_stock_updated: 'The stock of catalog variants changed',
  },
  clues: {
    values: { 'body:/type': '^(order|shipment|package|product|stock|catalog|mockup)_[a-z_]+$', 'body:/retries': '^\\d+$' },
  },
  confidence: 'medium',
  assumptions: [
    'The signature is known from several open code bases, one of which quotes the documentation; the documentation was not read.',
    'Success and retries are those that version 1 documents.',
    'The data of each event is modelled on what the API returns for orders and shipments.',
  ],
  setup: 'POST /v2/webhooks',
});

export default provider;
