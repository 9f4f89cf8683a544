import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'flutterwave',
  title: 'Flutterwave',
  docs: ['https://developer.flutterwave.com/docs/webhooks', 'https://developer.flutterwave.com/v3.0/docs/webhooks'],
  signature: [
    { id: 'v4', header: 'flutterwave-signature', encoding: 'base64' },
    // Version 3 sends the secret hash itself, and signs nothing.
    { id: 'v3', kind: 'token', header: 'verif-hash', sends: false },
  ],
  event: ['body:/type', 'body:/event'],
  eventId: ['{body:/type}:{body:/data/id}', 'body:/data/id', '{body:/event}:{body:/data/id}'],
  idFormat: 'chg_{base62:10}',
  sentAt: 'body:/timestamp',
  sentAtFormat: 'ms',
  events: {
    'charge.completed': 'A charge succeeded or failed',
    'transfer.disburse': 'A transfer was paid out or failed',
    'refund.completed': 'A refund was made',
  },
  confidence: 'low',
  assumptions: [
    'What version 4 signs, and its fields, are put together from public code.',
    'The timeout, the retries (off unless switched on) and the User-Agent are not published in a form that was checked.',
  ],
  setup: 'Dashboard → Settings → Webhooks → Secret hash',
});

export default provider;
