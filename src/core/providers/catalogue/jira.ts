import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'jira',
  title: 'Jira',
  docs: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/',
  // WebSub's form, method=signature; Jira sends SHA-256.
  signature: { header: 'X-Hub-Signature', algorithm: 'sha256', prefix: 'sha256=' },
  event: 'body:/webhookEvent',
  // Unique within a site, and the same when it is sent again.
  eventId: 'header:X-Atlassian-Webhook-Identifier',
  idFormat: '{uuid}',
  sentAt: 'body:/timestamp',
  sentAtFormat: 'ms',
  headers: [['X-Atlassian-Webhook-Flow', 'Primary']],
  userAgent: 'Atlassian Webhook HTTP Client',
  contentType: 'application/json; charset=UTF-8',
  success: '2xx',
  // `timeout` is absent: not published. `retries` is absent: up to five times after 408, 409, 425, 429 or 5xx, at random 5 to 15 minutes apart.
  events: {
    'jira:issue_created': 'An issue was created',
    'jira:issue_updated': 'An issue changed',
    'jira:issue_deleted': 'An issue was deleted',
    comment_created: 'Somebody commented on an issue',
    sprint_started: 'A sprint was started',
  },
  clues: { headers: ['X-Atlassian-Webhook-Identifier'], userAgent: 'Atlassian Webhook HTTP Client' },
  assumptions: [
    'The User-Agent is what deliveries are seen with; it is not published.',
    'The spelling of X-Atlassian-Webhook-Identifier’s value is opaque; a UUID is sent.',
  ],
  confidence: 'medium',
  setup: 'Jira settings → System → WebHooks',
});

export default provider;
