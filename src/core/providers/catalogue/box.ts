import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const content = {
  encoding: 'base64',
  content: '{body}{timestamp}',
  timestampHeader: 'BOX-DELIVERY-TIMESTAMP',
  timestampUnit: 'iso',
} as const;
const tolerance = { past: '10m', future: null } as const;

// Webhooks V2, as the documentation and validateMessage of the official SDKs say.
const provider: Provider = defineProvider({
  name: 'box',
  title: 'Box',
  docs: [
    'https://developer.box.com/guides/webhooks/v2/signatures-v2/',
    'https://developer.box.com/reference/resources/webhook-invocation/',
  ],
  // An app has two keys, so that one can be replaced while the other stands; either signature will do.
  signature: [
    { id: 'primary', header: 'BOX-SIGNATURE-PRIMARY', ...content, tolerance },
    { id: 'secondary', header: 'BOX-SIGNATURE-SECONDARY', ...content, tolerance, sends: false },
  ],
  event: 'body:/trigger',
  eventId: ['header:BOX-DELIVERY-ID', 'body:/id'],
  idFormat: '{uuid}',
  sentAt: 'body:/created_at',
  sentAtFormat: '{date}T{time}+00:00',
  headers: [
    ['BOX-SIGNATURE-VERSION', '1'],
    ['BOX-SIGNATURE-ALGORITHM', 'HmacSHA256'],
  ],
  timeout: '30s',
  events: {
    'FILE.UPLOADED': 'A file was uploaded',
    'FILE.DELETED': 'A file went to the trash',
    'COMMENT.CREATED': 'Somebody commented on a file',
    'SHARED_LINK.CREATED': 'A shared link was made',
  },
  confidence: 'medium',
  assumptions: [
    'The timeout of 30 s is general knowledge, not checked anew.',
    'Retries and User-Agent are not published in a form that was checked.',
  ],
  setup: 'Developer Console → your app → Webhooks → Manage signature keys',
});

export default provider;
