import type { Challenge } from '../challenge.js';
import { echoChallenge } from './echo.js';

/** https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request: the header's value as JSON. */
export const oktaVerification: Challenge = echoChallenge({
  name: 'verification',
  summary: 'Okta verifies the URL of an event hook: repeat its challenge in JSON',
  signed: false,
  method: 'GET',
  when: ['header:X-Okta-Verification-Challenge', null],
  text: 'header:X-Okta-Verification-Challenge',
  member: 'verification',
});
