import { jwtSignature } from '../../signature/custom/jwt.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'gemini',
  title: 'Google Gemini API',
  docs: 'https://ai.google.dev/gemini-api/docs/webhooks',
  signature: [
    { ...standardScheme, id: 'static' },
    // Of a webhook that one request names. The token is Google's, so it cannot be made here; to verify it, the secret is the key it
    // names (kid) or the whole set at https://generativelanguage.googleapis.com/.well-known/jwks.json.
    {
      id: 'dynamic',
      header: 'Webhook-Signature',
      sends: false,
      custom: {
        ...jwtSignature({
          summary: 'A token (JWT, RS256) under a key of Google’s that it names; whether it covers the body is not published.',
          header: 'Webhook-Signature',
          algorithms: ['RS256'],
          claims: () => ({}),
        }),
        coversBody: false,
      },
    },
  ],
  event: 'body:/type',
  eventId: 'header:webhook-id',
  idFormat: 'msg_{base62:27}',
  sentAt: 'body:/timestamp',
  sentAtFormat: 'iso-s',
  success: '2xx',
  // `retries` is absent: 24 hours with growing intervals, which are not published.
  events: {
    'batch.succeeded': 'A batch succeeded',
    'batch.failed': 'A batch failed',
    'batch.cancelled': 'A batch was cancelled',
    'batch.expired': 'A batch was not done within 24 hours',
    'video.generated': 'A video was generated',
    'interaction.completed': 'An interaction is complete',
    'interaction.failed': 'An interaction failed',
    'interaction.requires_action': 'An interaction asks for a function to be called',
  },
  clues: {
    values: {
      'body:/type': '^(batch|video|interaction)\\.',
      'body:/version': '^v\\d',
      'body:/timestamp': '^\\d{4}-\\d\\d-\\d\\dT',
    },
  },
  family: 'standard-webhooks',
  confidence: 'medium',
  assumptions: [
    'Events, fields and retries are as Hookdeck’s webhook-skills cite them from the documentation.',
    'The audience of a dynamic webhook’s token (`aud`) is not checked: what it is has no published rule.',
    'The secret is taken for base64 after whsec_, as the specification has it.',
  ],
  setup: 'POST /v1beta/webhooks',
});

export default provider;
