import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'launchdarkly',
  title: 'LaunchDarkly',
  docs: ['https://launchdarkly.com/docs/integrations/webhooks', 'https://launchdarkly.com/docs/api/webhooks'],
  signature: { header: 'X-LD-Signature' },
  // The body is an entry of the audit log: the kind of thing, and what was done to it.
  event: '{body:/kind}.{body:/accesses/0/action}',
  eventId: 'body:/_id',
  idFormat: '{hex:24}',
  sentAt: 'body:/date',
  sentAtFormat: 'ms',
  // One more try; when is not published.
  events: {
    'flag.createFlag': 'A flag was created',
    'flag.updateOn': 'A flag was turned on or off',
    'flag.updateFallthrough': 'The default rule of a flag changed',
    'project.createProject': 'A project was created',
  },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published in a form that was checked.'],
  setup: 'Organization settings → Integrations → Webhooks → Sign this webhook',
});

export default provider;
