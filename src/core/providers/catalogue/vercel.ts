import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'vercel',
  title: 'Vercel',
  docs: ['https://vercel.com/docs/webhooks', 'https://vercel.com/docs/webhooks/webhooks-api'],
  // SHA-1: some libraries say SHA-256, and refuse every delivery.
  signature: { header: 'x-vercel-signature', algorithm: 'sha1' },
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: '{base62:24}',
  sentAt: 'body:/createdAt',
  sentAtFormat: 'ms',
  // `retries` is absent: with a growing pause, for up to 24 hours.
  events: {
    'deployment.created': 'A deployment began',
    'deployment.succeeded': 'A deployment is ready',
    'deployment.error': 'A deployment failed',
    'deployment.promoted': 'A deployment was promoted to production',
    'project.created': 'A project was created',
  },
  // Log drains carry the same header over a list of log lines.
  clues: { values: { 'body:/type': '^[a-z-]+\\.[a-z.-]+$', 'body:/createdAt': '^\\d{13}$', 'body:/id': '.' } },
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published; any 2xx status counts as delivered.'],
  setup: 'Team Settings → Webhooks',
});

export default provider;
