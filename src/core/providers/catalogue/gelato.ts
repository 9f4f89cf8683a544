import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Nothing is signed. What people check is a header of their own choice that the dashboard lets them add, or a secret in the URL.
const provider: Provider = defineProvider({
  name: 'gelato',
  title: 'Gelato',
  docs: 'https://dashboard.gelato.com/docs/webhooks/',
  event: 'body:/event',
  eventId: 'body:/id',
  idFormat: 'os_{hex:13}',
  success: '2xx',
  // "3 tries, 5 seconds apart": two more after the first.
  retries: ['5s', '5s'],
  events: {
    order_status_updated: 'The status of an order changed',
    order_item_status_updated: 'The status of an item changed',
    order_item_tracking_code_updated: 'An item got its tracking code',
    order_delivery_estimate_updated: 'The estimated delivery of an order changed',
  },
  clues: {
    values: {
      'body:/event': '^(order|catalog_product|store_product)_([a-z_]+_)?(updated|created|deleted)$',
      'body:/id': '^[a-z]{2,4}_[0-9a-z]+$',
    },
  },
  confidence: 'medium',
  assumptions: [
    'The form of ids is documented for order_status_updated only (os_…).',
    'The fields of order_delivery_estimate_updated, which is in beta, are from general knowledge.',
  ],
  setup: 'Dashboard → Developer → Webhooks',
});

export default provider;
