import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// CloudEvents 1.0 without signature and without headers of one's own: a secret in the callback URL is all there is.
const provider: Provider = defineProvider({
  name: 'prodigi',
  title: 'Prodigi',
  docs: 'https://www.prodigi.com/print-api/docs/reference/#callbacks',
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: 'evt_{digits:6}',
  sentAt: 'body:/time',
  events: {
    'com.prodigi.order.status.stage.changed#InProgress': 'An order is being made',
    'com.prodigi.order.status.stage.changed#Complete': 'An order is complete',
    'com.prodigi.order.status.stage.changed#Cancelled': 'An order was cancelled',
    'com.prodigi.order.shipments.shipment#Complete': 'A shipment of an order left',
  },
  clues: { values: { 'body:/type': '^com\\.prodigi\\.', 'body:/specversion': '^1\\.' } },
  confidence: 'medium',
  assumptions: [
    'That nothing is signed is known from many open code bases; the reference names no signature.',
    'The content type of callbacks is not published; application/json is sent, as datacontenttype says.',
    'Timeout, retries and what counts as delivered are not published; any 2xx is taken for success.',
  ],
  setup: 'callbackUrl of the order, or Dashboard → Settings → Integrations → API',
});

export default provider;
