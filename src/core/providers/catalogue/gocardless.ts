import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'gocardless',
  title: 'GoCardless',
  docs: [
    'https://developer.gocardless.com/api-reference/#appendix-webhooks',
    'https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/',
    'https://github.com/gocardless/gocardless-nodejs',
  ],
  // As gocardless-nodejs, src/webhooks: the header's name is that of Standard Webhooks, what it holds is plain hex.
  signature: { header: 'Webhook-Signature' },
  // Up to 250 in a request, which is tried again as a whole.
  batch: 'body:/events',
  event: '{each:/resource_type}.{each:/action}',
  eventId: 'each:/id',
  idFormat: 'EV{base32:12}',
  fresh: { 'body:/meta/webhook_id': 'WB{base32:17}' },
  sentAt: 'each:/created_at',
  headers: [['Origin', 'https://api.gocardless.com']],
  userAgent: 'gocardless-webhook-service/1.1',
  // Anything else has the whole request sent again; the schedule is not known here.
  success: '2xx',
  events: {
    'payments.confirmed': 'A payment was collected',
    'payments.failed': 'A payment could not be collected',
    'payments.paid_out': 'A payment was paid out',
    'payments.charged_back': 'A payer had a payment taken back',
    'mandates.active': 'A mandate is ready to be used',
    'mandates.cancelled': 'A mandate was cancelled',
    'mandates.failed': 'A mandate could not be set up',
    'payouts.paid': 'A payout was sent to the bank',
    'subscriptions.created': 'A subscription was created',
  },
  clues: {
    userAgent: 'gocardless-webhook-service/',
    values: { 'body:/events/0/id': '^EV', 'body:/events/0/resource_type': '^[a-z_]+$', 'body:/events/0/action': '^[a-z_]+$' },
  },
  confidence: 'high',
  assumptions: ['User-Agent and Origin are from general knowledge.', 'How long it waits for an answer is not known.'],
  setup: 'Dashboard → Developers → Webhook endpoints',
});

export default provider;
