import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Reporting webhooks.
const provider: Provider = defineProvider({
  name: 'customer-io',
  title: 'Customer.io',
  docs: [
    'https://docs.customer.io/integrations/data-out/connections/webhooks/',
    'https://docs.customer.io/integrations/api/webhooks/',
  ],
  signature: { header: 'X-CIO-Signature', content: 'v0:{timestamp}:{body}', timestampHeader: 'X-CIO-Timestamp' },
  event: '{body:/object_type}.{body:/metric}',
  eventId: 'body:/event_id',
  idFormat: '01{base32:24}',
  sentAt: 'body:/timestamp',
  sentAtFormat: 's',
  timeout: '4s',
  // `retries` is absent: with a growing pause for 7 days.
  events: {
    'email.sent': 'An email was handed to the provider',
    'email.delivered': 'An email was delivered',
    'email.opened': 'An email was opened',
    'email.bounced': 'An email came back',
    'customer.unsubscribed': 'A person unsubscribed',
  },
  confidence: 'medium',
  assumptions: [
    'The documentation limits no age of a signature; any 2xx status counts as delivered.',
    'The User-Agent is not published.',
  ],
  setup: 'Integrations → Reporting Webhooks',
});

export default provider;
