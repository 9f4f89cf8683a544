import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the documentation; the signature is what validateWebhookSignature of the razorpay package checks.
const provider: Provider = defineProvider({
  name: 'razorpay',
  title: 'Razorpay',
  docs: [
    'https://razorpay.com/docs/webhooks/',
    'https://razorpay.com/docs/webhooks/validate-test/',
    'https://github.com/razorpay/razorpay-node/blob/master/lib/utils/razorpay-utils.js',
  ],
  signature: { header: 'X-Razorpay-Signature' },
  event: 'body:/event',
  eventId: 'header:x-razorpay-event-id',
  idFormat: '{base62:14}',
  sentAt: 'body:/created_at',
  sentAtFormat: 's',
  timeout: '5s',
  // `retries` is absent: with a growing pause for 24 hours, after which the webhook is disabled.
  events: {
    'payment.authorized': 'A payment was authorised, and is not captured yet',
    'payment.captured': 'A payment was captured',
    'payment.failed': 'A payment failed',
    'order.paid': 'An order was paid',
    'refund.processed': 'A refund was made',
  },
  confidence: 'high',
  assumptions: [
    'The timeout of 5 s is general knowledge, not checked anew; any 2xx status counts as delivered.',
    'The User-Agent is not published, so none of its own is sent.',
  ],
  setup: 'Account & Settings → Webhooks',
});

export default provider;
