import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'buildkite',
  title: 'Buildkite',
  docs: [
    'https://buildkite.com/docs/apis/webhooks/pipelines',
    'https://buildkite.com/docs/apis/webhooks/pipelines#webhook-signature',
  ],
  signature: [
    {
      id: 'signature',
      header: 'X-Buildkite-Signature',
      separator: ',',
      prefix: 'signature=',
      timestamp: 'item:timestamp=',
      content: '{timestamp}.{body}',
    },
    // Chosen in its settings in place of the signature: the token itself.
    { id: 'token', kind: 'token', header: 'X-Buildkite-Token', sends: false },
  ],
  event: ['header:X-Buildkite-Event', 'body:/event'],
  // A delivery has no id of its own. A build has each of its states once.
  eventId: [
    '{body:/event}:{body:/job/id}:{body:/job/state}',
    '{body:/event}:{body:/build/id}:{body:/build/state}',
    'body:/job/id',
    'body:/build/id',
  ],
  idFormat: '{uuid}',
  headers: [['X-Buildkite-Event', '{event}']],
  userAgent: 'Buildkite-Request',
  events: {
    ping: 'The webhook was made or changed',
    'build.scheduled': 'A build is waiting for an agent',
    'build.running': 'A build began',
    'build.finished': 'A build ended',
    'job.finished': 'A job of a build ended',
  },
  clues: { userAgent: 'Buildkite-Request' },
  confidence: 'medium',
  assumptions: [
    'The documentation leaves the age of a signature to the receiver; none is limited here.',
    'Timeout and retries are not published in a form that was checked.',
  ],
  setup: 'Settings → Notification Services → Webhook',
});

export default provider;
