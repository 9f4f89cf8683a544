import { digest } from '../../signature/custom/common.js';
import { jwtSignature } from '../../signature/custom/jwt.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'plaid',
  title: 'Plaid',
  docs: ['https://plaid.com/docs/api/webhooks/', 'https://plaid.com/docs/api/webhooks/webhook-verification/'],
  // Plaid signs with keys of its own; the one a token names (kid) comes from POST /webhook_verification_key/get as a JWK.
  signature: {
    header: 'Plaid-Verification',
    encoding: 'text',
    custom: jwtSignature({
      summary:
        'A token (JWT, ES256) with the SHA-256 of the body in hex as its claim request_body_sha256; at most 5 minutes old.',
      header: 'Plaid-Verification',
      algorithms: ['ES256'],
      claims: ({ body }) => ({ request_body_sha256: digest('sha256', body).toString('hex') }),
      maxAge: 300_000,
      keyId: true,
    }),
  },
  event: '{body:/webhook_type}.{body:/webhook_code}',
  // `eventId` is absent: neither the delivery nor what it is about has an id of its own.
  timeout: '10s',
  success: '200',
  // `retries` is absent: for up to 24 hours, the pause four times as long each time, on a schedule that is not published exactly.
  events: {
    'TRANSACTIONS.SYNC_UPDATES_AVAILABLE': 'There are new transactions of an Item',
    'ITEM.ERROR': 'An Item needs its user to log in again',
    'ITEM.PENDING_DISCONNECT': 'An Item will stop working soon',
    'AUTH.AUTOMATICALLY_VERIFIED': 'An account was verified by micro-deposits',
  },
  confidence: 'medium',
  assumptions: [
    'The timeout of 10 s and that only 200 counts are general knowledge, not checked anew.',
    'The body is sent laid out with two spaces, as the samples here are.',
    'The User-Agent is not published.',
  ],
  setup: 'The webhook field of /link/token/create, or /item/webhook/update',
});

export default provider;
