import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'zendesk',
  title: 'Zendesk',
  docs: [
    'https://developer.zendesk.com/documentation/webhooks/verifying/',
    'https://developer.zendesk.com/documentation/webhooks/creating-and-monitoring-webhooks/',
    'https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/',
  ],
  // The key is the signing secret as text, though it looks like base64. A GET or DELETE signs the timestamp alone. No age is limited.
  signature: {
    header: 'X-Zendesk-Webhook-Signature',
    encoding: 'base64',
    timestampHeader: 'X-Zendesk-Webhook-Signature-Timestamp',
    timestampUnit: 'iso',
    content: '{timestamp}{body}',
  },
  // Of webhooks that subscribe to events; what a trigger or automation sends is of one's own making.
  event: 'body:/type',
  eventId: ['body:/id', 'header:X-Zendesk-Webhook-Invocation-Id'],
  idFormat: '{uuid}',
  sentAt: 'body:/time',
  headers: [
    ['X-Zendesk-Account-Id', '22129848'],
    ['X-Zendesk-Webhook-Id', '01HZ2K4T8QW3E5R7Y9U1P0A6S2'],
    ['X-Zendesk-Webhook-Invocation-Id', '{base32:26}'],
  ],
  userAgent: 'Zendesk Webhook',
  contentType: 'application/json; charset=utf-8',
  timeout: '12s',
  success: '2xx',
  // `retries` is absent: up to three times after 409, up to five after a timeout, after 429 or 503 as Retry-After says; no times are published.
  events: {
    'zen:event-type:ticket.created': 'A ticket was created',
    'zen:event-type:ticket.status_changed': 'The status of a ticket changed',
    'zen:event-type:user.created': 'A user was created',
    'zen:event-type:organization.created': 'An organization was created',
  },
  clues: { userAgent: 'Zendesk Webhook' },
  confidence: 'medium',
  assumptions: [
    'The timeout of 12 s is quoted by one who read the documentation; others say 10 s.',
    'The User-Agent is what deliveries are seen with.',
  ],
  setup: 'Admin Center → Apps and integrations → Webhooks → the webhook → Reveal secret',
});

export default provider;
