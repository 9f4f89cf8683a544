import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the documentation; the signature is what Webhook.verifyEventBody of coinbase-commerce-node checks.
const provider: Provider = defineProvider({
  name: 'coinbase-commerce',
  title: 'Coinbase Commerce',
  docs: [
    'https://docs.cdp.coinbase.com/commerce-onchain/docs/webhooks',
    'https://docs.cdp.coinbase.com/commerce-onchain/docs/webhooks-security',
    'https://github.com/coinbase/coinbase-commerce-node/blob/master/lib/Webhook.js',
  ],
  signature: { header: 'X-CC-Webhook-Signature' },
  event: 'body:/event/type',
  eventId: 'body:/event/id',
  idFormat: '{uuid}',
  sentAt: 'body:/event/created_at',
  sentAtFormat: 'iso-s',
  success: '200',
  // `retries` is absent: with a growing pause of up to an hour, for 3 days; attempt_number in the body counts them.
  events: {
    'charge:created': 'A charge was created',
    'charge:pending': 'A payment was seen, and is not confirmed yet',
    'charge:confirmed': 'A charge was paid',
    'charge:failed': 'A charge expired unpaid',
  },
  confidence: 'high',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'Settings → Notifications → Webhook subscriptions',
});

export default provider;
