import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { svixRetries, svixScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'resend',
  title: 'Resend',
  docs: ['https://resend.com/docs/webhooks/introduction', 'https://resend.com/docs/webhooks/verify-webhooks-requests'],
  signature: svixScheme,
  event: 'body:/type',
  eventId: 'header:svix-id',
  idFormat: 'msg_{base62:27}',
  sentAt: 'body:/created_at',
  userAgent: 'Svix-Webhooks/1.62.0',
  success: '2xx',
  // It is sent through Svix.
  retries: svixRetries,
  events: {
    'email.sent': 'An e-mail was handed to the recipient’s server',
    'email.delivered': 'An e-mail was delivered',
    'email.delivery_delayed': 'An e-mail could not be delivered for now',
    'email.bounced': 'An e-mail was rejected for good',
    'email.complained': 'The recipient marked an e-mail as spam',
    'email.opened': 'The recipient opened an e-mail',
    'email.clicked': 'The recipient followed a link in an e-mail',
    'contact.created': 'A contact was created',
  },
  clues: {
    headers: ['svix-id'],
    userAgent: 'Svix-Webhooks/',
    values: { 'body:/type': '^(email|contact|domain)\\.', 'body:/created_at': '^\\d{4}-\\d\\d-\\d\\dT' },
  },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['The User-Agent is Svix’s.', 'How long it waits for an answer is not published.'],
  setup: 'Dashboard → Webhooks',
});

export default provider;
