import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Webhooks V3. Facts are from PagerDuty/developer-docs, docs/webhooks.
const provider: Provider = defineProvider({
  name: 'pagerduty',
  title: 'PagerDuty',
  docs: [
    'https://docs.pagerduty.com/developer/webhooks-overview',
    'https://docs.pagerduty.com/developer/verifying-webhook-signatures',
    'https://github.com/PagerDuty/go-pagerduty/blob/main/webhookv3/webhookv3.go',
  ],
  // While a secret is replaced, one signature for each, with nothing but a comma between; any v1 may match.
  signature: { header: 'X-PagerDuty-Signature', prefix: 'v1=', separator: ',' },
  event: 'body:/event/event_type',
  // The documentation says to deduplicate by the header: it stays the same over every try.
  eventId: ['header:X-Webhook-Id', 'body:/event/id'],
  idFormat: '{uuid}',
  sentAt: 'body:/event/occurred_at',
  headers: [['X-Webhook-Subscription', 'PWH00K1']],
  userAgent: 'PagerDuty-Webhook/V3.0',
  contentType: 'application/json; charset=utf-8',
  timeout: '5s',
  // `retries` is absent: exponential, after a 5xx, a 429 or no answer; how many and when has changed and is not published exactly.
  events: {
    'incident.triggered': 'An incident was opened',
    'incident.acknowledged': 'Somebody took on an incident',
    'incident.resolved': 'An incident was resolved',
    'incident.annotated': 'A note was added to an incident',
    'service.updated': 'A service was changed',
  },
  clues: { userAgent: 'PagerDuty-Webhook/' },
  confidence: 'high',
  assumptions: [
    'User-Agent, content type and the header X-Webhook-Subscription are as seen on deliveries; they are not published.',
  ],
  setup: 'Integrations → Generic Webhooks (v3)',
});

export default provider;
