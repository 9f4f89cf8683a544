import { hmac } from '../../signature/custom/common.js';
import type { Challenge, ChallengeAnswer, ChallengeInput } from '../challenge.js';
import { answered, jsonAnswer, refused, unlessForged } from './kit.js';

/**
 * Zoom's validation, when a URL is added and every 72 hours: the plain token, and its HMAC-SHA256 under the secret token in hex.
 *
 * https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
 */
export const zoomUrlValidation: Challenge = {
  name: 'endpoint.url_validation',
  summary: 'Zoom validates the URL: its plain token, and that token hashed with the secret',
  signed: true,
  matches: ({ request, reader }) => request.method === 'POST' && reader.read('body:/event') === 'endpoint.url_validation',
  answer: (input) => unlessForged(input, () => answerOf(input)),
};

function answerOf({ reader, secrets }: ChallengeInput): ChallengeAnswer {
  const [secret] = secrets;
  if (secret === undefined) return refused(500, 'Its answer is computed with the secret token, and there is none.');
  const plainToken = reader.read('body:/payload/plainToken') ?? '';
  return answered(jsonAnswer({ plainToken, encryptedToken: hmac('sha256', secret, plainToken).toString('hex') }));
}
