/**
 * A challenge: a request by which a provider finds out whether a URL belongs to who gave it, before or between its events.
 * `listen` answers it; `trigger` sends it and checks the answer.
 */
import { headerValue } from '../http/headers.js';
import type { HttpRequest, HttpResponse, OutgoingRequest } from '../http/message.js';
import type { Verdict } from '../signature/verdict.js';
import type { Locator } from './locator.js';
import type { RequestReader } from './read.js';

export interface ChallengeRequest {
  readonly request: HttpRequest;
  /** Reads values out of that request. */
  readonly reader: RequestReader;
}

export interface ChallengeInput extends ChallengeRequest {
  /** The provider's signing secrets; none: an answer that is computed with one is not possible. */
  readonly secrets: readonly string[];
  readonly verdict: Verdict;
  /** The tokens that were agreed on with the provider, for challenges that repeat one; none: any will do. */
  readonly verifyTokens: readonly string[];
}

export interface ChallengeAnswer {
  readonly response: HttpResponse;
  readonly outcome: 'answered' | 'refused';
  /** A sentence for the person: why it is refused, or what is left to do. */
  readonly note?: string;
  /** A signing secret that came with it. It is used from now on, and shown to the person once. */
  readonly secret?: string;
  /** An address of the provider's own, already checked to be one, that confirms it when it is visited. */
  readonly confirm?: string;
}

export interface Challenge {
  /** As `trigger` is asked for it: `url_verification`. */
  readonly name: string;
  /** One line for `webhook events` and `webhook providers`. */
  readonly summary: string;
  /** Whether the provider signs it. What is not signed is not checked. */
  readonly signed: boolean;
  /** Where a secret stands in it, which is hidden in what people are shown. */
  readonly secretAt?: Locator;
  /** Whether a request is this challenge. It must not throw, whatever the request. */
  matches(request: ChallengeRequest): boolean;
  answer(input: ChallengeInput): ChallengeAnswer;
  /** Whether the provider takes an answer that is not the one we would give. */
  accepts?(response: HttpResponse, input: ChallengeInput): boolean;
  /** The sample made ready to be sent: with a fresh challenge text, the agreed token. */
  prepare?(request: OutgoingRequest, values: { readonly verifyToken: string | null; readonly fresh: string }): OutgoingRequest;
}

/** What a provider says of its challenges. */
interface Challenger {
  readonly name: string;
  readonly family: string | null;
  readonly challenges: readonly Challenge[];
}

/**
 * The challenge that a request is, and whose. Where several providers share it, it is the one's that stands for their family,
 * else nobody's in particular. Null: it is none, or could be several.
 */
export function findChallenge<P extends Challenger>(
  providers: readonly P[],
  request: ChallengeRequest,
): { readonly challenge: Challenge; readonly provider: P | null } | null {
  const found = new Map<Challenge, P[]>();
  for (const provider of providers) {
    for (const challenge of provider.challenges) {
      if (challenge.matches(request)) found.set(challenge, [...(found.get(challenge) ?? []), provider]);
    }
  }
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return null;
  const [challenge, owners] = only;
  const [owner = null] = owners.length === 1 ? owners : owners.filter(({ name, family }) => name === family);
  return { challenge, provider: owner };
}

/** What the provider would object to in an answer, as a clause (`the status is 500, not 200`); null: nothing. */
export function objectionTo(challenge: Challenge, response: HttpResponse, input: ChallengeInput): string | null {
  if (challenge.accepts?.(response, input) === true) return null;
  return differenceTo(challenge.answer(input).response, response);
}

/** What sets an answer apart from the one that is expected, JSON objects compared by what they say; null: nothing. */
export function differenceTo(expected: HttpResponse, response: HttpResponse): string | null {
  if (response.status !== expected.status) return `the status is ${response.status}, not ${expected.status}`;
  for (const [name, value] of expected.headers) {
    if (name.toLowerCase() !== 'content-type' && headerValue(response.headers, name) !== value) {
      return `the header ${name} does not repeat what was sent`;
    }
  }
  // What a refusal says is nobody's business.
  if (expected.status >= 400) return null;
  const [wanted, got] = [textOf(expected), textOf(response)];
  const json = jsonOf(wanted);
  if (wanted === got || (json !== null && json === jsonOf(got))) return null;
  if (wanted === '') return 'the body is not empty';
  return got === '' ? 'the body is empty, and has to hold the answer' : 'the body is not the answer to the challenge';
}

function textOf({ body }: HttpResponse): string {
  return Buffer.from(body).toString('utf8').trim();
}

/** A JSON object in one spelling, in whatever order and with whatever white space it was written; null: it is none. */
function jsonOf(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  } catch {
    return null;
  }
}
