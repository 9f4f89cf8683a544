import { asanaHandshake } from '../challenges/asana.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'asana',
  title: 'Asana',
  docs: ['https://developers.asana.com/docs/webhooks-guide'],
  // The key is the X-Hook-Secret that Asana sends once, when the webhook is made.
  signature: { header: 'X-Hook-Signature' },
  // A list of events that say what changed, not how; an empty one is a heartbeat.
  batch: 'body:/events',
  event: '{each:/resource/resource_type}.{each:/action}',
  // `eventId` is absent: neither the delivery nor an event has an id of its own.
  sentAt: 'each:/created_at',
  timeout: '10s',
  // `retries` is absent: with a growing pause for 24 hours, after which the webhook is deleted.
  events: {
    'task.added': 'A task was added to a project or section',
    'task.changed': 'A field of a task changed',
    'task.deleted': 'A task was deleted',
    'story.added': 'Somebody commented on a task',
  },
  challenges: [asanaHandshake],
  confidence: 'medium',
  assumptions: ['The User-Agent is not published, so none of its own is sent.'],
  setup: 'POST https://app.asana.com/api/1.0/webhooks with target',
});

export default provider;
