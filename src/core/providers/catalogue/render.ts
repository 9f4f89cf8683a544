import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'render',
  title: 'Render',
  docs: 'https://render.com/docs/webhooks',
  signature: standardScheme,
  event: 'body:/type',
  eventId: 'header:webhook-id',
  idFormat: 'evt-{hex:20}',
  sentAt: 'body:/timestamp',
  events: {
    deploy_started: 'A deploy began',
    deploy_ended: 'A deploy ended',
    build_ended: 'A build ended',
    server_failed: 'A service stopped working',
  },
  clues: { values: { 'body:/data/serviceId': '^[a-z]{3}-[0-9a-z]+$', 'body:/data/id': '^evt-' } },
  family: 'standard-webhooks',
  confidence: 'medium',
  assumptions: [
    'Signature, events and fields are from general knowledge and open code bases that agree.',
    'Timeout, retries and what counts as delivered are not known; any 2xx is taken for success.',
  ],
  setup: 'Dashboard → Integrations → Webhooks',
});

export default provider;
