import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// A receiver is asked to answer {"code":"200","Status":"Success"}.
const provider: Provider = defineProvider({
  name: 'shiphero',
  title: 'ShipHero',
  docs: ['https://developer.shiphero.com/webhooks/', 'https://developer.shiphero.com/webhooks/shipment-update-webhook'],
  // The shared_signature_secret is shown once, by the mutation webhook_create.
  signature: { header: 'x-shiphero-hmac-sha256', encoding: 'base64' },
  event: ['body:/webhook_type', 'body:/fulfillment/webhook_type', 'body:/inventory/0/webhook_type'],
  eventId: 'header:X-Shiphero-Message-ID',
  idFormat: '{uuid}',
  // 20 seconds for Generate Label.
  timeout: '10s',
  success: '2xx',
  // `retries` is absent: 5 more tries, at intervals that are not published.
  events: {
    'Shipment Update': 'An order was fulfilled',
    'Inventory Update': 'The stock on hand changed',
    'Order Allocated': 'Stock was allocated to an order',
    'Order Canceled': 'An order was canceled',
    'PO Update': 'A purchase order changed',
    'Return Update': 'A return changed',
  },
  confidence: 'medium',
  assumptions: [
    'Signature and X-Shiphero-Message-ID are as Hookdeck’s webhook-skills cite them from the documentation; how that id is spelled is not known.',
    'Shipment Update and Inventory Update have published examples; the other bodies are modelled on them.',
  ],
  setup: 'GraphQL mutation webhook_create',
});

export default provider;
