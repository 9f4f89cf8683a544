import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'telnyx',
  title: 'Telnyx',
  docs: [
    'https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks',
    'https://support.telnyx.com/en/articles/4334722-how-to-leverage-webhooks',
    'https://github.com/team-telnyx/telnyx-node',
  ],
  // As telnyx-node 7 has it, lib/webhooks: the account's public key verifies.
  signature: {
    kind: 'ed25519',
    header: 'telnyx-signature-ed25519',
    encoding: 'base64',
    timestampHeader: 'telnyx-timestamp',
    content: '{timestamp}|{body}',
    key: { encoding: 'base64' },
    // Both ways; older versions of that library limit the age only.
    tolerance: '5m',
  },
  event: 'body:/data/event_type',
  eventId: 'body:/data/id',
  idFormat: '{uuid}',
  sentAt: 'body:/data/occurred_at',
  sentAtFormat: '{date}T{time}.{ms}+00:00',
  userAgent: 'telnyx-webhooks',
  timeout: '2s',
  // It tries again, and then at the failover URL; the schedule is not published.
  success: '2xx',
  events: {
    'message.sent': 'A message was handed to the carrier',
    'message.finalized': 'A message reached its last state',
    'message.received': 'A message came in',
    'call.initiated': 'A call began',
    'call.answered': 'A call was answered',
    'call.hangup': 'A call ended',
  },
  clues: {
    userAgent: 'telnyx-webhooks',
    values: { 'body:/data/record_type': '^event$', 'body:/data/event_type': '^[a-z_]+(\\.[a-z_]+)+$' },
  },
  confidence: 'high',
  assumptions: [
    'The User-Agent is from general knowledge.',
    'The timeout is as Hookdeck’s webhook-skills cite it from the documentation.',
  ],
  setup: 'Mission Control → Messaging profile or Voice application',
});

export default provider;
