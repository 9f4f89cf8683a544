import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'mollie',
  title: 'Mollie',
  docs: ['https://docs.mollie.com/reference/webhooks-new', 'https://docs.mollie.com/reference/webhooks'],
  // Of the next-gen webhooks. For 24 hours after the secret changed the header is sent twice, once for each; either may match.
  signature: { header: 'X-Mollie-Signature', prefix: 'sha256=', repeated: true },
  unsigned: {
    body: 'id=[a-z]+_[A-Za-z0-9]+',
    why: 'Mollie does not sign its classic webhooks: they only say which payment to ask about. Fetch it from the API, and believe that.',
  },
  event: ['body:/type', 'payment.changed{?form:id}'],
  eventId: 'body:/id',
  idFormat: 'event_{base62:21}',
  fresh: { 'form:id': 'tr_{base62:10}' },
  sentAt: 'body:/createdAt',
  sentAtFormat: '{date}T{time}.0Z',
  userAgent: 'Mollie HTTP client/1.0',
  contentType: 'application/json',
  timeout: '15s',
  success: '2xx',
  // `retries` is absent: ten tries within 26 hours, at times that were not found.
  events: {
    'payment-link.paid': 'A payment link was paid',
    'profile.verified': 'A profile was verified',
    'sales-invoice.paid': 'A sales invoice was paid',
    'payment.changed': 'The status of a payment changed (a classic webhook, unsigned: fetch it with GET /v2/payments/{id})',
  },
  clues: { userAgent: 'Mollie HTTP client/' },
  confidence: 'medium',
  assumptions: [
    'The signature is known from open code that agrees; @mollie/api-client 4.6 has no validator.',
    'The timeout (15 s) is general knowledge.',
    'The User-Agent is documented for classic webhooks, and taken to be the same for the next-gen ones.',
  ],
  setup: 'Dashboard → Developers → Webhooks, or POST /v2/webhooks',
});

export default provider;
