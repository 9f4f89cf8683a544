import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'circleci',
  title: 'CircleCI',
  docs: [
    'https://circleci.com/docs/guides/integration/outbound-webhooks/',
    'https://circleci.com/docs/reference/outbound-webhooks-reference/',
  ],
  // A list of versions, of which v1 is the only one so far; others are passed over.
  signature: { header: 'circleci-signature', prefix: 'v1=', separator: ',' },
  event: ['header:circleci-event-type', 'body:/type'],
  eventId: 'body:/id',
  idFormat: '{uuid}',
  sentAt: 'body:/happened_at',
  headers: [['circleci-event-type', '{event}']],
  userAgent: 'CircleCI-Webhook/1.0',
  timeout: '10s',
  // `retries` is absent: "later", on a schedule that is not published.
  events: {
    'workflow-completed': 'A workflow ended',
    'job-completed': 'A job ended',
  },
  allEvents: 'https://circleci.com/docs/reference/outbound-webhooks-reference/',
  clues: { userAgent: 'CircleCI-Webhook/' },
  confidence: 'high',
  setup: 'Project Settings → Webhooks',
});

export default provider;
