import { paddleClassicSignature } from '../../signature/custom/paddle-classic.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The older Paddle, for vendors who joined before August 2023; Paddle Billing is `paddle`.
const provider: Provider = defineProvider({
  name: 'paddle-classic',
  title: 'Paddle Classic',
  docs: ['https://developer.paddle.com/webhook-reference/verifying-webhooks', 'https://developer.paddle.com/classic'],
  // To verify, the secret is the account's public key: Developer Tools → Public Key.
  signature: { at: 'form:p_signature', custom: paddleClassicSignature },
  event: 'form:alert_name',
  eventId: 'form:alert_id',
  idFormat: '1{digits:9}',
  sentAt: 'form:event_time',
  sentAtFormat: '{date} {time}',
  contentType: 'application/x-www-form-urlencoded',
  success: '200',
  events: {
    subscription_created: 'Somebody subscribed',
    subscription_updated: 'A subscription changed: its plan, price or status',
    subscription_cancelled: 'A subscription was cancelled',
    subscription_payment_succeeded: 'A payment of a subscription arrived',
    subscription_payment_failed: 'A payment of a subscription failed',
    subscription_payment_refunded: 'A payment of a subscription was refunded',
    payment_succeeded: 'Somebody bought a product',
  },
  clues: { values: { 'form:alert_name': '^[a-z_]+$', 'form:p_signature': '^[A-Za-z0-9+/=]{100,}$' } },
  confidence: 'medium',
  assumptions: [
    'The timeout and the retries are not known any more; any answer but 200 is taken for a failure.',
    'Field names that PHP reads as arrays (`a[b]`) do not occur, so all fields are signed as strings.',
  ],
  setup: 'Developer Tools → Alerts / Webhooks',
});

export default provider;
