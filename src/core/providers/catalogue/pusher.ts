import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Channels.
const provider: Provider = defineProvider({
  name: 'pusher',
  title: 'Pusher Channels',
  docs: [
    'https://pusher.com/docs/channels/server_api/webhooks/',
    'https://github.com/pusher/pusher-http-node/blob/master/lib/webhook.js',
  ],
  // Signed with the secret of the app's key, which X-Pusher-Key names.
  signature: { header: 'X-Pusher-Signature' },
  batch: 'body:/events',
  event: 'each:/name',
  // `eventId` is absent: neither the delivery nor an event has an id of its own.
  sentAt: 'body:/time_ms',
  sentAtFormat: 'ms',
  headers: [['X-Pusher-Key', '2d3fe0a4b1c5f6e7a8b9']],
  // `retries` is absent: with a growing pause for 5 minutes.
  events: {
    channel_occupied: 'Somebody subscribed to an empty channel',
    channel_vacated: 'The last one left a channel',
    member_added: 'Somebody joined a presence channel',
    client_event: 'A client sent an event',
  },
  confidence: 'high',
  assumptions: ['The timeout and the User-Agent are not published; any 2xx status counts as delivered.'],
  setup: 'App → Webhooks',
});

export default provider;
