import { paypalSignature } from '../../signature/custom/paypal.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'paypal',
  title: 'PayPal',
  docs: ['https://developer.paypal.com/api/rest/webhooks/rest/', 'https://developer.paypal.com/api/rest/webhooks/event-names/'],
  // With the certificate behind PAYPAL-CERT-URL, which is on a host of PayPal's.
  signature: { header: 'PAYPAL-TRANSMISSION-SIG', encoding: 'base64', custom: paypalSignature },
  event: 'body:/event_type',
  eventId: 'body:/id',
  idFormat: 'WH-{digits:17}-{digits:17}',
  sentAt: 'body:/create_time',
  headers: [
    ['Accept', '*/*'],
    ['CORRELATION-ID', '{hex:13}'],
  ],
  userAgent: 'PayPal/AUHD-214.0-58370093',
  contentType: 'application/json',
  success: '2xx',
  // `timeout` and `retries` are absent: up to 25 tries within three days, at times that are not published.
  events: {
    'CHECKOUT.ORDER.APPROVED': 'A buyer approved an order',
    'PAYMENT.CAPTURE.COMPLETED': 'A payment was captured',
    'PAYMENT.CAPTURE.REFUNDED': 'A captured payment was refunded',
    'BILLING.SUBSCRIPTION.ACTIVATED': 'A subscription is active',
  },
  clues: { userAgent: 'PayPal/' },
  // The signature is tried on a delivery and a certificate that PayPal's own SDKs published.
  confidence: 'high',
  assumptions: ['The number of tries and the User-Agent are general knowledge.'],
  setup: 'Developer Dashboard → Apps & Credentials → the app → Webhooks',
});

export default provider;
