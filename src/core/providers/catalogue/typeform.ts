import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'typeform',
  title: 'Typeform',
  docs: [
    'https://www.typeform.com/developers/webhooks/',
    'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
    'https://www.typeform.com/developers/webhooks/example-payload/',
  ],
  // The prefix is that of hex signatures elsewhere; the signature itself is base64.
  signature: { header: 'Typeform-Signature', prefix: 'sha256=', encoding: 'base64' },
  event: 'body:/event_type',
  eventId: 'body:/event_id',
  idFormat: '{base62:10}',
  sentAt: 'body:/form_response/submitted_at',
  sentAtFormat: 'iso-s',
  // `retries` is absent: it depends on the status. 410 and 404 disable the webhook, 423, 429, 408 and 503 are tried every 2 or
  // 3 minutes for 10 hours, others about 5 times.
  events: {
    form_response: 'Somebody completed a form',
    form_response_partial: 'Somebody reached a partial submit point of a form',
  },
  allEvents: 'https://www.typeform.com/developers/webhooks/',
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'Your form → Connect → Webhooks',
});

export default provider;
