import { twilioSignature } from '../../signature/custom/twilio.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (twilio-node, `validateRequest` and `validateRequestWithBody`) has it.
const provider: Provider = defineProvider({
  name: 'twilio',
  title: 'Twilio',
  docs: [
    'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
    'https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides',
    'https://www.twilio.com/docs/messaging/guides/webhook-request',
    'https://www.twilio.com/docs/voice/twiml',
  ],
  // The key is the account's auth token.
  signature: { header: 'X-Twilio-Signature', encoding: 'base64', custom: twilioSignature },
  // What it is about, and its status, which is what a request says of itself; an incoming message says `received`.
  event: [
    'message.{form:MessageStatus}',
    'message.{form:SmsStatus}',
    'recording.{form:RecordingStatus}',
    'transcription.{form:TranscriptionStatus}',
    'call.{form:CallStatus}',
    'message.{query:MessageStatus}',
    'message.{query:SmsStatus}',
    'call.{query:CallStatus}',
  ],
  // The same for every try.
  eventId: 'header:I-Twilio-Idempotency-Token',
  idFormat: '{uuid}',
  secretFormat: '{hex:32}',
  headers: [['Accept', '*/*']],
  userAgent: 'TwilioProxy/1.1',
  contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  timeout: '15s',
  success: '2xx',
  // `retries` is absent: one by default, where no connection could be made; the URL's fragment (#rc=…&rt=…) says otherwise.
  events: {
    'message.received': 'A message came in',
    'message.queued': 'A message is waiting to be sent',
    'message.sent': 'The carrier took a message',
    'message.delivered': 'A message was delivered',
    'message.undelivered': 'A message could not be delivered',
    'message.failed': 'A message could not be sent',
    'message.read': 'Somebody read a message (WhatsApp and the like)',
    'call.ringing': 'A call came in',
    'call.in-progress': 'A call goes on: digits were entered, or an instruction ended',
    'call.completed': 'A call ended',
    'call.busy': 'A call found the line busy',
    'call.no-answer': 'Nobody answered a call',
    'recording.completed': 'A recording is there',
    'transcription.completed': 'A transcription is there',
  },
  clues: { userAgent: 'TwilioProxy/' },
  confidence: 'high',
  assumptions: ['The timeout (15 s), the one retry and the User-Agent are general knowledge.'],
  setup: 'Console → the phone number or messaging service → webhook URLs; or StatusCallback of a request',
});

export default provider;
