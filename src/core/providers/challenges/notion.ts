import type { Challenge } from '../challenge.js';
import { answered, emptyAnswer } from './kit.js';

/**
 * Notion's first request of a subscription: its token has to be pasted into the settings, and is what later ones are signed with.
 *
 * https://developers.notion.com/reference/webhooks#step-2-verifying-the-subscription
 */
export const notionVerificationToken: Challenge = {
  name: 'verification_token',
  summary: 'Notion hands over the token that verifies the subscription and signs its events',
  signed: false,
  secretAt: 'body:/verification_token',
  matches: ({ request, reader }) =>
    request.method === 'POST' && reader.read('body:/verification_token') !== null && reader.read('body:/type') === null,
  answer({ reader }) {
    const secret = reader.read('body:/verification_token') ?? '';
    return { ...answered(emptyAnswer(200)), secret, note: 'Paste the token into the subscription in Notion to verify it.' };
  },
  // What the answer says does not matter to Notion.
  accepts: ({ status }) => status === 200,
};
