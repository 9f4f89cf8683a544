import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'hubspot',
  title: 'HubSpot',
  docs: [
    'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
    'https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide',
  ],
  // Webhooks carry v1 and v3; v2 stands in v1's header instead, in what workflow actions and cards send. v1 and v2 are plain digests
  // of the client secret and the content, no HMACs.
  signature: [
    {
      id: 'v3',
      header: 'X-HubSpot-Signature-v3',
      encoding: 'base64',
      timestampHeader: 'X-HubSpot-Request-Timestamp',
      timestampUnit: 'ms',
      // The documentation has some escapes of the URL decoded first, which the official client leaves to its caller.
      content: '{method}{decodedUrl}{body}{timestamp}',
      tolerance: { past: '5m', future: null },
    },
    {
      id: 'v3-raw-url',
      header: 'X-HubSpot-Signature-v3',
      encoding: 'base64',
      timestampHeader: 'X-HubSpot-Request-Timestamp',
      timestampUnit: 'ms',
      content: '{method}{url}{body}{timestamp}',
      tolerance: { past: '5m', future: null },
      sends: false,
    },
    { id: 'v1', kind: 'hash', header: 'X-HubSpot-Signature', content: '{secret}{body}' },
    { id: 'v2', kind: 'hash', header: 'X-HubSpot-Signature', content: '{secret}{method}{url}{body}', sends: false },
  ],
  batch: 'body:',
  event: 'each:/subscriptionType',
  eventId: 'each:/eventId',
  idFormat: '3{digits:9}',
  secretFormat: '{uuid}',
  sentAt: 'each:/occurredAt',
  sentAtFormat: 'ms',
  headers: [['X-HubSpot-Signature-Version', 'v1']],
  userAgent: 'HubSpot Connect 2.0 (http://dev.hubspot.com/) - WebhooksExecutorDaemon-executor',
  contentType: 'application/json',
  timeout: '5s',
  success: '2xx',
  // `retries` is absent: up to ten within 24 hours, at times that are not published.
  events: {
    'contact.creation': 'A contact was created',
    'contact.propertyChange': 'A property of a contact changed',
    'contact.deletion': 'A contact was deleted',
    'company.creation': 'A company was created',
    'deal.propertyChange': 'A property of a deal changed',
  },
  confidence: 'high',
  assumptions: [
    'The timeout (5 s), the number of retries and the User-Agent are general knowledge.',
    'That webhooks carry v1 and v3 together is what receivers see; the documentation describes each by itself.',
  ],
  setup: 'Developer account → the app → Webhooks',
});

export default provider;
