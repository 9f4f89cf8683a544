import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (paddle-node-sdk, `WebhooksValidator`) has it.
const provider: Provider = defineProvider({
  name: 'paddle',
  title: 'Paddle',
  docs: [
    'https://developer.paddle.com/webhooks/signature-verification',
    'https://developer.paddle.com/webhooks/respond-to-webhooks',
    'https://github.com/PaddleHQ/paddle-node-sdk',
  ],
  // ts=…;h1=…: parted by semicolons. The key is the whole text, pdl_ntfset_ included.
  signature: {
    header: 'Paddle-Signature',
    separator: ';',
    prefix: 'h1=',
    timestamp: 'item:ts=',
    content: '{timestamp}:{body}',
    // Five seconds in the SDK, of age only, to the millisecond. Of several h1 (a secret that rotates) the documentation takes any and the SDK the last:
    // any is accepted here; who signs with two secrets for the SDK gives the one it knows last.
    tolerance: { past: '5s', future: null, exact: true },
  },
  event: 'body:/event_type',
  // The event's id, the same in every notification of it; `notification_id` is that of one notification.
  eventId: 'body:/event_id',
  idFormat: 'evt_01{hex:24}',
  secretFormat: 'pdl_ntfset_01{hex:24}_{base62:32}',
  sentAt: 'body:/occurred_at',
  sentAtFormat: '{date}T{time}.{ms}000Z',
  fresh: { 'body:/notification_id': 'ntf_01{hex:24}' },
  contentType: 'application/json',
  // "responding within five seconds", with HTTP 200.
  timeout: '5s',
  success: '200',
  // `retries` is absent: up to 60 within three days live, three within 15 minutes in a sandbox, at times that are not published.
  events: {
    'customer.created': 'A customer was created',
    'customer.updated': 'A customer changed',
    'address.created': 'An address was created for a customer',
    'transaction.created': 'A transaction was created',
    'transaction.ready': 'A transaction has a customer and an address, and can be paid',
    'transaction.paid': 'A transaction was paid, and is being processed',
    'transaction.completed': 'A transaction was paid and is processed',
    'transaction.payment_failed': 'A payment of a transaction failed',
    'subscription.created': 'A subscription was created',
    'subscription.activated': 'A subscription is active: it was paid, or its trial ended',
    'subscription.updated': 'A subscription changed',
    'subscription.past_due': 'A payment of a subscription failed',
    'subscription.canceled': 'A subscription ended',
    'adjustment.created': 'A refund or credit was made for a transaction',
  },
  confidence: 'high',
  assumptions: ['The User-Agent is not published, so none of its own is sent.'],
  setup: 'Developer tools → Notifications → New destination',
});

export default provider;
