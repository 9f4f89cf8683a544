import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'fireflies',
  title: 'Fireflies.ai',
  docs: ['https://docs.fireflies.ai/graphql-api/webhooks-v2', 'https://docs.fireflies.ai/graphql-api/webhooks'],
  signature: [
    { id: 'v2', header: 'X-Hub-Signature', prefix: 'sha256=' },
    // The first version, without a prefix and with other names in its body.
    { id: 'v1', header: 'X-Hub-Signature', sends: false },
  ],
  event: ['body:/event', 'body:/eventType'],
  // A meeting has each of its events once; the header is seen on deliveries, and not documented.
  eventId: ['header:X-Webhook-Delivery-Id', '{body:/event}:{body:/meeting_id}', '{body:/eventType}:{body:/meetingId}'],
  idFormat: '{uuid}',
  sentAt: 'body:/timestamp',
  sentAtFormat: 'ms',
  userAgent: 'Fireflies-Webhook/2.0',
  timeout: '10s',
  events: {
    'meeting.transcribed': 'A meeting was transcribed',
    'meeting.summarized': 'A meeting was summed up',
    'meeting.bot_joined': 'The assistant joined a meeting',
    test: 'Somebody tries the webhook in its settings',
  },
  // Bitbucket and Jira write the same header in the same way.
  clues: { userAgent: 'Fireflies-Webhook/', values: { 'body:/event': '^(meeting\\.[a-z_]+|test)$', 'body:/meeting_id': '.' } },
  confidence: 'medium',
  assumptions: [
    'Retries have no published schedule.',
    'No page tells of a request that proves who owns the URL; what is seen is the event `test`, whose meeting id is always the same.',
    'A webhook without a secret, which is optional, sends no signature.',
  ],
  setup: 'Settings → Developer Settings → Webhooks V2',
});

export default provider;
