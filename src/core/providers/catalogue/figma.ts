import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Webhooks V2.
const provider: Provider = defineProvider({
  name: 'figma',
  title: 'Figma',
  docs: ['https://developers.figma.com/docs/rest-api/webhooks/', 'https://developers.figma.com/docs/rest-api/webhooks-security/'],
  // Not signed: the passcode that was chosen for the webhook comes back in the body.
  signature: { kind: 'token', at: 'body:/passcode' },
  event: 'body:/event_type',
  // A delivery has no id of its own; these three are the same for a repeated one. A PING has none.
  eventId: [
    '{body:/event_type}:{body:/comment_id}:{body:/timestamp}',
    '{body:/event_type}:{body:/version_id}:{body:/timestamp}',
    '{body:/event_type}:{body:/file_key}:{body:/timestamp}',
  ],
  fresh: { 'body:/comment_id': '{digits:10}', 'body:/version_id': '{digits:10}', 'body:/file_key': '{base62:22}' },
  sentAt: 'body:/timestamp',
  sentAtFormat: 'iso-s',
  success: '200',
  retries: ['5m', '30m', '3h'],
  events: {
    PING: 'The webhook was made',
    FILE_UPDATE: 'A file was not edited for 30 minutes, or was closed',
    FILE_VERSION_UPDATE: 'A version of a file was named',
    FILE_COMMENT: 'Somebody commented on a file',
    LIBRARY_PUBLISH: 'A library was published',
  },
  clues: { values: { 'body:/webhook_id': '.', 'body:/event_type': '^[A-Z_]+$', 'body:/timestamp': '^\\d{4}-' } },
  confidence: 'medium',
  assumptions: ['A repeated delivery keeps its timestamp.', 'The timeout and the User-Agent are not published.'],
  setup: 'POST https://api.figma.com/v2/webhooks with passcode',
});

export default provider;
