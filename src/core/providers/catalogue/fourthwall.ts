import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'fourthwall',
  title: 'Fourthwall',
  docs: [
    'https://docs.fourthwall.com/webhooks/signature-verification',
    'https://docs.fourthwall.com/webhooks/event-types',
    'https://docs.fourthwall.dev/platform/webhooks/webhook-model',
  ],
  // A platform app's webhooks carry the second header, under the key in the app's settings.
  signature: { header: ['X-Fourthwall-Hmac-SHA256', 'X-Fourthwall-Hmac-Apps-SHA256'], encoding: 'base64' },
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: 'weve_{base62:22}',
  sentAt: 'body:/createdAt',
  sentAtFormat: '{date}T{time}.{ms}+00:00',
  events: {
    ORDER_PLACED: 'An order was placed and paid',
    ORDER_UPDATED: 'An order changed',
    DONATION: 'Somebody donated',
    GIFT_PURCHASE: 'Somebody bought gifts for others',
    PRODUCT_CREATED: 'A product was created',
    SUBSCRIPTION_PURCHASED: 'Somebody became a member',
    NEWSLETTER_SUBSCRIBED: 'Somebody subscribed to the newsletter',
  },
  clues: { values: { 'body:/webhookId': '.', 'body:/shopId': '^sh_', 'body:/type': '^[A-Z_0-9]+$' } },
  confidence: 'high',
  assumptions: [
    'Timeout, retries and what counts as delivered are not published; any 2xx is taken for success.',
    'The documentation shows ids as UUIDs and as weve_…; the latter is written.',
  ],
  setup: 'Settings → For developers → Webhooks',
});

export default provider;
