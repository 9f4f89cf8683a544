import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// "We never send" the status itself: the form says which order to ask the API about, which is what makes it safe unsigned.
const provider: Provider = defineProvider({
  name: 'printapi',
  title: 'Print API (printapi.nl)',
  docs: 'https://portal.printapi.nl/test/docs/section/statuses?l=HTTP&t=EN',
  event: 'status_changed{?form:orderId}',
  fresh: { 'form:orderId': '8{digits:7}' },
  contentType: 'application/x-www-form-urlencoded',
  events: { status_changed: 'The status of an order or of its payment changed; fetch it with GET /v2/orders/{orderId}' },
  allEvents: 'https://portal.printapi.nl/test/docs/section/statuses?l=HTTP&t=EN',
  clues: { values: { 'form:orderId': '^\\d+$', 'header:content-type': 'x-www-form-urlencoded' } },
  confidence: 'medium',
  assumptions: ['Timeout, retries and what counts as delivered are not known; any 2xx is taken for success.'],
  setup: 'Settings → Webhooks',
});

export default provider;
