import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'nowtoprint',
  title: 'NowToPrint',
  docs: 'https://nowtoprint.com/en/help/developer/partner-api/webhooks',
  signature: { header: 'X-NowToPrint-Signature', prefix: 'sha256=' },
  event: 'body:/event',
  eventId: 'body:/id',
  idFormat: 'evt_01{hex:24}',
  sentAt: 'body:/timestamp',
  // It tries again on a timeout and on anything but 2xx; neither the timeout nor the schedule is published.
  success: '2xx',
  events: {
    'quote.received': 'A quote came in',
    'quote.updated': 'A quote changed',
    'order.created': 'An order was created',
    'order.confirmed': 'An order was confirmed',
    'order.shipped': 'An order was shipped',
  },
  clues: {
    values: {
      'body:/id': '^evt_[0-9a-z]{26}$',
      'body:/event': '^[a-z]+\\.[a-z_.]+$',
      'body:/timestamp': '^\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{3}Z$',
    },
  },
  confidence: 'low',
  assumptions: [
    'The header that carries the signature is not published: X-NowToPrint-Signature is a guess. What it holds is documented.',
    'Only quote.received has a published example; the data of the other events is modelled on it.',
  ],
  setup: 'Partner API → Webhooks',
});

export default provider;
