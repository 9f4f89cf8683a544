import { zoomUrlValidation } from '../challenges/zoom.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the documentation; the signature is what @zoom/rivet checks.
const provider: Provider = defineProvider({
  name: 'zoom',
  title: 'Zoom',
  docs: [
    'https://developers.zoom.us/docs/api/webhooks/',
    'https://devsupport.zoom.us/hc/en-us/articles/360059893812-Webhook-delays',
    'https://github.com/zoom/rivet-javascript',
  ],
  // The text is the body as sent. Rivet signs JSON.stringify of what it parsed, which is the same only for JSON that is
  // spelled as JSON.stringify spells it. Neither it nor the documentation limits the age.
  signature: {
    header: 'x-zm-signature',
    prefix: 'v0=',
    content: 'v0:{timestamp}:{body}',
    timestampHeader: 'x-zm-request-timestamp',
  },
  event: 'body:/event',
  // A delivery has no id of its own; these are the same for a repeated one.
  eventId: ['{body:/event}:{body:/event_ts}:{body:/payload/object/uuid}', '{body:/event}:{body:/event_ts}'],
  fresh: { 'body:/payload/object/uuid': '{base62:22}==' },
  sentAt: 'body:/event_ts',
  sentAtFormat: 'ms',
  timeout: '3s',
  success: '200,204',
  retries: ['5m', '20m', '1h'],
  events: {
    'meeting.started': 'A meeting began',
    'meeting.ended': 'A meeting ended',
    'meeting.participant_joined': 'Somebody joined a meeting',
    'recording.completed': 'A cloud recording is ready',
  },
  challenges: [zoomUrlValidation],
  hidden: ['body:/download_token'],
  confidence: 'high',
  assumptions: [
    'A repeated delivery keeps its event_ts, which serves for telling duplicates; no delivery id is published.',
    'The User-Agent is not published, so none of its own is sent.',
  ],
  setup: 'App Marketplace → Manage → your app → Access → Event Subscriptions',
});

export default provider;
