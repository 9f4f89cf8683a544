import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the two pages under `docs`; what they leave open is an assumption below.
const provider: Provider = defineProvider({
  name: 'connect2print',
  title: 'Connect2Print',
  docs: [
    'https://connect2print.com/platform/developers/guides/webhooks.php',
    'https://connect2print.com/platform/developers/guides/authentication.php',
  ],
  // hash_hmac('sha256', $body, $secret), lower-case hex, no prefix; no timestamp is signed, so there is no replay window.
  signature: { header: 'X-Webhook-Signature', algorithm: 'sha256', encoding: 'hex', content: '{body}' },
  event: 'body:/event',
  // One a delivery, the same when it is sent again: the documentation says to deduplicate by it.
  eventId: 'body:/id',
  idFormat: 'wh_{hex:12}',
  // Order is not guaranteed: the documentation says to sort by it. Spelled 2024-01-15T10:30:00Z, without a fraction.
  sentAt: 'body:/timestamp',
  sentAtFormat: 'iso-s',
  contentType: 'application/json',
  timeout: '10s',
  // "Respond with status 200".
  success: '200',
  // `retries` is absent: they happen automatically, on a schedule that is not published.
  events: {
    'order.created': 'A new order has been created',
    'order.updated': 'An order has been updated',
    'order.completed': 'An order has been completed',
    'order.cancelled': 'An order has been cancelled',
    'order.shipped': 'An order has been shipped',
    'invoice.created': 'A new invoice has been created',
    'invoice.sent': 'An invoice has been sent',
    'invoice.paid': 'An invoice has been paid',
    'quote.created': 'A new quote has been created',
    'quote.accepted': 'A quote has been accepted',
    'quote.rejected': 'A quote has been rejected',
    'production.job.created': 'A new production job has been created',
    'production.job.completed': 'A production job is complete',
    'customer.created': 'A new customer has been created',
    'shipment.delivered': 'A shipment has been delivered',
    'stock.low': 'The stock level of an article is low',
  },
  // Several providers send an X-Webhook-Signature; the envelope is what tells this one from them.
  clues: {
    values: {
      'body:/id': '^wh_[0-9A-Za-z]+$',
      'body:/event': '^[a-z_]+(\\.[a-z_]+)+$',
      'body:/timestamp': '^\\d{4}-\\d{2}-\\d{2}T',
    },
  },
  confidence: 'medium',
  assumptions: [
    'The content type is application/json; it is not published.',
    'The User-Agent is not published, so none of its own is sent.',
    'The secret is used as UTF-8 text, as the PHP example on the webhooks page does.',
    'Only order.created has a published example; the data of the other events is modelled on it.',
    'The event name of the test webhook that the API sends is not published.',
  ],
  setup: 'Settings → Webhooks (HTTPS required)',
  testEvent: {
    method: 'POST',
    url: 'https://app1.connect2print.com/api/v1/webhooks/{id}/test',
    keyVariable: 'CONNECT2PRINT_API_KEY',
    keyPrefixes: { test: 'c2p_test_', live: 'c2p_live_' },
    scope: 'webhooks:write',
    docs: 'https://connect2print.com/platform/developers/guides/authentication.php',
  },
});

export default provider;
