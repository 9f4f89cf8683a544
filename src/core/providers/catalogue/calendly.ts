import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'calendly',
  title: 'Calendly',
  docs: [
    'https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures',
    'https://developer.calendly.com/api-docs/c1ddba8ce4a0d-webhook-subscriptions',
  ],
  // The documentation's own code limits age to 3 minutes and does not look at the future.
  signature: {
    header: 'Calendly-Webhook-Signature',
    separator: ',',
    prefix: 'v1=',
    timestamp: 'item:t=',
    content: '{timestamp}.{body}',
    tolerance: { past: '3m', future: null },
  },
  event: 'body:/event',
  // A delivery has no id of its own; these three together are the same for a repeated one.
  eventId: '{body:/event}:{body:/payload/uri}:{body:/created_at}',
  fresh: { 'body:/payload/uri': '{stem}{base32:16}' },
  sentAt: 'body:/created_at',
  sentAtFormat: '{date}T{time}.{ms}000Z',
  // `retries` is absent: for 24 hours, on a schedule that is not published.
  events: {
    'invitee.created': 'Somebody booked an event',
    'invitee.canceled': 'A booking was cancelled',
    'invitee_no_show.created': 'An invitee was marked as not having come',
    'routing_form_submission.created': 'Somebody filled in a routing form',
  },
  confidence: 'medium',
  assumptions: [
    'A repeated delivery keeps its created_at, which serves for telling duplicates; no delivery id is published.',
    'The timeout and the User-Agent are not published.',
  ],
  setup: 'POST https://api.calendly.com/webhook_subscriptions with signing_key',
});

export default provider;
