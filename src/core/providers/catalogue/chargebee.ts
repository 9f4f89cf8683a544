import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'chargebee',
  title: 'Chargebee',
  docs: [
    'https://www.chargebee.com/docs/billing/2.0/site-configuration/webhook_settings',
    'https://apidocs.chargebee.com/docs/api/events',
  ],
  // Not signed: the name and password of the webhook's settings come along as HTTP Basic. The secret is `name:password`.
  signature: { kind: 'token', header: 'Authorization', prefix: 'Basic ', encoding: 'base64' },
  event: 'body:/event_type',
  eventId: 'body:/id',
  idFormat: 'ev_{base62:17}',
  sentAt: 'body:/occurred_at',
  sentAtFormat: 's',
  contentType: 'application/json;charset=UTF-8',
  events: {
    customer_created: 'A customer was created',
    subscription_created: 'A subscription was created',
    subscription_cancelled: 'A subscription was cancelled',
    payment_succeeded: 'A payment was collected',
    payment_failed: 'A payment could not be collected',
  },
  clues: { values: { 'body:/id': '^ev_', 'body:/event_type': '^[a-z_]+$', 'body:/webhook_status': '^[a-z_]+$' } },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published in a form that was checked.'],
  setup: 'Settings → Configure Chargebee → API Keys and Webhooks',
});

export default provider;
