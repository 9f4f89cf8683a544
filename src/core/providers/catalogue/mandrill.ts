import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'mandrill',
  title: 'Mailchimp Transactional (Mandrill)',
  docs: [
    'https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/',
    'https://mailchimp.com/developer/transactional/docs/webhooks/',
  ],
  // The URL as it was given to Mandrill, then each field of the form, name and value.
  signature: { header: 'X-Mandrill-Signature', algorithm: 'sha1', encoding: 'base64', content: '{url}{params}' },
  // One field holds a JSON list of events, of which these are the first one's.
  event: 'form:mandrill_events#/0/event',
  // A message has several events.
  eventId: [
    '{form:mandrill_events#/0/event}:{form:mandrill_events#/0/_id}:{form:mandrill_events#/0/ts}',
    'form:mandrill_events#/0/_id',
  ],
  idFormat: '{hex:32}',
  sentAt: 'form:mandrill_events#/0/ts',
  sentAtFormat: 's',
  userAgent: 'Mandrill-Webhook/1.0',
  contentType: 'application/x-www-form-urlencoded',
  events: {
    send: 'A message was sent',
    open: 'A message was opened',
    click: 'A link in a message was clicked',
    hard_bounce: 'A message came back for good',
  },
  clues: { userAgent: 'Mandrill-Webhook/', values: { 'form:mandrill_events#/0/event': '.' } },
  confidence: 'medium',
  assumptions: ['Timeout and retries are not published in a form that was checked.'],
  setup: 'Settings → Webhooks',
});

export default provider;
