import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Delivery as the documentation says, the signature as LinearWebhookClient of @linear/sdk checks it.
const provider: Provider = defineProvider({
  name: 'linear',
  title: 'Linear',
  docs: [
    'https://linear.app/developers/webhooks',
    'https://github.com/linear/linear/blob/master/packages/sdk/src/webhooks/client.ts',
  ],
  // What is limited to a minute, both ways, is the time in the signed body; the SDK does not read Linear-Timestamp. It
  // lets a body without a time pass, which Linear never sends and which is not valid here.
  signature: {
    header: 'Linear-Signature',
    timestamp: 'body:/webhookTimestamp',
    timestampUnit: 'ms',
    tolerance: '1m',
  },
  event: '{body:/type}.{body:/action}',
  eventId: 'header:Linear-Delivery',
  idFormat: '{uuid}',
  sentAt: 'body:/createdAt',
  headers: [
    ['Linear-Event', '{body:/type}'],
    ['Linear-Timestamp', '{body:/webhookTimestamp}'],
  ],
  userAgent: 'Linear-Webhook',
  contentType: 'application/json; charset=utf-8',
  timeout: '5s',
  success: '200',
  retries: ['1m', '1h', '6h'],
  events: {
    'Issue.create': 'An issue was created',
    'Issue.update': 'An issue changed; what it was before is in updatedFrom',
    'Issue.remove': 'An issue was deleted',
    'Comment.create': 'Somebody commented on an issue',
    'Project.update': 'A project changed',
  },
  clues: { userAgent: 'Linear-Webhook' },
  confidence: 'high',
  assumptions: ['A redelivery keeps its Linear-Delivery.'],
  setup: 'Settings → API → Webhooks',
});

export default provider;
