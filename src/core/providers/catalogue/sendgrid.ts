import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (sendgrid-nodejs, `EventWebhook`) has it.
const provider: Provider = defineProvider({
  name: 'sendgrid',
  title: 'SendGrid',
  docs: [
    'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event',
    'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
  ],
  // The verification key is base64 of a public key (SPKI). The SDK limits no age. The bytes count: SendGrid parts events by a comma
  // and CRLF, and ends the body with CRLF.
  signature: {
    kind: 'ecdsa',
    algorithm: 'sha256',
    header: 'X-Twilio-Email-Event-Webhook-Signature',
    encoding: 'base64',
    key: { encoding: 'base64' },
    timestampHeader: 'X-Twilio-Email-Event-Webhook-Timestamp',
    content: '{timestamp}{body}',
  },
  batch: 'body:',
  event: 'each:/event',
  eventId: 'each:/sg_event_id',
  idFormat: '{base62:22}',
  sentAt: 'each:/timestamp',
  sentAtFormat: 's',
  userAgent: 'SendGrid Event API',
  contentType: 'application/json;charset=utf-8',
  success: '2xx',
  // `timeout` and `retries` are absent: it is tried again for 24 hours, at times that are not published.
  events: {
    processed: 'A message was accepted and is ready to be delivered',
    delivered: 'A message was taken by the receiving server',
    deferred: 'The receiving server put a message off',
    bounce: 'The receiving server refused a message',
    dropped: 'A message was not sent, since the address bounced, complained or unsubscribed before',
    open: 'Somebody opened a message',
    click: 'Somebody clicked a link in a message',
    unsubscribe: 'Somebody unsubscribed',
  },
  clues: { userAgent: 'SendGrid Event API' },
  confidence: 'high',
  assumptions: [
    'The User-Agent is what deliveries are seen with.',
    'The 24 hours of retries were not seen on the pages under `docs`.',
  ],
  setup: 'Settings → Mail Settings → Event Webhooks → Signature Verification',
});

export default provider;
