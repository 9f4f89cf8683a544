import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'polar',
  title: 'Polar',
  docs: [
    'https://polar.sh/docs/integrate/webhooks/delivery',
    'https://polar.sh/docs/integrate/webhooks/events',
    'https://github.com/polarsource/polar-js',
  ],
  // The whole secret as text is the key; @polar-sh/sdk 1.0.1 takes it as base64 too.
  signature: { ...standardScheme, key: [{ encoding: 'utf8' }, { encoding: 'base64', prefix: 'whsec_' }] },
  event: 'body:/type',
  eventId: 'header:webhook-id',
  idFormat: '{uuid}',
  secretFormat: 'polar_whs_{base62:43}',
  sentAt: 'body:/timestamp',
  userAgent: 'polar.sh webhooks',
  timeout: '10s',
  success: '2xx',
  // `retries` is absent: up to 10 more with growing intervals, which are not published; 10 failures in a row switch the endpoint off.
  events: {
    'checkout.created': 'A checkout was created',
    'checkout.updated': 'A checkout changed',
    'customer.created': 'A customer was created',
    'order.created': 'An order was created',
    'order.paid': 'An order was paid',
    'order.refunded': 'An order was refunded',
    'subscription.created': 'A subscription was created',
    'subscription.active': 'A subscription became active',
    'subscription.updated': 'A subscription changed',
    'subscription.canceled': 'A subscription was canceled',
  },
  // Without its User-Agent, what it sends looks like anybody's.
  clues: { userAgent: 'polar.sh webhooks' },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['The User-Agent is from general knowledge.'],
  setup: 'Settings → Webhooks, in the format Raw',
});

export default provider;
