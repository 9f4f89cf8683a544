/** What an answer means, in words. */
import type { SendOutcome } from '../send.js';
import { type Bench, isTaken } from './bench.js';
import { type Finding, fail, pass, skip, warn } from './model.js';

/** `It answered 500 ("RangeError: …")`, `It closed the connection …` */
export function saidOf(bench: Bench, answer: SendOutcome, excerpt = true): string {
  if (answer.outcome === 'failed') return answer.message.replace(/\.$/, '');
  const text = excerpt ? bench.notes.excerpt(answer) : '';
  return `It answered ${answer.status}${text === '' ? '' : ` (${text})`}`;
}

/** True where what came back is what a program answers, or does not, that has failed. */
export function isCrash(answer: SendOutcome): boolean {
  return answer.outcome === 'failed' ? answer.reason !== 'timeout' : answer.status >= 500;
}

/** The finding on a delivery that should be taken. */
export function judgeTaken(bench: Bench, answer: SendOutcome, because = ''): Finding {
  if (isTaken(answer)) return pass(`${saidOf(bench, answer, false)}.`);
  return fail(`${saidOf(bench, answer)}${because}.`);
}

const CRASH_FIX =
  'Look at the signature before comparing it: refuse what is missing or not of the length you expect, since timingSafeEqual throws on ' +
  'unequal lengths, and answer 401. Nothing that comes from outside may end in an exception.';
const TAKEN_FIX = 'Compute the signature over the raw bytes, compare it with timingSafeEqual, and answer 401 where it differs.';

/**
 * The finding on a request that should be refused.
 *
 * @param usual What the endpoint answers to a genuine delivery: where that is the same refusal, this one says nothing.
 */
export function judgeRefused(bench: Bench, answer: SendOutcome, usual: SendOutcome): Finding {
  const said = saidOf(bench, answer);
  if (isTaken(answer)) return fail(`${saidOf(bench, answer, false)}: it was taken for genuine.`, TAKEN_FIX);
  if (answer.outcome === 'failed') {
    if (answer.reason === 'timeout') return fail(`${said}.`, 'Refuse it at once, before anything that may wait.');
    const gone = answer.reason === 'refused' || answer.message.includes('closed the connection');
    return fail(`${said}.${gone ? ' It looks like a crash.' : ''}`, CRASH_FIX);
  }
  if (answer.status >= 500) return fail(`${said}: it failed where it should have refused.`, CRASH_FIX);
  if (answer.status < 400) return fail(`${said}, which is no refusal.`, 'Answer 401, at this URL.');
  if (answer.status === 429) return warn(`${said}: it asks to slow down, so that this could not be told.`);
  if (!isTaken(usual) && usual.outcome === 'responded' && usual.status === answer.status) {
    return skip(`${saidOf(bench, answer, false)}, as it does to a genuine one, so that this says nothing.`);
  }
  return pass(`${saidOf(bench, answer, false)}.`);
}
