import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'trello',
  title: 'Trello',
  docs: [
    'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
    'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/#webhook-signatures',
  ],
  // The body, then the callback URL exactly as it was given; with the secret of the Power-Up's API key.
  signature: { header: 'X-Trello-Webhook', algorithm: 'sha1', encoding: 'base64', content: '{body}{url}' },
  event: 'body:/action/type',
  eventId: 'body:/action/id',
  idFormat: '{hex:24}',
  sentAt: 'body:/action/date',
  success: '200',
  retries: ['30s', '1m', '2m'],
  events: {
    createCard: 'A card was created',
    updateCard: 'A card was changed or moved',
    commentCard: 'Somebody commented on a card',
    addMemberToCard: 'Somebody was put on a card',
  },
  confidence: 'medium',
  assumptions: [
    'Only 200 counts as delivered, as it does for the HEAD request when the webhook is made; the timeout is not published.',
  ],
  setup: 'POST https://api.trello.com/1/tokens/{token}/webhooks with callbackURL',
});

export default provider;
