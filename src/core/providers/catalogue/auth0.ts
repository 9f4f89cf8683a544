import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Custom log streams.
const provider: Provider = defineProvider({
  name: 'auth0',
  title: 'Auth0 log streams',
  docs: [
    'https://auth0.com/docs/customize/log-streams/custom-log-streams',
    'https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes',
  ],
  // Not signed: the Authorization token of the stream's settings comes along, whole.
  signature: { kind: 'token', header: 'Authorization' },
  batch: 'body:',
  event: 'each:/data/type',
  eventId: 'each:/log_id',
  idFormat: '900{digits:53}',
  sentAt: 'each:/data/date',
  events: {
    s: 'Somebody logged in',
    f: 'Somebody failed to log in',
    ss: 'Somebody signed up',
    fp: 'Somebody used a wrong password',
  },
  clues: { values: { 'body:/0/log_id': '^[0-9]{20,}$', 'body:/0/data/type': '^[a-z_]+$' } },
  confidence: 'medium',
  assumptions: ['The timeout, the retries and the User-Agent are not published in a form that was checked.'],
  setup: 'Monitoring → Streams → Custom Webhook, content format JSON Array',
});

export default provider;
