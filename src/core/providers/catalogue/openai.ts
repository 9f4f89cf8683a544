import { defineProvider } from '../define.js';
import type { Provider, SchemeDefinition } from '../model.js';
import { standardScheme } from '../standard.js';

// As openai-node, resources/webhooks: a secret with `whsec_` is base64, any other is used as text; a signature needs no `v1,`.
const scheme: SchemeDefinition = {
  ...standardScheme,
  key: [
    { encoding: 'base64', prefix: 'whsec_', required: true },
    { encoding: 'utf8', prefix: 'whsec_', forbidden: true },
  ],
};

const provider: Provider = defineProvider({
  name: 'openai',
  title: 'OpenAI',
  docs: [
    'https://platform.openai.com/docs/guides/webhooks',
    'https://platform.openai.com/docs/api-reference/webhook-events',
    'https://github.com/openai/openai-node',
  ],
  signature: [scheme, { ...scheme, id: 'v1 without its name', prefix: '', sends: false }],
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: 'evt_{hex:32}',
  sentAt: 'body:/created_at',
  sentAtFormat: 's',
  headers: [['webhook-id', 'wh_{hex:32}']],
  userAgent: 'OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)',
  timeout: '20s',
  // A redirect is a failure. `retries` is absent: up to 72 hours with growing intervals, which are not published.
  success: '2xx',
  events: {
    'response.completed': 'A background response is complete',
    'response.failed': 'A background response failed',
    'response.cancelled': 'A background response was cancelled',
    'response.incomplete': 'A background response was interrupted',
    'batch.completed': 'A batch is complete',
    'batch.failed': 'A batch failed',
    'fine_tuning.job.succeeded': 'A fine-tuning job succeeded',
    'fine_tuning.job.failed': 'A fine-tuning job failed',
    'eval.run.succeeded': 'An eval run succeeded',
  },
  clues: {
    userAgent: 'OpenAI/',
    values: { 'body:/object': '^event$', 'body:/id': '^evt_', 'body:/type': '^(response|batch|fine_tuning|eval|realtime)\\.' },
  },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['The User-Agent, and that it tries again for 72 hours, are from general knowledge.'],
  setup: 'Settings → Project → Webhooks',
});

export default provider;
