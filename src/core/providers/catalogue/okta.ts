import { oktaVerification } from '../challenges/okta.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Event hooks.
const provider: Provider = defineProvider({
  name: 'okta',
  title: 'Okta event hooks',
  docs: [
    'https://developer.okta.com/docs/concepts/event-hooks/',
    'https://developer.okta.com/docs/guides/event-hook-implementation/',
  ],
  // Not signed: the secret that was set for the hook comes along, by default as Authorization.
  signature: { kind: 'token', header: 'Authorization' },
  batch: 'body:/data/events',
  event: 'each:/eventType',
  eventId: 'each:/uuid',
  idFormat: '{uuid}',
  sentAt: 'each:/published',
  timeout: '3s',
  events: {
    'user.lifecycle.create': 'A user was created',
    'user.session.start': 'Somebody signed in',
    'user.account.lock': 'A user was locked out',
    'group.user_membership.add': 'A user was added to a group',
  },
  clues: { values: { 'body:/eventType': '^com\\.okta\\.event_hook$' } },
  challenges: [oktaVerification],
  confidence: 'medium',
  assumptions: [
    'The timeout of 3 s is general knowledge, not checked anew; retries and User-Agent are not published in a form that was checked.',
  ],
  setup: 'Workflow → Event Hooks',
});

export default provider;
