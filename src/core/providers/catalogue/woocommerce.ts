import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Read in WooCommerce itself: plugins/woocommerce/includes/class-wc-webhook.php.
const provider: Provider = defineProvider({
  name: 'woocommerce',
  title: 'WooCommerce',
  docs: [
    'https://woocommerce.com/document/webhooks/',
    'https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php',
  ],
  signature: { header: 'X-WC-Webhook-Signature', encoding: 'base64' },
  unsigned: {
    body: 'webhook_id=\\d+',
    why: 'WooCommerce does not sign the ping it sends when a webhook is saved. It asks for no more than a 2xx.',
  },
  event: ['header:X-WC-Webhook-Topic', 'ping{?form:webhook_id}'],
  eventId: 'header:X-WC-Webhook-Delivery-ID',
  idFormat: '{hex:32}',
  headers: [
    ['X-WC-Webhook-Source', 'https://shop.example.com/'],
    ['X-WC-Webhook-Topic', '{event}'],
    ['X-WC-Webhook-Resource', '{event:head}'],
    ['X-WC-Webhook-Event', '{event:tail}'],
    ['X-WC-Webhook-ID', '417'],
  ],
  userAgent: 'WooCommerce/10.3.0 Hookshot (WordPress/6.8.3)',
  contentType: 'application/json',
  timeout: '60s',
  success: '2xx,301,302',
  // It is not sent again, and the webhook is off after more than five failures in a row.
  retries: [],
  events: {
    'order.created': 'An order was placed',
    'order.updated': 'An order changed, its status too',
    'order.deleted': 'An order was deleted (only its id is sent)',
    'product.updated': 'A product changed',
    'customer.created': 'A customer was created',
    ping: 'A webhook was saved (unsigned)',
  },
  clues: { userAgent: 'WooCommerce/' },
  confidence: 'high',
  setup: 'WooCommerce → Settings → Advanced → Webhooks → Add webhook',
});

export default provider;
