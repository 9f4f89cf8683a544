import { hubChallenge } from '../challenges/hub.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The Cloud API. Signed as every webhook of Meta's, with the app's secret.
const provider: Provider = defineProvider({
  name: 'whatsapp',
  title: 'WhatsApp Business',
  docs: [
    'https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview',
    'https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages',
  ],
  // Both are sent. They cover the bytes as they are sent, in which everything beyond ASCII and each slash is escaped.
  signature: [
    { id: 'sha256', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
    { id: 'sha1', header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' },
  ],
  // What people write and what becomes of what they are sent come under one field, messages.
  event: [
    'messages{?body:/entry/0/changes/0/value/messages/0/id}',
    'statuses{?body:/entry/0/changes/0/value/statuses/0/id}',
    '{body:/entry/0/changes/0/field}',
  ],
  // A delivery has no id of its own. A message that was sent has several statuses, one after another.
  eventId: [
    'body:/entry/0/changes/0/value/messages/0/id',
    '{body:/entry/0/changes/0/value/statuses/0/id}:{body:/entry/0/changes/0/value/statuses/0/status}:{body:/entry/0/changes/0/value/statuses/0/timestamp}',
    'body:/entry/0/changes/0/value/statuses/0/id',
  ],
  idFormat: 'wamid.{base62:56}',
  sentAt: 'body:/entry/0/changes/0/value/messages/0/timestamp',
  sentAtFormat: 's',
  fresh: { 'body:/entry/0/changes/0/value/statuses/0/timestamp': '{unix}' },
  // `retries` is absent: less and less often, for up to 7 days.
  events: {
    messages: 'Somebody wrote to the business',
    statuses: 'A message was sent, delivered, read or failed',
    message_template_status_update: 'A message template was approved, rejected or paused',
  },
  clues: { values: { 'body:/object': '^whatsapp_business_account$' } },
  family: 'meta',
  challenges: [hubChallenge],
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'App Dashboard → WhatsApp → Configuration',
});

export default provider;
