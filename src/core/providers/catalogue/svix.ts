import { defineProvider } from '../define.js';
import type { Provider, SchemeDefinition } from '../model.js';
import { svixRetries, svixScheme, withKeyPair } from '../standard.js';

// The libraries look for svix-* first, and for the names of the specification (which Svix sends white-labelled) after that.
const scheme: SchemeDefinition = {
  ...svixScheme,
  header: ['svix-signature', 'webhook-signature'],
  timestampHeader: ['svix-timestamp', 'webhook-timestamp'],
  idHeader: ['svix-id', 'webhook-id'],
};

// Read in svix-webhooks: the JavaScript library and the server. What a delivery says is up to whoever sends it through Svix.
const provider: Provider = defineProvider({
  name: 'svix',
  title: 'Svix',
  docs: [
    'https://docs.svix.com/receiving/verifying-payloads/how',
    'https://docs.svix.com/retries',
    'https://github.com/svix/svix-webhooks',
  ],
  signature: [scheme, withKeyPair(scheme)],
  event: 'body:/type',
  eventId: ['header:svix-id', 'header:webhook-id'],
  idFormat: 'msg_{base62:27}',
  sentAt: 'body:/timestamp',
  userAgent: 'Svix-Webhooks/1.62.0',
  // The server's default.
  timeout: '30s',
  success: '2xx',
  retries: svixRetries,
  events: {
    'user.created': 'Somebody signed up (an example)',
    'invoice.paid': 'An invoice was paid (an example)',
    'message.attempt.exhausted': 'Svix’s own: a message was given up after its last try',
  },
  clues: { headers: ['svix-id'], userAgent: 'Svix-Webhooks/' },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: [
    'The version in the User-Agent is an example.',
    'Hosted Svix may wait for an answer less long than the server’s default.',
  ],
});

export default provider;
