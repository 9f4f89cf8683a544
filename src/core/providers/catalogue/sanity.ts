import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the documentation; the signature is what @sanity/webhook checks.
const provider: Provider = defineProvider({
  name: 'sanity',
  title: 'Sanity',
  docs: ['https://www.sanity.io/docs/content-lake/webhooks', 'https://github.com/sanity-io/webhook-toolkit'],
  // Milliseconds, and base64url without padding. The library limits no age; it does refuse an empty body, and times before 2021.
  signature: {
    header: 'sanity-webhook-signature',
    separator: ',',
    prefix: 'v1=',
    encoding: 'base64url',
    timestamp: 'item:t=',
    timestampUnit: 'ms',
    content: '{timestamp}.{body}',
  },
  // There are no names of events: a filter decides what is sent, and a projection what it says.
  event: 'header:sanity-operation',
  eventId: 'header:idempotency-key',
  idFormat: '{base62:22}',
  sentAt: 'body:/_updatedAt',
  sentAtFormat: 'iso-s',
  headers: [
    ['sanity-operation', '{event}'],
    ['sanity-document-id', '{body:/_id}'],
    ['sanity-project-id', 'p8zq1v7k'],
    ['sanity-dataset', 'production'],
    ['sanity-transaction-id', '{base62:22}'],
    ['sanity-transaction-time', '{iso}'],
    ['sanity-webhook-id', 'Qk3nT7vYxL2cHb9R'],
  ],
  timeout: '30s',
  retries: ['30s', '30s'],
  events: {
    create: 'A document was created',
    update: 'A document changed',
    delete: 'A document was deleted',
  },
  confidence: 'high',
  assumptions: ['Any 2xx status counts as delivered.', 'The User-Agent is not published, so none of its own is sent.'],
  setup: 'sanity.io/manage → your project → API → Webhooks',
});

export default provider;
