import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

// Static webhooks, which have a secret. Dynamic ones carry a token that Google signs (RS256), under keys of its own that change.
const provider: Provider = defineProvider({
  name: 'gemini',
  title: 'Google Gemini API',
  docs: 'https://ai.google.dev/gemini-api/docs/webhooks',
  signature: standardScheme,
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
    'video.generated': 'A video was generated',
    'interaction.completed': 'An interaction is complete',
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
    'The secret is taken for base64 after whsec_, as the specification has it.',
  ],
  setup: 'POST /v1beta/webhooks',
});

export default provider;
