import type { Challenge } from '../challenge.js';
import { echoChallenge } from './echo.js';

/** https://docs.slack.dev/reference/events/url_verification: plain text, form or JSON; within 3 s. */
export const slackUrlVerification: Challenge = echoChallenge({
  name: 'url_verification',
  summary: 'Slack checks the URL: repeat its challenge',
  signed: true,
  method: 'POST',
  when: ['body:/type', 'url_verification'],
  text: 'body:/challenge',
  member: 'challenge',
  either: true,
});
