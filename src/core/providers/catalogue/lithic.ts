import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'lithic',
  title: 'Lithic',
  docs: [
    'https://docs.lithic.com/docs/events-api',
    'https://docs.lithic.com/docs/types-of-events',
    'https://github.com/lithic-com/lithic-node',
  ],
  // lithic-node asks for the names of the specification; the same values come as svix-* too.
  signature: standardScheme,
  event: 'body:/event_type',
  eventId: 'header:webhook-id',
  idFormat: 'msg_{base62:27}',
  userAgent: 'Svix-Webhooks/1.62.0',
  success: '2xx',
  // `retries` is absent: the schedule is not published; five days of nothing but failures switch the subscription off.
  events: {
    'card.created': 'A card was created',
    'card_transaction.updated': 'A card transaction happened, or changed',
    'payment_transaction.created': 'A payment was created',
    'account_holder.created': 'An account holder was created',
    'dispute.updated': 'A dispute changed',
  },
  clues: {
    headers: ['webhook-id'],
    userAgent: 'Svix-Webhooks/',
    values: { 'body:/event_type': '^[a-z0-9_]+(\\.[a-z0-9_]+)+$' },
  },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['The User-Agent is Svix’s, through which it is sent.'],
  setup: 'POST /v1/event_subscriptions',
});

export default provider;
