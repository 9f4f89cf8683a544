import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (shopify-api-js, `webhooks.validate`) has it, which reads both families of headers.
const provider: Provider = defineProvider({
  name: 'shopify',
  title: 'Shopify',
  docs: [
    'https://shopify.dev/docs/apps/build/webhooks/delivery-structure',
    'https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates',
    'https://shopify.dev/docs/apps/build/events/delivery-structure',
    'https://shopify.dev/docs/api/webhooks',
  ],
  // The key is the app's client secret; while it rotates, the oldest one that is not revoked signs. The names without X- are those
  // of Events, the newer kind of subscription (2026, in preview).
  signature: [
    { id: 'webhooks', header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' },
    { id: 'events', header: 'Shopify-Hmac-Sha256', encoding: 'base64', sentWith: 'Shopify-Topic' },
  ],
  // Of Events, topic and action are apart: Product.update.
  event: ['header:X-Shopify-Topic', '{header:Shopify-Topic}.{header:Shopify-Action}'],
  // Documented for telling duplicates: the event's id for webhooks, the delivery's for Events.
  eventId: ['header:X-Shopify-Event-Id', 'header:Shopify-Webhook-Id'],
  idFormat: '{uuid}',
  secretFormat: 'shpss_{hex:32}',
  // The SDK refuses a webhook that lacks topic, domain, version or webhook id.
  headers: [
    ['X-Shopify-Topic', '{event}'],
    ['X-Shopify-Shop-Domain', 'example-print-shop.myshopify.com'],
    ['X-Shopify-API-Version', '2026-10'],
    ['X-Shopify-Webhook-Id', '{uuid}'],
    ['X-Shopify-Triggered-At', '{iso}'],
  ],
  userAgent: 'Shopify-Captain-Hook',
  contentType: 'application/json',
  timeout: '5s',
  success: '2xx',
  // `retries` is absent: eight within four hours with exponential backoff, at times that are not published
  // (https://shopify.dev/changelog/updates-to-webhook-retry-mechanism).
  events: {
    'orders/create': 'An order was placed',
    'orders/paid': 'An order was paid',
    'orders/updated': 'An order changed',
    'orders/fulfilled': 'An order was sent, all of it',
    'orders/cancelled': 'An order was cancelled',
    'fulfillments/create': 'Items of an order were sent',
    'refunds/create': 'A refund was made, for items or shipping',
    'checkouts/create': 'Somebody began to check out',
    'customers/create': 'A customer was created',
    'customers/update': 'A customer changed',
    'products/create': 'A product was created',
    'products/update': 'A product or one of its variants changed',
    'inventory_levels/update': 'The stock of an item at a location changed',
    'app/uninstalled': 'A shop uninstalled the app',
    'Product.update': 'A product changed (an Event, with what the subscription’s query asks for)',
    'customers/redact': 'A shop asks to erase what is kept of a customer (every app must take it)',
  },
  clues: { userAgent: 'Shopify-Captain-Hook' },
  confidence: 'high',
  assumptions: [
    'The timeout of 5 s and the User-Agent are known from many receivers; the pages under `docs` were not seen to name them.',
  ],
  setup: 'shopify.app.toml, [[webhooks.subscriptions]]; or Settings → Notifications → Webhooks of a shop',
});

export default provider;
