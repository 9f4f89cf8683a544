import { digest } from '../../signature/custom/common.js';
import { jwtSignature } from '../../signature/custom/jwt.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const hashOf = (content: Uint8Array | string): string => digest('sha256', content).toString('hex');

// As messagebird-nodejs, lib/webhook-signature-jwt.
const provider: Provider = defineProvider({
  name: 'messagebird',
  title: 'MessageBird (Bird)',
  docs: [
    'https://developers.messagebird.com/api/#verifying-http-requests',
    'https://developers.messagebird.com/api/conversations/#webhooks',
    'https://github.com/messagebird/messagebird-nodejs',
  ],
  signature: {
    header: 'MessageBird-Signature-JWT',
    encoding: 'text',
    custom: jwtSignature({
      summary: 'A token (HS256, 384 or 512) with the SHA-256 of the URL and of the body as url_hash and payload_hash.',
      header: 'MessageBird-Signature-JWT',
      algorithms: ['HS256', 'HS384', 'HS512'],
      claims: ({ url, body }) => ({
        iss: 'MessageBird',
        url_hash: url === null ? null : hashOf(url),
        // A request without body has no such claim.
        ...(body.length === 0 ? {} : { payload_hash: hashOf(body) }),
      }),
      lifetime: 60_000,
      leeway: 5_000,
      id: true,
    }),
  },
  event: 'body:/type',
  // A delivery has no id of its own: `jti` is one of the token.
  eventId: [
    '{body:/type}:{body:/message/id}:{body:/message/updatedDatetime}',
    '{body:/type}:{body:/conversation/id}:{body:/conversation/updatedDatetime}',
  ],
  fresh: {
    'body:/message/id': '{hex:32}',
    'body:/message/updatedDatetime': '{iso}',
    'body:/conversation/id': '{hex:32}',
    'body:/message/conversationId': '{body:/conversation/id}',
    'body:/conversation/updatedDatetime': '{iso}',
  },
  events: {
    'message.created': 'A message came in or was created',
    'message.updated': 'The status of a message changed',
    'conversation.created': 'A conversation began',
    'conversation.updated': 'A conversation changed',
  },
  clues: { values: { 'body:/type': '^(message|conversation)\\.', 'body:/conversation/id': '.' } },
  confidence: 'high',
  assumptions: [
    'The fields of the events are from general knowledge.',
    'Timeout, retries and what counts as delivered are not known; any 2xx is taken for success.',
  ],
  setup: 'POST https://conversations.messagebird.com/v1/webhooks',
});

export default provider;
