import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'webex',
  title: 'Webex',
  docs: ['https://developer.webex.com/docs/webhooks'],
  signature: { header: 'X-Spark-Signature', algorithm: 'sha1' },
  event: '{body:/resource}.{body:/event}',
  // `id` is the webhook’s: what it is about, and what happened to it.
  eventId: ['{body:/resource}:{body:/event}:{body:/data/id}', 'body:/data/id'],
  idFormat: '{base62:79}',
  events: {
    'messages.created': 'Somebody wrote a message',
    'memberships.created': 'Somebody was added to a space',
    'rooms.updated': 'A space was changed',
    'attachmentActions.created': 'Somebody submitted a card',
  },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published in a form that was checked.'],
  setup: 'POST https://webexapis.com/v1/webhooks with secret',
});

export default provider;
