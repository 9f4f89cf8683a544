import { dropboxChallenge } from '../challenges/dropbox.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'dropbox',
  title: 'Dropbox',
  docs: 'https://www.dropbox.com/developers/reference/webhooks',
  signature: { header: 'X-Dropbox-Signature' },
  // A notification only says whose files changed; it has neither an event's name nor an id nor a time.
  event: ['list_folder{?body:/list_folder/accounts/0}'],
  timeout: '10s',
  // `retries` is absent: on an exponential schedule that is not published.
  events: { list_folder: 'Files of these accounts changed; ask for them with list_folder/continue' },
  allEvents: 'https://www.dropbox.com/developers/reference/webhooks',
  challenges: [dropboxChallenge],
  confidence: 'medium',
  assumptions: ['The timeout of 10 s is general knowledge, not checked anew.', 'The User-Agent is not published.'],
  setup: 'App Console → your app → Webhooks',
});

export default provider;
