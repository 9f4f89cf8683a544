import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'easypost',
  title: 'EasyPost',
  docs: [
    'https://docs.easypost.com/guides/webhooks-guide',
    'https://github.com/EasyPost/easypost-node/blob/master/src/utils/util.ts',
  ],
  signature: [
    // The one the official libraries check. They normalise the secret (NFKD), which changes nothing in letters and digits.
    { id: 'v1', header: 'X-Hmac-Signature', prefix: 'hmac-sha256-hex=' },
    // Newer, sent beside it; put together from public code.
    {
      id: 'v2',
      header: 'X-Hmac-Signature-V2',
      prefix: 'hmac-sha256-hex=',
      content: '{timestamp}{method}{header:X-Path}{body}',
      timestampHeader: 'X-Timestamp',
      timestampUnit: 'iso',
      sends: false,
    },
  ],
  event: 'body:/description',
  eventId: 'body:/id',
  idFormat: 'evt_{hex:32}',
  sentAt: 'body:/created_at',
  sentAtFormat: 'iso-s',
  timeout: '7s',
  events: {
    'tracker.created': 'A parcel is being tracked',
    'tracker.updated': 'A parcel moved on',
    'batch.updated': 'A batch of shipments was worked on',
    'refund.successful': 'A label was refunded',
  },
  confidence: 'medium',
  assumptions: [
    'The timeout of 7 s is general knowledge, not checked anew.',
    'Retries (6) have no published schedule; the User-Agent is not published.',
  ],
  setup: 'Dashboard → Webhooks',
});

export default provider;
