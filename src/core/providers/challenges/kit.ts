/** What the challenges share: how an answer is written. */
import type { HeaderList } from '../../http/headers.js';
import type { HttpResponse } from '../../http/message.js';
import type { ChallengeAnswer, ChallengeInput } from '../challenge.js';

export function textAnswer(text: string, headers: HeaderList = []): HttpResponse {
  return { status: 200, headers: [['Content-Type', 'text/plain'], ...headers], body: Buffer.from(text, 'utf8') };
}

export function jsonAnswer(value: unknown): HttpResponse {
  return { status: 200, headers: [['Content-Type', 'application/json']], body: Buffer.from(JSON.stringify(value), 'utf8') };
}

export function emptyAnswer(status: number, headers: HeaderList = []): HttpResponse {
  return { status, headers, body: Buffer.alloc(0) };
}

export function answered(response: HttpResponse): ChallengeAnswer {
  return { response, outcome: 'answered' };
}

export function refused(status: number, note: string): ChallengeAnswer {
  return { response: emptyAnswer(status), outcome: 'refused', note };
}

/** The answer to a challenge that is signed: 401 where the signature is known to be wrong. */
export function unlessForged({ verdict }: ChallengeInput, answer: () => ChallengeAnswer): ChallengeAnswer {
  return verdict.status === 'invalid' ? refused(401, verdict.message) : answer();
}
