import type { OutgoingRequest } from '../../http/message.js';
import { sameText } from '../../signature/custom/common.js';
import type { Challenge, ChallengeAnswer, ChallengeInput } from '../challenge.js';
import { answered, refused, textAnswer } from './kit.js';

/**
 * The subscription check of WebSub as Meta sends it (Facebook, Instagram, Messenger, WhatsApp): repeat `hub.challenge` if
 * `hub.verify_token` is the agreed one.
 *
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 */
export const hubChallenge: Challenge = {
  name: 'hub.challenge',
  summary: 'Meta checks the URL: repeat hub.challenge, if hub.verify_token is yours',
  signed: false,
  secretAt: 'query:hub.verify_token',
  matches: ({ request, reader }) =>
    request.method === 'GET' && reader.read('query:hub.mode') === 'subscribe' && reader.read('query:hub.challenge') !== null,
  answer({ reader, verifyTokens }: ChallengeInput): ChallengeAnswer {
    const token = reader.read('query:hub.verify_token') ?? '';
    if (verifyTokens.length > 0 && !verifyTokens.map((one) => sameText(one, token)).includes(true)) {
      return refused(403, 'Its hub.verify_token is not the one that was agreed on.');
    }
    const answer = answered(textAnswer(reader.read('query:hub.challenge') ?? ''));
    return verifyTokens.length > 0
      ? answer
      : { ...answer, note: 'Its hub.verify_token was not checked: give yours with --verify-token.' };
  },
  prepare: (request, { verifyToken, fresh }) => {
    const changed = withParameter(request, 'hub.challenge', fresh);
    return verifyToken === null ? changed : withParameter(changed, 'hub.verify_token', verifyToken);
  },
};

/** The request with one query parameter's value changed, and every other byte of its URL as it was. */
function withParameter(request: OutgoingRequest, name: string, value: string): OutgoingRequest {
  const pattern = new RegExp(`([?&]${name.replaceAll('.', '\\.')}=)[^&#]*`);
  return { ...request, url: request.url.replace(pattern, (_, start: string) => start + encodeURIComponent(value)) };
}
