import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (square-nodejs-sdk, `WebhooksHelper`) has it.
const provider: Provider = defineProvider({
  name: 'square',
  title: 'Square',
  docs: [
    'https://developer.squareup.com/docs/webhooks/step3validate',
    'https://developer.squareup.com/docs/webhooks-api/delivery-sla',
    'https://developer.squareup.com/reference/square/webhooks',
  ],
  // The notification URL exactly as it was registered, and the body. The older SHA-1 signature is accepted and not sent.
  signature: [
    { id: 'sha256', header: 'x-square-hmacsha256-signature', encoding: 'base64', content: '{url}{body}' },
    { id: 'sha1', header: 'x-square-signature', algorithm: 'sha1', encoding: 'base64', content: '{url}{body}', sends: false },
  ],
  event: 'body:/type',
  eventId: 'body:/event_id',
  idFormat: '{uuid}',
  secretFormat: '{base62:22}',
  sentAt: 'body:/created_at',
  headers: [
    ['square-environment', 'Sandbox'],
    ['square-initial-delivery-timestamp', '{iso}'],
  ],
  userAgent: 'Square Connect v2',
  contentType: 'application/json',
  timeout: '10s',
  success: '2xx',
  // Then every hour; see the assumption below for how long.
  retries: ['1m', '2m', '4m', '8m', '16m', '32m', ...Array.from({ length: 22 }, () => '60m')],
  events: {
    'payment.created': 'A payment was created',
    'payment.updated': 'A field of a payment changed, most often its status',
    'refund.created': 'A refund was created',
    'order.created': 'An order was created',
    'customer.created': 'A customer was created',
  },
  clues: { userAgent: 'Square Connect' },
  confidence: 'high',
  assumptions: [
    'An older page of the documentation says that retries go on for 72 hours, others 24; 24 are taken.',
    'The User-Agent and the square-… headers are what deliveries are seen with.',
  ],
  setup: 'Developer Console → the application → Webhooks → Subscriptions',
});

export default provider;
