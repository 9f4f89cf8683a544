import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// TikTok for Developers; TikTok Shop signs in another way.
const provider: Provider = defineProvider({
  name: 'tiktok',
  title: 'TikTok for Developers',
  docs: ['https://developers.tiktok.com/doc/webhooks-overview', 'https://developers.tiktok.com/doc/webhooks-verification'],
  // Signed with the app's client secret. The documentation leaves the age of a signature to the receiver.
  signature: { header: 'TikTok-Signature', separator: ',', prefix: 's=', timestamp: 'item:t=', content: '{timestamp}.{body}' },
  event: 'body:/event',
  // A delivery has no id of its own; these three are the same for a repeated one.
  eventId: ['{body:/event}:{body:/user_openid}:{body:/create_time}'],
  fresh: { 'body:/user_openid': 'act.{base62:32}' },
  sentAt: 'body:/create_time',
  sentAtFormat: 's',
  success: '200',
  // `retries` is absent: with a growing pause for 72 hours.
  events: {
    'authorization.removed': 'Somebody withdrew the app’s access',
    'video.upload.failed': 'A video could not be uploaded',
    'video.publish.completed': 'A video was published',
    'portability.download.ready': 'An archive of somebody’s data is ready',
  },
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'Manage apps → your app → Webhooks',
});

export default provider;
