import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { svixRetries, svixScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'clerk',
  title: 'Clerk',
  docs: ['https://clerk.com/docs/webhooks/overview', 'https://github.com/clerk/javascript/tree/main/packages/backend'],
  // @clerk/backend takes svix-* and refuses the names of the specification.
  signature: svixScheme,
  event: 'body:/type',
  eventId: 'header:svix-id',
  idFormat: 'msg_{base62:27}',
  sentAt: 'body:/timestamp',
  sentAtFormat: 'ms',
  userAgent: 'Svix-Webhooks/1.62.0',
  success: '2xx',
  // It is sent through Svix.
  retries: svixRetries,
  events: {
    'user.created': 'A user was created',
    'user.updated': 'A user changed',
    'user.deleted': 'A user was deleted',
    'session.created': 'Somebody signed in',
    'session.ended': 'Somebody signed out',
    'organization.created': 'An organization was created',
    'organizationMembership.created': 'Somebody joined an organization',
  },
  clues: {
    headers: ['svix-id'],
    userAgent: 'Svix-Webhooks/',
    values: { 'body:/object': '^event$', 'body:/instance_id': '^ins_' },
  },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['The User-Agent is Svix’s.', 'How long it waits for an answer is not published.'],
  setup: 'Dashboard → Configure → Webhooks',
});

export default provider;
