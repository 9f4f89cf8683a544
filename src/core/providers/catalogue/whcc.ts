import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'whcc',
  title: 'WHCC',
  docs: [
    'https://developer.whcc.com/pages/order-submit-api/webhooks',
    'https://developer.whcc.com/pages/order-submit-api/webhook-security/',
    'https://developer.whcc.com/pages/order-submit-api/webhook-types',
  ],
  signature: {
    header: 'WHCC-Signature',
    encoding: 'hex-upper',
    separator: ',',
    prefix: 'v1=',
    // "The timestamp … you can set a tolerance": none is recommended. The key is the consumer secret.
    timestamp: 'item:t=',
    content: '{timestamp}.{body}',
  },
  event: ['verifier{?form:verifier}', '{body:/Event}.{body:/Status}', 'body:/Event'],
  eventId: [
    '{body:/Event}:{body:/ConfirmationId}:{body:/SequenceNumber}',
    '{body:/Event}:{body:/EntryId}:{body:/SequenceNumber}',
  ],
  fresh: { 'body:/ConfirmationId': '{uuid}', 'form:verifier': '{uuid}' },
  events: {
    verifier: 'The code that proves who owns the URL, to be handed in at POST /api/callback/verify',
    'Processed.Accepted': 'An order was accepted',
    'Processed.Rejected': 'An order was rejected',
    Shipped: 'An order was shipped',
  },
  confidence: 'high',
  assumptions: [
    'It tries again where the endpoint gives no valid response; timeout, retries and which statuses those are is not published.',
    'The request with the verifier is a form, as open code bases read it; whether it is signed is not published.',
  ],
  setup: 'POST /api/callback/create',
});

export default provider;
