import type { Challenge } from '../challenge.js';
import { echoChallenge } from './echo.js';

/** https://www.dropbox.com/developers/reference/webhooks: text/plain, and nosniff so that it is no vector for script injection. */
export const dropboxChallenge: Challenge = echoChallenge({
  name: 'challenge',
  summary: 'Dropbox checks the URL: repeat the challenge of the query',
  signed: false,
  method: 'GET',
  when: ['query:challenge', null],
  text: 'query:challenge',
  headers: [['X-Content-Type-Options', 'nosniff']],
});
