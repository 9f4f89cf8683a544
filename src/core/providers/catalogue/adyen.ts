import { adyenItemsSignature } from '../../signature/custom/adyen.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (adyen-node-api-library, `hmacValidator`) has it.
const provider: Provider = defineProvider({
  name: 'adyen',
  title: 'Adyen (payments)',
  docs: [
    'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    'https://docs.adyen.com/development-resources/webhooks/troubleshoot',
    'https://docs.adyen.com/development-resources/webhooks/webhook-types',
  ],
  signature: [
    // Each item has its own, and every one has to match. Basic authentication usually comes with it.
    {
      id: 'items',
      at: 'body:/notificationItems/0/NotificationRequestItem/additionalData/hmacSignature',
      encoding: 'base64',
      custom: adyenItemsSignature,
    },
    // Adyen's other webhooks are signed as a whole. They are a provider of their own, but who calls it `adyen` means these, too.
    { id: 'platform', header: 'HmacSignature', encoding: 'base64', key: { encoding: 'hex' }, sends: false },
  ],
  batch: 'body:/notificationItems',
  event: 'each:/NotificationRequestItem/eventCode',
  // Documented for telling duplicates: the same three are the same event.
  eventId:
    '{each:/NotificationRequestItem/pspReference}:{each:/NotificationRequestItem/eventCode}:{each:/NotificationRequestItem/success}',
  sentAt: 'each:/NotificationRequestItem/eventDate',
  sentAtFormat: '{date}T{time}+00:00',
  fresh: { 'each:/NotificationRequestItem/pspReference': '{base32:16}' },
  userAgent: 'Apache-HttpClient/4.5.13',
  contentType: 'application/json; charset=utf-8',
  timeout: '10s',
  success: '2xx',
  // Three tries 9 seconds apart, then from a queue; the last interval goes on for 30 days, of which one is listed here.
  retries: ['9s', '9s', '9s', '2m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '8h'],
  events: {
    AUTHORISATION: 'A payment was authorised, or refused',
    CAPTURE: 'A payment was captured',
    REFUND: 'A payment was refunded',
    CHARGEBACK: 'A payment was charged back',
  },
  clues: { values: { 'body:/notificationItems/0/NotificationRequestItem/eventCode': '^[A-Z_]+$' } },
  hidden: ['each:/NotificationRequestItem/additionalData/hmacSignature'],
  confidence: 'high',
  assumptions: ['The User-Agent is what deliveries are seen with.'],
  setup: 'Customer Area → Developers → Webhooks → Standard webhook',
});

export default provider;
