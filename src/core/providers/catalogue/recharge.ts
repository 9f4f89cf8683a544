import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'recharge',
  title: 'Recharge',
  docs: [
    'https://docs.getrecharge.com/docs/webhooks-overview',
    'https://developer.rechargepayments.com/2021-11/webhooks_endpoints',
  ],
  // Both with the API client secret. What is older than 48 hours, or that far ahead, is refused.
  signature: [
    {
      id: 'v1',
      header: 'X-Recharge-Webhook-Signature',
      separator: ',',
      prefix: 'v1=',
      timestamp: ['item:t=', 'header:X-Recharge-Webhook-Timestamp'],
      content: '{timestamp}.{body}',
      tolerance: '48h',
    },
    // The older one is still sent on every delivery: a plain digest, not an HMAC.
    { id: 'legacy', kind: 'hash', header: 'X-Recharge-Hmac-Sha256', content: '{secret}{body}' },
  ],
  // No header names the topic: the one field of the body does, and says no more than what it is about.
  event: [
    'charge{?body:/charge/id}',
    'order{?body:/order/id}',
    'subscription{?body:/subscription/id}',
    'address{?body:/address/id}',
    'customer{?body:/customer/id}',
  ],
  // A delivery has no id of its own: what it is about, and when that changed last.
  eventId: [
    'charge:{body:/charge/id}:{body:/charge/updated_at}',
    'order:{body:/order/id}:{body:/order/updated_at}',
    'subscription:{body:/subscription/id}:{body:/subscription/updated_at}',
    'body:/charge/id',
    'body:/order/id',
    'body:/subscription/id',
  ],
  idFormat: '7{digits:8}',
  headers: [['X-Recharge-Webhook-Timestamp', '{unix}']],
  timeout: '5s',
  success: '200',
  // `retries` is absent: 20 times over 48 hours, after which the webhook is deleted.
  events: {
    charge: 'A charge was made, failed, or changed',
    order: 'An order was created or changed',
    subscription: 'A subscription was created, changed or ended',
  },
  confidence: 'medium',
  assumptions: ['The User-Agent is not published, so none of its own is sent.'],
  setup: 'POST https://api.rechargeapps.com/webhooks with address and topic',
});

export default provider;
