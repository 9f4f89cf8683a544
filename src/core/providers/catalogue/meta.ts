import { hubChallenge } from '../challenges/hub.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Pages, Messenger, users and the other objects of the Graph API; Instagram and WhatsApp have files of their own.
const provider: Provider = defineProvider({
  name: 'meta',
  title: 'Meta (Facebook, Messenger)',
  docs: [
    'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
    'https://developers.facebook.com/docs/graph-api/webhooks/reference',
    'https://developers.facebook.com/docs/messenger-platform/webhooks',
  ],
  // Both are sent. They cover the bytes as they are sent, in which everything beyond ASCII and each slash is escaped.
  signature: [
    { id: 'sha256', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
    { id: 'sha1', header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' },
  ],
  // An event is an object and a field of it. Messenger writes `messaging` in place of `changes`, and no field.
  event: [
    '{body:/object}.{body:/entry/0/changes/0/field}',
    '{body:/object}.messages{?body:/entry/0/messaging/0/message/mid}',
    '{body:/object}.messaging_postbacks{?body:/entry/0/messaging/0/postback/payload}',
    '{body:/object}.message_reads{?body:/entry/0/messaging/0/read/watermark}',
    '{body:/object}.message_deliveries{?body:/entry/0/messaging/0/delivery/watermark}',
  ],
  // A delivery has no id of its own, what it is about has: several of them may stand in one.
  eventId: [
    'body:/entry/0/messaging/0/message/mid',
    'body:/entry/0/messaging/0/postback/mid',
    '{body:/entry/0/changes/0/value/leadgen_id}:{body:/entry/0/changes/0/value/created_time}',
    '{body:/entry/0/changes/0/value/comment_id}:{body:/entry/0/changes/0/value/verb}:{body:/entry/0/changes/0/value/created_time}',
    '{body:/entry/0/changes/0/value/post_id}:{body:/entry/0/changes/0/value/verb}:{body:/entry/0/changes/0/value/created_time}',
  ],
  idFormat: 'm_{base62:60}',
  sentAt: 'body:/entry/0/changes/0/value/created_time',
  sentAtFormat: 's',
  fresh: {
    'body:/entry/0/messaging/0/timestamp': '{unixms}',
    'body:/entry/0/changes/0/value/leadgen_id': '4{digits:14}',
    'body:/entry/0/changes/0/value/comment_id': '{stem}1{digits:14}',
  },
  // `retries` is absent: at once, then less and less often, for 36 hours.
  events: {
    'page.feed': 'A post, comment or reaction on a Page',
    'page.leadgen': 'Somebody filled in a lead form',
    'page.messages': 'Somebody wrote to a Page on Messenger',
    'page.messaging_postbacks': 'Somebody pressed a button in Messenger',
  },
  clues: { values: { 'body:/object': '^(?!instagram$|whatsapp_business_account$)[a-z_]+$', 'body:/entry/0/id': '.' } },
  family: 'meta',
  challenges: [hubChallenge],
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'App Dashboard → Webhooks',
});

export default provider;
