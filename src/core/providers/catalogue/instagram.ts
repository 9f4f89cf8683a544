import { hubChallenge } from '../challenges/hub.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Signed as every webhook of Meta's, with the app's secret.
const provider: Provider = defineProvider({
  name: 'instagram',
  title: 'Instagram',
  docs: [
    'https://developers.facebook.com/docs/instagram-platform/webhooks',
    'https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram',
  ],
  // Both are sent. They cover the bytes as they are sent, in which everything beyond ASCII and each slash is escaped.
  signature: [
    { id: 'sha256', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
    { id: 'sha1', header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' },
  ],
  event: ['{body:/entry/0/changes/0/field}', 'messages{?body:/entry/0/messaging/0/message/mid}'],
  // A delivery has no id of its own, what it is about has.
  eventId: [
    'body:/entry/0/messaging/0/message/mid',
    'body:/entry/0/changes/0/value/id',
    'body:/entry/0/changes/0/value/comment_id',
  ],
  idFormat: '1{digits:16}',
  fresh: { 'body:/entry/0/messaging/0/timestamp': '{unixms}' },
  // `retries` is absent: at once, then less and less often, for 36 hours.
  events: {
    comments: 'Somebody commented on a media object',
    mentions: 'Somebody mentioned the account in a comment or caption',
    messages: 'Somebody wrote to the account',
  },
  clues: { values: { 'body:/object': '^instagram$' } },
  family: 'meta',
  challenges: [hubChallenge],
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'App Dashboard → Instagram → Webhooks',
});

export default provider;
