import type { HeaderList } from '../../http/headers.js';
import type { HttpResponse } from '../../http/message.js';
import { type Challenge, type ChallengeAnswer, type ChallengeInput, differenceTo } from '../challenge.js';
import type { Locator } from '../locator.js';
import { answered, jsonAnswer, refused, textAnswer, unlessForged } from './kit.js';

export interface EchoDescription {
  readonly name: string;
  readonly summary: string;
  readonly signed: boolean;
  readonly method: 'GET' | 'POST';
  /** What tells it from events: a place, and what stands there; null: anything. */
  readonly when: readonly [place: Locator, value: string | null];
  /** Where the text to repeat stands. */
  readonly text: Locator;
  /** The member of a JSON answer that repeats it; absent: the answer is the text itself. */
  readonly member?: string;
  /** True: the provider takes the other of text and JSON as well. */
  readonly either?: boolean;
  /** Headers the answer has to carry. */
  readonly headers?: HeaderList;
}

/** A challenge that is answered by repeating a text it holds. */
export function echoChallenge(description: EchoDescription): Challenge {
  const { name, summary, signed, method, when, text, member } = description;
  const spellings = (value: string): HttpResponse[] => {
    const asText = textAnswer(value, description.headers);
    if (member === undefined) return [asText];
    return description.either === true ? [asText, jsonAnswer({ [member]: value })] : [jsonAnswer({ [member]: value })];
  };
  const answer = (input: ChallengeInput): ChallengeAnswer => {
    const value = input.reader.read(text);
    const [response] = value === null ? [] : spellings(value);
    return response === undefined ? refused(400, `It has nothing to repeat in ${text}.`) : answered(response);
  };
  return {
    name,
    summary,
    signed,
    matches: ({ request, reader }) => {
      const there = request.method === method ? reader.read(when[0]) : null;
      return there !== null && (when[1] === null || there === when[1]);
    },
    answer: (input) => (signed ? unlessForged(input, () => answer(input)) : answer(input)),
    accepts(response, input) {
      const value = input.reader.read(text);
      if (value === null || this.answer(input).outcome === 'refused') return false;
      return spellings(value).some((one) => differenceTo(one, response) === null);
    },
  };
}
