import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'tally',
  title: 'Tally',
  docs: ['https://tally.so/help/webhooks', 'https://developers.tally.so/documentation/webhooks'],
  signature: { header: 'Tally-Signature', encoding: 'base64' },
  event: 'body:/eventType',
  eventId: 'body:/eventId',
  idFormat: '{uuid}',
  sentAt: 'body:/createdAt',
  timeout: '10s',
  retries: ['5m', '30m', '1h', '6h', '1d'],
  events: { FORM_RESPONSE: 'Somebody submitted a form' },
  allEvents: 'https://tally.so/help/webhooks',
  confidence: 'medium',
  assumptions: ['The User-Agent is not published, so none of its own is sent.'],
  setup: 'Your form → Integrations → Webhooks',
});

export default provider;
