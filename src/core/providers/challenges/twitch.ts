import type { Challenge } from '../challenge.js';
import { echoChallenge } from './echo.js';

/** https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#responding-to-a-challenge-request: raw text, signed like events. */
export const twitchCallbackVerification: Challenge = echoChallenge({
  name: 'webhook_callback_verification',
  summary: 'Twitch checks the URL of a subscription: repeat its challenge',
  signed: true,
  method: 'POST',
  when: ['header:Twitch-Eventsub-Message-Type', 'webhook_callback_verification'],
  text: 'body:/challenge',
});
