import { notionVerificationToken } from '../challenges/notion.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the pages under `docs`; the signature is what verifyWebhookSignature of @notionhq/client checks.
const provider: Provider = defineProvider({
  name: 'notion',
  title: 'Notion',
  docs: ['https://developers.notion.com/reference/webhooks', 'https://developers.notion.com/reference/webhooks-events-delivery'],
  // The key is the verification_token that Notion sends once, when the subscription is made.
  signature: { header: 'X-Notion-Signature', prefix: 'sha256=' },
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: '{uuid}',
  sentAt: 'body:/timestamp',
  // `retries` is absent: up to 8 tries, attempt_number in the body counts them; the times between are not published.
  events: {
    'page.created': 'A page was created',
    'page.content_updated': 'Blocks of a page were added, changed or removed',
    'page.properties_updated': 'Properties of a page changed',
    'comment.created': 'Somebody commented or suggested an edit',
    'data_source.schema_updated': 'The properties of a data source changed',
  },
  challenges: [notionVerificationToken],
  confidence: 'high',
  assumptions: [
    'Any 2xx status counts as delivered; no timeout is published.',
    'The User-Agent is not published, so none of its own is sent.',
  ],
  setup: 'Developer connections → your connection → Webhooks',
});

export default provider;
