/** Challenges as `trigger` sends them: made ready, and the answer judged as the provider would. */
import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import type { OutgoingRequest } from '../../core/http/message.js';
import { type Challenge, objectionTo } from '../../core/providers/challenge.js';
import type { Provider } from '../../core/providers/model.js';
import { RequestReader } from '../../core/providers/read.js';
import { unchecked } from '../../core/signature/verify.js';
import { type ExpectFlags, expectationOf } from './expectation.js';

/** The challenge that is sent where an event is asked for by this name; null: it is an event. */
export function challengeNamed(provider: Provider, event: string): Challenge | null {
  return provider.challenges.find(({ name }) => name === event) ?? null;
}

/** The sample with a fresh text to repeat, and the token that was agreed on. */
export function readyChallenge(
  challenge: Challenge,
  request: OutgoingRequest,
  verifyTokens: readonly string[],
  fresh: string,
): OutgoingRequest {
  return challenge.prepare?.(request, { verifyToken: verifyTokens[0] ?? null, fresh }) ?? request;
}

/** What is kept of a challenge: it goes by its own name, and one that is not signed has nothing to verify. */
export function challengeDelivery(challenge: Challenge, delivery: Delivery): Delivery {
  const { verdict } = delivery;
  return {
    ...delivery,
    event: challenge.name,
    eventId: null,
    verdict: challenge.signed ? verdict : unchecked('no_secret', `A ${challenge.name} challenge is not signed.`),
  };
}

const ANY_STATUS = '1xx,2xx,3xx,4xx,5xx';

/** Judges an answer: null where it is as the provider wants it. With `--expect`, what the person wants counts instead. */
export function challengeJudge(
  challenge: Challenge,
  { request, verdict }: Delivery,
  known: { readonly secrets: readonly string[]; readonly verifyTokens: readonly string[] },
  flags: ExpectFlags,
): (attempt: Attempt) => string | null {
  const input = { request, reader: new RequestReader(request), verdict, ...known };
  const expectation = expectationOf(flags, ANY_STATUS);
  return (attempt) => {
    const objection = attempt.outcome === 'failed' || flags.expect !== undefined ? null : objectionTo(challenge, attempt, input);
    return objection ?? expectation.judge(attempt);
  };
}
