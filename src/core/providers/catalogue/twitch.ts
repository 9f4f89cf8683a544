import { twitchCallbackVerification } from '../challenges/twitch.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// EventSub over webhooks.
const provider: Provider = defineProvider({
  name: 'twitch',
  title: 'Twitch EventSub',
  docs: [
    'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
    'https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/',
    'https://github.com/twurple/twurple/blob/main/packages/eventsub-http/src/EventSubHttpBase.ts',
  ],
  // The documentation says to refuse what is older than 10 minutes. Twitch writes the time with nanoseconds.
  signature: {
    header: 'Twitch-Eventsub-Message-Signature',
    prefix: 'sha256=',
    content: '{id}{timestamp}{body}',
    idHeader: 'Twitch-Eventsub-Message-Id',
    timestampHeader: 'Twitch-Eventsub-Message-Timestamp',
    timestampUnit: 'iso',
    tolerance: { past: '10m', future: null },
  },
  event: [
    'revocation{?header:Twitch-Eventsub-Message-Type=revocation}',
    'header:Twitch-Eventsub-Subscription-Type',
    'body:/subscription/type',
  ],
  eventId: 'header:Twitch-Eventsub-Message-Id',
  idFormat: '{uuid}',
  headers: [
    ['Twitch-Eventsub-Message-Retry', '0'],
    ['Twitch-Eventsub-Message-Type', 'notification'],
    ['Twitch-Eventsub-Subscription-Type', '{body:/subscription/type}'],
    ['Twitch-Eventsub-Subscription-Version', '{body:/subscription/version}'],
  ],
  // `timeout` and `retries` are absent: "a few seconds", and a subscription is revoked after too many failures.
  events: {
    'stream.online': 'A channel went live',
    'stream.offline': 'A channel ended its stream',
    'channel.follow': 'Somebody followed a channel',
    'channel.subscribe': 'Somebody subscribed to a channel',
    revocation: 'Twitch ended a subscription',
  },
  challenges: [twitchCallbackVerification],
  confidence: 'high',
  assumptions: ['The User-Agent is not published, so none of its own is sent.'],
  setup: 'POST https://api.twitch.tv/helix/eventsub/subscriptions with transport.secret',
});

export default provider;
