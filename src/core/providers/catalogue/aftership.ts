import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'aftership',
  title: 'AfterShip',
  docs: [
    'https://www.aftership.com/docs/tracking/webhook/webhook-signature',
    'https://www.aftership.com/docs/tracking/webhook/webhook-overview',
  ],
  signature: [
    { id: 'tracking', header: ['aftership-hmac-sha256', 'as-signature-hmac-sha256'], encoding: 'base64' },
    // Shipping, and returns of older accounts.
    { id: 'shipping', header: 'am-webhook-signature', prefix: 'hmac-sha256=', encoding: 'base64', sends: false },
  ],
  event: ['{body:/event}.{body:/msg/tag}', 'body:/event'],
  eventId: 'body:/event_id',
  idFormat: '{uuid}',
  sentAt: 'body:/ts',
  sentAtFormat: 's',
  events: {
    'tracking_update.InTransit': 'A parcel is under way',
    'tracking_update.OutForDelivery': 'A parcel will be delivered today',
    'tracking_update.Delivered': 'A parcel was delivered',
    'tracking_update.Exception': 'A parcel is held up, damaged or lost',
  },
  confidence: 'medium',
  assumptions: ['The timeout, the retries and the User-Agent are not published in a form that was checked.'],
  setup: 'Settings → Webhooks',
});

export default provider;
