import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Webhooks (Actions) and the classic Webhooks destination.
const provider: Provider = defineProvider({
  name: 'segment',
  title: 'Twilio Segment',
  docs: [
    'https://segment.com/docs/connections/destinations/catalog/actions-webhook/',
    'https://segment.com/docs/connections/destinations/catalog/webhooks/',
  ],
  signature: { header: 'X-Signature', algorithm: 'sha1' },
  event: 'body:/type',
  eventId: 'body:/messageId',
  idFormat: 'ajs-next-{unixms}-{uuid}',
  sentAt: 'body:/sentAt',
  events: {
    track: 'Somebody did something',
    identify: 'Something became known of somebody',
    page: 'Somebody saw a page',
    group: 'Somebody belongs to a group',
  },
  // Others send an X-Signature too; what Segment passes on has an envelope of its own.
  clues: {
    values: {
      'body:/type': '^(track|identify|page|screen|group|alias)$',
      'body:/messageId': '.',
      'body:/receivedAt': '^\\d{4}-',
    },
  },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published in a form that was checked.'],
  setup: 'Destinations → Webhooks → Shared secret',
});

export default provider;
