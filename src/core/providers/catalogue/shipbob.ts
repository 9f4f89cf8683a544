import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'shipbob',
  title: 'ShipBob',
  docs: 'https://developer.shipbob.com/2026-01/webhooks',
  signature: standardScheme,
  // Versions 1.0 and 2.0 say shipbob-topic, with underscores.
  event: ['header:x-webhook-topic', 'header:shipbob-topic'],
  eventId: 'header:webhook-id',
  idFormat: 'msg_{base62:27}',
  headers: [['x-webhook-topic', '{event}']],
  events: {
    'order.shipped': 'An order was shipped',
    'order.shipment.delivered': 'A shipment was delivered',
    'order.shipment.tracking.updated': 'The tracking of a shipment changed',
    'return.created': 'A return was created',
  },
  clues: { headers: ['x-webhook-topic'] },
  family: 'standard-webhooks',
  confidence: 'medium',
  assumptions: [
    'Signature and topics are as Hookdeck’s webhook-skills cite them from the documentation.',
    'The bodies are modelled on what the API returns.',
    'Timeout, retries and what counts as delivered are not known; any 2xx is taken for success.',
  ],
  setup: 'POST /2026-01/webhook',
});

export default provider;
