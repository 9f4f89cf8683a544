import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'lemonsqueezy',
  title: 'Lemon Squeezy',
  docs: [
    'https://docs.lemonsqueezy.com/help/webhooks/webhook-requests',
    'https://docs.lemonsqueezy.com/help/webhooks/signing-requests',
    'https://docs.lemonsqueezy.com/help/webhooks/event-types',
  ],
  signature: { header: 'X-Signature' },
  event: ['body:/meta/event_name', 'header:X-Event-Name'],
  // `eventId` is absent: `meta.webhook_id` is that of the webhook in the settings, and a delivery has no id.
  headers: [['X-Event-Name', '{event}']],
  contentType: 'application/json',
  success: '200',
  // Up to three more times, further apart each time.
  retries: ['5s', '25s', '125s'],
  events: {
    order_created: 'An order was placed',
    order_refunded: 'An order was refunded, partly or in full',
    subscription_created: 'A subscription was created',
    subscription_cancelled: 'A subscription was cancelled, and goes on to the end of its period',
    subscription_payment_failed: 'A renewal payment failed',
  },
  // Others send an X-Signature too: the event's name in header and body is what tells this one from them.
  clues: { headers: ['X-Event-Name'], values: { 'body:/meta/event_name': '^[a-z_]+$' } },
  confidence: 'medium',
  assumptions: [
    'Signature, answer (200) and retries are known from open code and articles that agree; the pages under `docs` were not read.',
    'A timeout and a User-Agent are not published.',
  ],
  setup: 'Settings → Webhooks → +',
});

export default provider;
