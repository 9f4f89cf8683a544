import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'courier',
  title: 'Courier',
  docs: [
    'https://www.courier.com/docs/platform/workspaces/outbound-webhooks',
    'https://www.courier.com/docs/guides/getting-started/outbound-webhooks',
  ],
  // Milliseconds. How old a signature may be is left to the receiver.
  signature: {
    header: 'courier-signature',
    separator: ',',
    prefix: 'signature=',
    timestamp: 'item:t=',
    timestampUnit: 'ms',
    content: '{timestamp}.{body}',
  },
  event: 'body:/type',
  // A message is updated many times: by its status and by when it got it.
  eventId: ['{body:/type}:{body:/data/id}:{body:/data/status}', 'body:/data/id'],
  idFormat: '1-{hex:8}-{hex:24}',
  events: {
    'message:updated': 'A message was sent, delivered, opened or clicked, or failed',
    'notification:submitted': 'A template was submitted for approval',
    'notification:published': 'A template was published',
    'audiences:updated': 'The definition of an audience changed',
  },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published.'],
  setup: 'Settings → Outbound Webhooks',
});

export default provider;
