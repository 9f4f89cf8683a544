import { xeroIntent } from '../challenges/xero.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'xero',
  title: 'Xero',
  docs: [
    'https://developer.xero.com/documentation/guides/webhooks/overview/',
    'https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/',
  ],
  signature: { header: 'x-xero-signature', encoding: 'base64' },
  batch: 'body:/events',
  event: '{each:/eventCategory}.{each:/eventType}',
  // Events are numbered; a repeated delivery keeps its numbers.
  eventId: ['{each:/tenantId}:{each:/resourceId}:{each:/eventDateUtc}'],
  fresh: { 'each:/resourceId': '{uuid}', 'each:/resourceUrl': '{stem}{each:/resourceId}' },
  sentAt: 'each:/eventDateUtc',
  sentAtFormat: '{date}T{time}.{ms}',
  timeout: '5s',
  success: '200',
  // `retries` is absent: less and less often for 24 hours.
  events: {
    'CONTACT.CREATE': 'A contact was created',
    'CONTACT.UPDATE': 'A contact was changed',
    'INVOICE.CREATE': 'An invoice was created',
    'INVOICE.UPDATE': 'An invoice was changed',
  },
  challenges: [xeroIntent],
  confidence: 'medium',
  assumptions: ['The timeout of 5 s is general knowledge, not checked anew; the User-Agent is not published.'],
  setup: 'Developer portal → your app → Webhooks',
});

export default provider;
