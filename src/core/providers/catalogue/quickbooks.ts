import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'quickbooks',
  title: 'QuickBooks Online (Intuit)',
  docs: [
    'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks',
    'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks/managing-webhooks-notifications',
  ],
  signature: { header: 'intuit-signature', encoding: 'base64' },
  // Of several companies in one delivery, the first one's entities are listed.
  batch: 'body:/eventNotifications/0/dataChangeEvent/entities',
  event: '{each:/name}.{each:/operation}',
  // `eventId` is absent: neither the delivery nor an event has an id of its own.
  sentAt: 'each:/lastUpdated',
  sentAtFormat: 'iso-s',
  timeout: '3s',
  success: '200',
  events: {
    'Customer.Create': 'A customer was created',
    'Invoice.Create': 'An invoice was created',
    'Invoice.Update': 'An invoice changed',
    'Payment.Create': 'A payment was recorded',
  },
  clues: { values: { 'body:/eventNotifications/0/realmId': '^\\d+$' } },
  confidence: 'medium',
  assumptions: [
    'The timeout of 3 s is general knowledge, not checked anew; retries and User-Agent are not published in a form that was checked.',
  ],
  setup: 'Developer portal → your app → Webhooks → verifier token',
});

export default provider;
