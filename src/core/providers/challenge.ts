/**
 * A challenge: a request by which a provider finds out whether a URL belongs to who gave it, before or between its events.
 * `listen` answers it; `trigger` sends it and checks the answer.
 */
import type { HttpRequest, HttpResponse, OutgoingRequest } from '../http/message.js';
import type { Verdict } from '../signature/verdict.js';
import type { Locator } from './model.js';
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
  /** What the provider would object to in an answer, as a clause (`the status is 500, not 200`); null: nothing. */
  check(response: HttpResponse, input: ChallengeInput): string | null;
  /** The sample made ready to be sent: with a fresh challenge text, the agreed token. */
  prepare?(request: OutgoingRequest, values: { readonly verifyToken: string | null; readonly fresh: string }): OutgoingRequest;
}
