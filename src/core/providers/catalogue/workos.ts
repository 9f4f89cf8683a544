import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// As workos-node, common/crypto/signature-provider: milliseconds, and only the age is checked.
const provider: Provider = defineProvider({
  name: 'workos',
  title: 'WorkOS',
  docs: [
    'https://workos.com/docs/events/data-syncing/webhooks',
    'https://workos.com/docs/events',
    'https://github.com/workos/workos-node',
  ],
  signature: {
    header: 'WorkOS-Signature',
    separator: ', ',
    prefix: 'v1=',
    timestamp: 'item:t=',
    timestampUnit: 'ms',
    content: '{timestamp}.{body}',
    tolerance: { past: '180s', future: null },
  },
  event: 'body:/event',
  eventId: 'body:/id',
  idFormat: 'event_01{base32:24}',
  sentAt: 'body:/created_at',
  events: {
    'dsync.user.created': 'A user appeared in a directory',
    'dsync.user.updated': 'A user of a directory changed',
    'dsync.user.deleted': 'A user left a directory',
    'dsync.group.user_added': 'A user joined a group of a directory',
    'connection.activated': 'An SSO connection was activated',
    'user.created': 'A user was created',
    'session.created': 'Somebody signed in',
  },
  clues: { values: { 'body:/id': '^event_', 'body:/event': '^[a-z_]+(\\.[a-z_]+)+$' } },
  confidence: 'high',
  assumptions: ['Timeout, retries and what counts as delivered are not known; any 2xx is taken for success.'],
  setup: 'Dashboard → Developer → Webhooks',
});

export default provider;
