import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'knock',
  title: 'Knock',
  docs: [
    'https://docs.knock.app/developer-tools/outbound-webhooks/overview',
    'https://docs.knock.app/developer-tools/outbound-webhooks/event-types',
  ],
  // As Stripe writes it, but milliseconds, `s` and base64. The documentation recommends to refuse what is older than 5 minutes.
  signature: {
    header: 'x-knock-signature',
    separator: ',',
    prefix: 's=',
    encoding: 'base64',
    timestamp: 'item:t=',
    timestampUnit: 'ms',
    content: '{timestamp}.{body}',
    tolerance: { past: '5m', future: null },
  },
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: '{base62:27}',
  sentAt: 'body:/created_at',
  // `retries` is absent: up to 8 tries, on a schedule that is not published.
  events: {
    'message.sent': 'A message was handed to its channel',
    'message.delivered': 'A message was delivered',
    'message.bounced': 'A message came back',
    'message.seen': 'A message was seen in a feed',
    'workflow.committed': 'A change of a workflow was committed',
  },
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'Developers → Webhooks',
});

export default provider;
