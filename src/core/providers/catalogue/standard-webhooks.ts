import { defineProvider } from '../define.js';
import type { Provider, SchemeDefinition } from '../model.js';
import { standardScheme, withKeyPair } from '../standard.js';

// The names of the specification first; `svix-*` are the older ones, still sent by Svix and those built on it.
const scheme: SchemeDefinition = {
  ...standardScheme,
  header: ['webhook-signature', 'svix-signature'],
  timestampHeader: ['webhook-timestamp', 'svix-timestamp'],
  idHeader: ['webhook-id', 'svix-id'],
};

const provider: Provider = defineProvider({
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  docs: 'https://www.standardwebhooks.com',
  signature: [scheme, withKeyPair(scheme)],
  event: 'body:/type',
  eventId: ['header:webhook-id', 'header:svix-id'],
  idFormat: 'msg_{base62:27}',
  sentAt: 'body:/timestamp',
  // "Recommended between 15s and 30s" in the specification.
  timeout: '15s',
  success: '2xx',
  // The schedule the specification suggests.
  retries: ['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'],
  events: {
    'user.created': 'Somebody signed up',
    'order.created': 'An order was placed',
    'invoice.paid': 'An invoice was paid',
  },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: [
    'Event names are the sender’s own; the three here are examples.',
    'Timeout and retries are what the specification recommends; a sender may do otherwise.',
  ],
});

export default provider;
