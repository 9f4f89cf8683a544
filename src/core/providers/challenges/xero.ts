import type { Challenge } from '../challenge.js';
import { answered, emptyAnswer } from './kit.js';

/**
 * Xero's "intent to receive": several requests without events, some of them signed wrongly. Those have to get 401, the others 200,
 * both with an empty body.
 *
 * https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/#intent-to-receive
 */
export const xeroIntent: Challenge = {
  name: 'intent-to-receive',
  summary: 'Xero checks the endpoint: 200 if the signature is right, 401 if it is wrong',
  signed: true,
  matches: ({ request, reader }) => {
    if (request.method !== 'POST' || reader.read('header:x-xero-signature') === null) return false;
    const value = reader.json;
    const events = typeof value === 'object' && value !== null && 'events' in value ? value.events : null;
    return Array.isArray(events) && events.length === 0;
  },
  answer({ verdict }) {
    if (verdict.status === 'invalid')
      return { ...answered(emptyAnswer(401)), note: 'It is signed wrongly, as some of them are on purpose.' };
    const answer = answered(emptyAnswer(200));
    return verdict.status === 'valid' ? answer : { ...answer, note: 'Without the webhook key, wrong signatures cannot be told.' };
  },
};
