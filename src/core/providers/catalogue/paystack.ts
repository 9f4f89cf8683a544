import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'paystack',
  title: 'Paystack',
  docs: ['https://paystack.com/docs/payments/webhooks/'],
  // Signed with the account's secret key (sk_…); there is no signing secret of its own. The documentation's example hashes
  // JSON.stringify of the parsed body, which is the same only where it spells the JSON as it came.
  signature: { header: 'x-paystack-signature', algorithm: 'sha512' },
  event: 'body:/event',
  // A delivery has no id of its own; what it is about has, and may have several events.
  eventId: ['{body:/event}:{body:/data/id}', 'body:/data/id'],
  idFormat: '4{digits:9}',
  sentAt: 'body:/data/created_at',
  timeout: '30s',
  success: '200',
  // Live mode: four times every 3 minutes, then every hour until 72 hours are over.
  retries: ['3m', '3m', '3m', '3m', ...Array.from({ length: 71 }, () => '1h')],
  events: {
    'charge.success': 'A charge was paid',
    'transfer.success': 'A transfer arrived',
    'transfer.failed': 'A transfer failed',
    'subscription.create': 'A customer subscribed to a plan',
    'refund.processed': 'A refund was made',
  },
  confidence: 'medium',
  assumptions: ['The User-Agent is not published, so none of its own is sent.'],
  setup: 'Dashboard → Settings → API Keys & Webhooks',
});

export default provider;
