import { defineProvider } from '../define.js';
import type { KeyForm, Provider, SchemeDefinition } from '../model.js';

// The names of the specification first; `svix-*` are the older ones, still sent by Svix and those built on it.
const names = {
  header: ['webhook-signature', 'svix-signature'],
  timestampHeader: ['webhook-timestamp', 'svix-timestamp'],
  idHeader: ['webhook-id', 'svix-id'],
  content: '{id}.{timestamp}.{body}',
  encoding: 'base64',
  separator: ' ',
  tolerance: '5m',
} as const satisfies SchemeDefinition;

const symmetric: KeyForm = { encoding: 'base64', prefix: 'whsec_' };

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const provider: Provider = defineProvider({
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  docs: 'https://www.standardwebhooks.com',
  signature: [
    { ...names, id: 'v1', kind: 'hmac', algorithm: 'sha256', prefix: 'v1,', key: symmetric },
    {
      ...names,
      id: 'v1a',
      kind: 'ed25519',
      prefix: 'v1a,',
      // A private key is base64 of seed and public key (64 bytes), a public one of 32 bytes.
      key: [
        { encoding: 'base64', prefix: 'whsk_', required: true },
        { encoding: 'base64', prefix: 'whpk_', required: true },
      ],
    },
  ],
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
  assumptions: [
    'Event names are the sender’s own; the three here are examples.',
    'Timeout and retries are what the specification recommends; a sender may do otherwise.',
  ],
});

export default provider;
