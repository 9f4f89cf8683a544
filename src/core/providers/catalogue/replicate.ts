import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

const provider: Provider = defineProvider({
  name: 'replicate',
  title: 'Replicate',
  docs: [
    'https://replicate.com/docs/topics/webhooks',
    'https://replicate.com/docs/topics/webhooks/verify-webhook',
    'https://github.com/replicate/replicate-javascript',
  ],
  // validateWebhook of replicate-javascript looks at no clock.
  signature: { ...standardScheme, tolerance: null },
  // The body is the prediction as it stands; the status is what happened to it.
  event: 'prediction.{body:/status}',
  eventId: 'header:webhook-id',
  idFormat: 'msg_{base62:27}',
  fresh: {
    'body:/id': '{hex:26}',
    'body:/urls/get': '{stem}{body:/id}',
    'body:/urls/cancel': 'https://api.replicate.com/v1/predictions/{body:/id}/cancel',
  },
  events: {
    'prediction.starting': 'A prediction was created',
    'prediction.processing': 'A prediction is running, or has new output or logs',
    'prediction.succeeded': 'A prediction succeeded',
    'prediction.failed': 'A prediction failed',
    'prediction.canceled': 'A prediction was canceled',
  },
  clues: { values: { 'body:/urls/get': '^https://api\\.replicate\\.com/v1/predictions/' } },
  family: 'standard-webhooks',
  confidence: 'high',
  assumptions: ['Timeout, retries and what counts as delivered are not published; any 2xx is taken for success.'],
  setup: 'webhook and webhook_events_filter of a prediction',
});

export default provider;
