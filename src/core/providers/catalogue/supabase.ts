import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';
import { standardScheme } from '../standard.js';

// Auth hooks over HTTPS. Database webhooks are not signed.
const provider: Provider = defineProvider({
  name: 'supabase',
  title: 'Supabase Auth hooks',
  docs: ['https://supabase.com/docs/guides/auth/auth-hooks', 'https://supabase.com/docs/guides/auth/auth-hooks/send-email-hook'],
  // The dashboard writes the version before the secret: v1,whsec_<base64>.
  signature: {
    ...standardScheme,
    key: [
      { encoding: 'base64', prefix: 'v1,whsec_' },
      { encoding: 'base64', prefix: 'whsec_' },
    ],
  },
  // A hook is told by its body: there is one URL for each.
  event: [
    'send_email{?body:/email_data/email_action_type}',
    'send_sms{?body:/sms/otp}',
    'before_user_created{?body:/metadata/name=before-user-created}',
  ],
  eventId: 'header:webhook-id',
  idFormat: '{uuid}',
  success: '2xx',
  events: {
    send_email: 'Send this e-mail',
    send_sms: 'Send this text message',
    before_user_created: 'May this user be created?',
  },
  clues: { values: { 'body:/user/id': '^[0-9a-f-]{36}$', 'body:/user/app_metadata/provider': '.' } },
  family: 'standard-webhooks',
  // One-time passwords, and what they are in a link.
  hidden: [
    'body:/email_data/token',
    'body:/email_data/token_hash',
    'body:/email_data/token_new',
    'body:/email_data/token_hash_new',
    'body:/sms/otp',
  ],
  confidence: 'medium',
  assumptions: [
    'That a hook waits 5 seconds, and tries again where it is asked to with Retry-After, is from general knowledge and not set here.',
    'How webhook-id is spelled is not published.',
  ],
  setup: 'Dashboard → Authentication → Hooks',
});

export default provider;
