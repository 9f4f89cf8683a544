import { isSnsUrl } from '../../signature/custom/sns.js';
import type { Challenge } from '../challenge.js';
import { answered, emptyAnswer, unlessForged } from './kit.js';

/**
 * Amazon SNS asks whether the endpoint wants a subscription: whoever visits SubscribeURL says yes.
 *
 * https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html
 */
export const snsSubscriptionConfirmation: Challenge = {
  name: 'SubscriptionConfirmation',
  summary: 'SNS asks whether the endpoint wants the subscription: visit SubscribeURL',
  signed: true,
  matches: ({ request, reader }) => request.method === 'POST' && reader.read('body:/Type') === 'SubscriptionConfirmation',
  answer: (input) =>
    unlessForged(input, () => {
      const text = input.reader.read('body:/SubscribeURL') ?? '';
      const url = URL.canParse(text) ? new URL(text) : null;
      const own = url !== null && isSnsUrl(url) && url.searchParams.get('Action') === 'ConfirmSubscription';
      const answer = answered(emptyAnswer(200));
      return own
        ? { ...answer, confirm: text }
        : { ...answer, note: 'Its SubscribeURL does not confirm a subscription at Amazon SNS: do not visit it.' };
    }),
  // Saying yes happens elsewhere; here any 2xx will do.
  accepts(response, input) {
    return this.answer(input).outcome === 'answered' && response.status >= 200 && response.status < 300;
  },
};
