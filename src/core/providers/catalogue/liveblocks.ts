import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'liveblocks',
  title: 'Liveblocks',
  docs: [
    'https://liveblocks.io/docs/platform/webhooks',
    'https://github.com/liveblocks/liveblocks/tree/main/packages/liveblocks-node',
  ],
  // WebhookHandler of @liveblocks/node refuses a secret without whsec_.
  signature: { ...standardScheme, key: { encoding: 'base64', prefix: 'whsec_', required: true } },
  event: 'body:/type',
  eventId: 'header:webhook-id',
  idFormat: 'msg_{base62:27}',
  events: {
    roomCreated: 'A room was created',
    roomDeleted: 'A room was deleted',
    userEntered: 'A user entered a room',
    userLeft: 'A user left a room',
    storageUpdated: 'The storage of a room changed',
    threadCreated: 'A thread was created',
    commentCreated: 'A comment was created',
  },
  clues: { values: { 'body:/type': '^[a-z]+([A-Z][a-z]+)+$', '{body:/data/projectId}{body:/data/roomId}': '.' } },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['Timeout, retries and what counts as delivered are not known; any 2xx is taken for success.'],
  setup: 'Dashboard → Project → Webhooks',
});

export default provider;
