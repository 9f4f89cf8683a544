import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const digest = {
  kind: 'hash',
  header: 'X-Cld-Signature',
  content: '{body}{timestamp}{secret}',
  timestampHeader: 'X-Cld-Timestamp',
  tolerance: { past: '2h', future: null },
} as const;

// As verifyNotificationSignature of the cloudinary package checks it.
const provider: Provider = defineProvider({
  name: 'cloudinary',
  title: 'Cloudinary',
  docs: [
    'https://cloudinary.com/documentation/notifications',
    'https://cloudinary.com/documentation/notification_signatures',
    'https://github.com/cloudinary/cloudinary_npm/blob/master/lib/utils/index.js',
  ],
  // A plain digest, not an HMAC, with the account's API secret behind the text. SHA-1 unless the account asks for SHA-256.
  signature: [
    { id: 'sha1', ...digest, algorithm: 'sha1' },
    { id: 'sha256', ...digest, algorithm: 'sha256', sends: false },
  ],
  event: 'body:/notification_type',
  eventId: 'body:/request_id',
  idFormat: '{hex:32}',
  sentAt: 'body:/timestamp',
  sentAtFormat: '{date}T{time}+00:00',
  events: {
    upload: 'A file was uploaded',
    rename: 'An asset was renamed',
    delete: 'Assets were deleted',
    moderation: 'An asset was approved or rejected',
  },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published in a form that was checked.'],
  setup: 'Console → Settings → Webhook Notifications',
});

export default provider;
