import { replaceHeaders, textToHeader } from '../../http/headers.js';
import type { Challenge } from '../challenge.js';
import { answered, emptyAnswer } from './kit.js';

const HEADER = 'X-Hook-Secret';

/**
 * Asana's handshake: the first request of a webhook carries the secret that later ones are signed with, and has it repeated.
 *
 * https://developers.asana.com/docs/webhooks-guide#the-webhook-handshake
 */
export const asanaHandshake: Challenge = {
  name: 'handshake',
  summary: 'Asana hands over the secret of a new webhook: repeat X-Hook-Secret',
  signed: false,
  secretAt: `header:${HEADER}`,
  matches: ({ request, reader }) => request.method === 'POST' && reader.read(`header:${HEADER}`) !== null,
  answer({ reader }) {
    const secret = reader.read(`header:${HEADER}`) ?? '';
    return { ...answered(emptyAnswer(200, [[HEADER, textToHeader(secret)]])), secret };
  },
  prepare: (request, { fresh }) => ({ ...request, headers: replaceHeaders(request.headers, [[HEADER, fresh]]) }),
};
