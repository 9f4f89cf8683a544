import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Webhooks of the integration platform. Headers and signature as getsentry/sentry writes them (app_platform_event.py, sentry_app.py).
const provider: Provider = defineProvider({
  name: 'sentry',
  title: 'Sentry',
  docs: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  // Over the bytes as they are sent, in which everything beyond ASCII is escaped: the documentation's own code parses and
  // writes the body again, and refuses such a delivery. Requests for UI components carry the second header.
  signature: { header: ['Sentry-Hook-Signature', 'Sentry-App-Signature'] },
  event: '{header:Sentry-Hook-Resource}.{body:/action}',
  eventId: 'header:Request-ID',
  idFormat: '{hex:32}',
  headers: [
    ['Sentry-Hook-Resource', '{event:head}'],
    // Not signed.
    ['Sentry-Hook-Timestamp', '{unix}'],
  ],
  timeout: '1s',
  events: {
    'installation.created': 'Somebody installed a public integration',
    'issue.created': 'A new issue was seen',
    'issue.resolved': 'An issue was resolved',
    'event_alert.triggered': 'An alert rule fired',
    'comment.created': 'Somebody commented on an issue',
  },
  confidence: 'high',
  assumptions: ['Any 2xx status counts as delivered; what is tried again, and when, is not published.'],
  setup: 'Settings → Developer Settings → your integration',
});

export default provider;
