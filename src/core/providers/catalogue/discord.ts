import { discordEventsPing, discordPing } from '../challenges/discord.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (discord-interactions-js, `verifyKey`) has it.
const provider: Provider = defineProvider({
  name: 'discord',
  title: 'Discord',
  docs: [
    'https://docs.discord.com/developers/interactions/overview',
    'https://docs.discord.com/developers/events/webhook-events',
  ],
  // One verifies with the application's public key, 64 hex digits. Only Discord has the private one: to sign, a pair of one's own
  // is needed, and its public half in the app. Nothing limits the age of a request.
  signature: {
    kind: 'ed25519',
    header: 'X-Signature-Ed25519',
    encoding: 'hex',
    key: { encoding: 'hex' },
    timestampHeader: 'X-Signature-Timestamp',
    content: '{timestamp}{body}',
  },
  // Webhook events say their type in words, interactions as a number: these are the names of the documentation.
  event: [
    'body:/event/type',
    'APPLICATION_COMMAND{?body:/type=2}',
    'MESSAGE_COMPONENT{?body:/type=3}',
    'APPLICATION_COMMAND_AUTOCOMPLETE{?body:/type=4}',
    'MODAL_SUBMIT{?body:/type=5}',
    'PING{?body:/type=1}',
    'PING{?body:/type=0}',
  ],
  // Of interactions; a webhook event has no id of its own.
  eventId: 'body:/id',
  idFormat: '1{digits:18}',
  sentAt: 'body:/event/timestamp',
  sentAtFormat: '{date}T{time}.{ms}000',
  userAgent: 'Discord-Interactions/1.0 (+https://discord.com)',
  contentType: 'application/json',
  timeout: '3s',
  // An interaction is answered with 200 and JSON (or 202), a webhook event with 204.
  success: '2xx',
  // `retries` is absent: webhook events are sent again for up to ten minutes, at times that are not published; interactions are not.
  events: {
    APPLICATION_COMMAND: 'Somebody used a command',
    MESSAGE_COMPONENT: 'Somebody used a button or menu of a message',
    APPLICATION_COMMAND_AUTOCOMPLETE: 'Somebody is typing a command’s option',
    MODAL_SUBMIT: 'Somebody submitted a modal',
    APPLICATION_AUTHORIZED: 'Somebody installed the app',
    ENTITLEMENT_CREATE: 'Somebody bought or was given something of the app',
  },
  clues: { userAgent: 'Discord-' },
  challenges: [discordPing, discordEventsPing],
  // With it anybody can answer an interaction, for 15 minutes.
  hidden: ['body:/token'],
  confidence: 'high',
  assumptions: ['The User-Agent is what interactions are seen with; webhook events may have another.'],
  setup: 'Developer Portal → the application → General Information (Interactions Endpoint URL), or Webhooks',
});

export default provider;
