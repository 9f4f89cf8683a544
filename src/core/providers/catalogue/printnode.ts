import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// A receiver must answer with the header `X-PrintNode-Webhook-Status: OK` as well.
const provider: Provider = defineProvider({
  name: 'printnode',
  title: 'PrintNode',
  docs: 'https://www.printnode.com/en/docs/webhooks',
  // The secret itself is sent along; nothing of the body is covered.
  signature: { kind: 'token', header: 'X-PrintNode-Webhook-Secret' },
  // A request holds every event that is due.
  batch: 'body:',
  event: ['each:/type', 'each:/event'],
  eventId: [
    '{each:/type}:{each:/data/printJobId}:{each:/data/state}:{each:/createdAt}',
    '{each:/type}:{each:/data/event/serverUuid}:{each:/createdAt}',
  ],
  fresh: {
    // Its two events are of one job.
    'body:/0/data/printJobId': '4{digits:7}',
    'body:/1/data/printJobId': '{body:/0/data/printJobId}',
    'each:/data/event/serverUuid': '{uuid}',
    'each:/data/connections/0/serverUuid': '{each:/data/event/serverUuid}',
  },
  sentAt: 'each:/createdAt',
  events: {
    'print job state': 'A print job reached another state',
    'computer state': 'A computer connected or disconnected',
  },
  allEvents: 'https://www.printnode.com/en/docs/webhooks',
  confidence: 'low',
  assumptions: [
    'The header of the secret is known from several open code bases; the documentation says that it is sent, not where.',
    'The fields are as an open server that speaks PrintNode’s format writes them.',
    'Any 2xx status counts as delivered, beside the header X-PrintNode-Webhook-Status: OK.',
  ],
  setup: 'Account → Webhooks, or POST /webhook',
});

export default provider;
