import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Alerts sent to a webhook.
const provider: Provider = defineProvider({
  name: 'mongodb-atlas',
  title: 'MongoDB Atlas',
  docs: [
    'https://www.mongodb.com/docs/atlas/tutorial/third-party-service-integrations/',
    'https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/#tag/Alerts',
  ],
  signature: [
    { id: 'base64', header: 'X-MMS-Signature', algorithm: 'sha1', encoding: 'base64' },
    // The documentation says hex; code that receives it decodes base64. Both are understood.
    { id: 'hex', header: 'X-MMS-Signature', algorithm: 'sha1', sends: false },
  ],
  event: 'header:X-MMS-Event',
  // An alert changes its status: the alert, what happened to it, and when.
  eventId: ['{header:X-MMS-Event}:{body:/id}:{body:/updated}', 'body:/id'],
  idFormat: '{hex:24}',
  sentAt: 'body:/updated',
  sentAtFormat: 'iso-s',
  headers: [['X-MMS-Event', '{event}']],
  events: {
    'alert.open': 'An alert was opened',
    'alert.update': 'A value of an open alert changed',
    'alert.acknowledge': 'Somebody acknowledged an alert',
    'alert.close': 'An alert was resolved',
  },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published.'],
  setup: 'Project → Integrations → Webhook Settings',
});

export default provider;
