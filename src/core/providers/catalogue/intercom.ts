import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'intercom',
  title: 'Intercom',
  docs: [
    'https://developers.intercom.com/docs/webhooks',
    'https://developers.intercom.com/docs/references/webhooks/webhook-models',
  ],
  // GitHub's older header name, with the client secret of the app as key.
  signature: { header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' },
  event: 'body:/topic',
  eventId: 'body:/id',
  idFormat: 'notif_{uuid}',
  secretFormat: '{uuid}',
  sentAt: 'body:/created_at',
  sentAtFormat: 's',
  headers: [['Accept', 'application/json']],
  userAgent: 'intercom-webhook-client',
  contentType: 'application/json',
  timeout: '5s',
  success: '2xx',
  retries: ['1m'],
  events: {
    'contact.user.created': 'A user was created',
    'conversation.user.created': 'Somebody began a conversation',
    'conversation.admin.replied': 'A teammate replied',
    'conversation.admin.closed': 'A teammate closed a conversation',
  },
  // X-Hub-Signature is GitHub's and others' too: the envelope is what tells this one from them.
  clues: { values: { 'body:/type': '^notification_event$', 'body:/topic': '^[a-z_]+(\\.[a-z_]+)*$' } },
  confidence: 'medium',
  assumptions: [
    'The timeout (5 s) and the one retry after a minute are general knowledge; the pages under `docs` were not read.',
    'The User-Agent is what deliveries are seen with.',
  ],
  setup: 'Developer Hub → the app → Webhooks',
});

export default provider;
