import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'mailgun',
  title: 'Mailgun',
  docs: [
    'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-retries',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure',
  ],
  // In the body, and over two of its own values only: what happened is not covered. The key is the HTTP webhook signing key. Older
  // deliveries are a form with the same three values; of a subaccount's events there is a second signature, with the parent's key.
  signature: [
    {
      id: 'account',
      at: ['body:/signature/signature', 'form:signature'],
      timestamp: ['body:/signature/timestamp', 'form:timestamp'],
      messageId: ['body:/signature/token', 'form:token'],
      content: '{timestamp}{id}',
    },
    {
      id: 'parent-account',
      at: 'body:/parent-signature/signature',
      timestamp: 'body:/parent-signature/timestamp',
      messageId: 'body:/parent-signature/token',
      content: '{timestamp}{id}',
      sends: false,
    },
  ],
  event: ['body:/event-data/event', 'form:event'],
  eventId: 'body:/event-data/id',
  idFormat: '{base62:22}',
  secretFormat: '{hex:32}',
  sentAt: 'body:/event-data/timestamp',
  sentAtFormat: 's',
  // Documented as the value to remember, so that nothing is taken twice.
  fresh: { 'body:/signature/token': '{hex:50}' },
  userAgent: 'mailgun/treq-25.5.0',
  contentType: 'application/json',
  // 406 means "do not try again", every other status but 200 is a failure.
  success: '200',
  retries: ['5m', '10m', '15m', '1h', '2h', '4h'],
  events: {
    delivered: 'A message was taken by the receiving server',
    opened: 'Somebody opened a message',
    clicked: 'Somebody clicked a link in a message',
    failed: 'A message could not be delivered, for now or for good',
    complained: 'Somebody reported a message as spam',
    unsubscribed: 'Somebody unsubscribed',
  },
  clues: { values: { 'body:/event-data/event': '^[a-z_]+$', 'body:/signature/token': '^.{30,}$' }, userAgent: 'mailgun/' },
  confidence: 'medium',
  assumptions: [
    'The signature is quoted by one who read the documentation, and known from open code that agrees.',
    'A timeout is not published; the User-Agent is what deliveries are seen with.',
  ],
  setup: 'Send → Sending → Webhooks (the signing key is under API security)',
});

export default provider;
