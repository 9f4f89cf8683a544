import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// As elevenlabs-js, wrapper/webhooks: its own scheme, not that of Standard Webhooks. Only the age is checked.
const provider: Provider = defineProvider({
  name: 'elevenlabs',
  title: 'ElevenLabs',
  docs: ['https://elevenlabs.io/docs/overview/administration/webhooks', 'https://github.com/elevenlabs/elevenlabs-js'],
  signature: {
    header: 'ElevenLabs-Signature',
    separator: ',',
    prefix: 'v0=',
    timestamp: 'item:t=',
    content: '{timestamp}.{body}',
    tolerance: { past: '30m', future: null },
  },
  event: 'body:/type',
  // A delivery has no id of its own.
  eventId: ['{body:/type}:{body:/data/conversation_id}', '{body:/type}:{body:/data/voice_id}:{body:/event_timestamp}'],
  fresh: { 'body:/data/conversation_id': 'conv_01{hex:24}', 'body:/data/voice_id': '{base62:20}' },
  secretFormat: 'wsec_{hex:64}',
  sentAt: 'body:/event_timestamp',
  sentAtFormat: 's',
  success: '2xx',
  events: {
    post_call_transcription: 'A call ended and was transcribed and analysed',
    post_call_audio: 'The audio of a call',
    call_initiation_failure: 'An outbound call did not come about',
    voice_removal_notice: 'A shared voice will be removed',
    voice_removed: 'A shared voice was removed',
  },
  confidence: 'high',
  assumptions: [
    'Timeout, retries and which statuses count as delivered are not known; any 2xx is taken for success.',
    'The fields of the events on voices are from general knowledge.',
  ],
  setup: 'Settings → Webhooks',
});

export default provider;
