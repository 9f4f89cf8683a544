import { plivoV2Signature, plivoV3Signature } from '../../signature/custom/plivo.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'plivo',
  title: 'Plivo',
  docs: [
    'https://www.plivo.com/docs/voice/concepts/signature-validation',
    'https://www.plivo.com/docs/messaging/concepts/signature-validation',
    'https://github.com/plivo/plivo-node',
  ],
  // Voice is documented with V3, messages with V2, which does not cover the body: it counts only where there is no V3.
  signature: [
    { id: 'v3', header: 'X-Plivo-Signature-V3', encoding: 'base64', custom: plivoV3Signature },
    { id: 'v2', header: 'X-Plivo-Signature-V2', encoding: 'base64', custom: plivoV2Signature },
  ],
  event: ['call.{form:Event}', 'message.{form:Status}{?form:MessageUUID}', 'message.received{?form:MessageUUID}'],
  // The same for every status of a call or a message.
  eventId: ['{form:CallUUID}:{form:Event}', '{form:MessageUUID}:{form:Status}', '{form:MessageUUID}:received'],
  fresh: { 'form:CallUUID': '{uuid}', 'form:MessageUUID': '{uuid}' },
  contentType: 'application/x-www-form-urlencoded',
  events: {
    'call.StartApp': 'A call asks for instructions',
    'call.Hangup': 'A call ended',
    'message.sent': 'A message was handed to the carrier',
    'message.delivered': 'A message was delivered',
    'message.undelivered': 'A message could not be delivered',
    'message.received': 'A message came in',
  },
  confidence: 'high',
  assumptions: [
    'Signatures of V2 are published and tried; of V3 none is, and its text is as plivo-node puts it together.',
    'Fields and events are from general knowledge.',
    'Timeout, retries and what counts as delivered are not known; any 2xx is taken for success.',
  ],
  setup: 'Console → Voice or Messaging → Applications',
});

export default provider;
