import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'bigcommerce',
  title: 'BigCommerce',
  docs: [
    'https://docs.bigcommerce.com/developer/docs/integrations/webhooks/overview',
    'https://docs.bigcommerce.com/developer/docs/integrations/webhooks/https',
    'https://docs.bigcommerce.com/developer/docs/integrations/webhooks/event-reference/events',
  ],
  // The secret is the app's client_secret as text: the documentation has it encoded in base64 before a library decodes it again.
  signature: { ...standardScheme, key: { encoding: 'utf8' } },
  event: 'body:/scope',
  // `hash` in the body is the same for two events of the same content.
  eventId: 'header:webhook-id',
  idFormat: '{uuid}',
  fresh: { 'body:/hash': '{hex:40}' },
  sentAt: 'body:/created_at',
  sentAtFormat: 's',
  success: '200',
  retries: ['60s', '180s', '300s', '600s', '900s', '1800s', '3600s', '7200s', '21600s', '50400s', '86400s'],
  events: {
    'store/order/created': 'An order was created',
    'store/order/updated': 'An order changed',
    'store/order/statusUpdated': 'The status of an order changed',
    'store/product/updated': 'A product changed',
    'store/product/inventory/updated': 'The stock of a product changed',
    'store/customer/created': 'A customer was created',
    'store/cart/created': 'A cart was created',
    'store/cart/abandoned': 'A cart was left for an hour',
  },
  clues: { values: { 'body:/scope': '^store/', 'body:/producer': '^stores/', 'body:/hash': '^[0-9a-f]{40}$' } },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['How long it waits for an answer is not published.', 'How webhook-id is spelled is not published.'],
  setup: 'POST /stores/{store_hash}/v3/hooks',
});

export default provider;
