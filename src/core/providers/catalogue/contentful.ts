import { contentfulSignature } from '../../signature/custom/contentful.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the documentation; the signature is what @contentful/node-apps-toolkit checks.
const provider: Provider = defineProvider({
  name: 'contentful',
  title: 'Contentful',
  docs: [
    'https://www.contentful.com/developers/docs/extensibility/webhooks/',
    'https://www.contentful.com/developers/docs/extensibility/app-framework/request-verification/',
    'https://github.com/contentful/node-apps-toolkit',
  ],
  signature: { header: 'x-contentful-signature', custom: contentfulSignature },
  // 64 characters, of these: /^[0-9a-zA-Z+/=_-]+$/.
  secretFormat: '{hex:64}',
  event: 'header:X-Contentful-Topic',
  eventId: 'header:X-Contentful-Idempotency-Key',
  idFormat: '{hex:64}',
  sentAt: 'body:/sys/updatedAt',
  headers: [
    ['X-Contentful-Topic', '{event}'],
    ['X-Contentful-Webhook-Name', 'Press room'],
  ],
  contentType: 'application/vnd.contentful.management.v1+json',
  events: {
    'ContentManagement.Entry.publish': 'An entry was published',
    'ContentManagement.Entry.unpublish': 'An entry was taken offline',
    'ContentManagement.Entry.save': 'A draft of an entry was saved',
    'ContentManagement.Asset.publish': 'An asset was published',
  },
  confidence: 'high',
  assumptions: [
    'The library’s own tests compare signatures with one another; no signature is published to try this on.',
    'Any 2xx status counts as delivered; timeout and retries are not published in a form that was checked.',
  ],
  setup: 'Settings → Webhooks → Settings → Request verification',
});

export default provider;
