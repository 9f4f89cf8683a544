import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'postmark',
  title: 'Postmark',
  docs: [
    'https://postmarkapp.com/developer/webhooks/webhooks-overview',
    'https://postmarkapp.com/support/article/understanding-inbound-webhook-retries-in-postmark',
  ],
  // It signs nothing. What identifies it is the name and password in the webhook's URL (https://name:password@…), sent as Basic
  // authentication: the secret is `name:password`.
  signature: { kind: 'token', header: 'Authorization', prefix: 'Basic ', encoding: 'base64' },
  event: 'body:/RecordType',
  // The message's id is the same in all that happens to it; with what happened and when it tells one from another.
  eventId: [
    '{body:/RecordType}:{body:/ID}',
    '{body:/RecordType}:{body:/MessageID}:{body:/DeliveredAt}',
    '{body:/RecordType}:{body:/MessageID}:{body:/ReceivedAt}',
    '{body:/RecordType}:{body:/MessageID}:{body:/ChangedAt}',
  ],
  secretFormat: 'webhook:{base62:24}',
  fresh: {
    'body:/MessageID': '{uuid}',
    'body:/ID': '4{digits:9}',
    'body:/DeliveredAt': '{date}T{time}Z',
    'body:/BouncedAt': '{date}T{time}Z',
    'body:/ReceivedAt': '{date}T{time}Z',
    'body:/ChangedAt': '{date}T{time}Z',
  },
  userAgent: 'Postmark',
  contentType: 'application/json',
  // 403 means "do not try again", every other status but 200 is a failure.
  success: '200',
  retries: ['1m', '5m', '10m', '10m', '10m', '15m', '30m', '1h', '2h', '6h'],
  events: {
    Delivery: 'A message was taken by the receiving server',
    Bounce: 'A message could not be delivered',
    Open: 'Somebody opened a message',
    Click: 'Somebody clicked a link in a message',
    SpamComplaint: 'Somebody reported a message as spam',
    SubscriptionChange: 'An address was suppressed, or is no longer',
  },
  clues: { values: { 'body:/RecordType': '^[A-Z][A-Za-z]+$', 'body:/MessageID': '^[0-9a-f-]{36}$' } },
  confidence: 'medium',
  assumptions: [
    'The retries are documented for inbound messages; that those of the other kinds are the same is general knowledge.',
    'A timeout is not published; the User-Agent is what deliveries are seen with.',
  ],
  setup: 'Server → Message stream → Webhooks → Add webhook',
});

export default provider;
