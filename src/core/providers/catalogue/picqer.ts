import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'picqer',
  title: 'Picqer',
  docs: ['https://picqer.com/en/api/webhooks', 'https://picqer.com/en/api/webhook-examples'],
  // The secret is chosen when the hook is made; without one, no signature is sent.
  signature: { header: 'X-Picqer-Signature', encoding: 'base64' },
  event: 'body:/event',
  // No delivery has an id of its own: `idhook` is that of the subscription.
  eventId: [
    '{body:/event}:{body:/data/idshipment}:{body:/event_triggered_at}',
    '{body:/event}:{body:/data/idpicklist}:{body:/event_triggered_at}',
    '{body:/event}:{body:/data/idorder}:{body:/event_triggered_at}',
    '{body:/event}:{body:/data/idproduct}:{body:/event_triggered_at}',
  ],
  fresh: {
    'body:/data/idorder': '6{digits:6}',
    'body:/data/idpicklist': '3{digits:6}',
    'body:/data/idshipment': '7{digits:6}',
    'body:/data/idproduct': '6{digits:6}',
  },
  sentAt: 'body:/event_triggered_at',
  sentAtFormat: '{date} {time}',
  timeout: '10s',
  success: '200,201,202',
  // `retries` is absent: 15 more tries in about 17 hours, at intervals that are not published.
  events: {
    'orders.created': 'An order was created',
    'orders.closed': 'An order was processed',
    'orders.status_changed': 'The status of an order changed',
    'orders.completed': 'All products of an order are shipped',
    'picklists.created': 'A picklist was created',
    'picklists.closed': 'A picklist was closed',
    'picklists.shipments.created': 'A shipment was created on a picklist',
    'products.stock_changed': 'The stock of a product changed',
  },
  clues: {
    values: {
      'body:/idhook': '^\\d+$',
      'body:/event': '^[a-z_]+\\.[a-z_.]+$',
      'body:/event_triggered_at': '^\\d{4}-\\d\\d-\\d\\d ',
    },
  },
  confidence: 'medium',
  assumptions: [
    'Signature, timeout, statuses and retries are as Hookdeck’s webhook-skills cite them from the documentation.',
    'The zone of event_triggered_at is not published; UTC is written.',
    'The data of events on picklists, shipments and products is modelled on what the API returns.',
  ],
  setup: 'Settings → Webhooks, or POST /api/v1/hooks',
});

export default provider;
