import { WebhookError } from './errors.js';
import { type HeaderList, headerValue } from './http/headers.js';
import { parseDuration } from './units.js';

/** Waits between tries, in milliseconds: the first stands between the first try and the second. */
export type RetrySchedule = readonly number[];

/**
 * What Standard Webhooks recommends, for senders that publish no schedule: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and
 * 24 h (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export const USUAL_RETRIES: RetrySchedule = ['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'].map((wait) =>
  parseDuration(wait),
);

const FIRST_MS = 1_000;
const MOST_MS = 60_000;
const MOST_TRIES = 100;
/** A target that asks for more is not waited for. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Reads `3` (so many more tries, after 1s, 2s, 4s, … at most a minute) or a schedule `1s,5s,30s`.
 *
 * @throws WebhookError `usage` where it is neither. They are those of `--retry`.
 */
export function parseRetry(text: string): RetrySchedule {
  if (/^\d+$/.test(text)) {
    const tries = Number(text);
    if (tries >= 1 && tries <= MOST_TRIES) return Array.from({ length: tries }, (_, i) => Math.min(MOST_MS, FIRST_MS * 2 ** i));
    throw new WebhookError('usage', `--retry takes 1 to ${MOST_TRIES} tries, not ${text}.`);
  }
  try {
    return text.split(',').map((wait) => parseDuration(wait));
  } catch (cause) {
    throw new WebhookError('usage', `--retry takes a number of tries or the waits between them, not '${text}'.`, {
      hint: 'Write it like --retry 3, or --retry 1s,5s,30s.',
      cause,
    });
  }
}

/**
 * How long the answer asks to wait, in milliseconds; null where it does not say. `Retry-After` is seconds or a date
 * (RFC 9110 §10.2.3).
 */
export function retryAfter(headers: HeaderList, now: number): number | null {
  const value = headerValue(headers, 'retry-after')?.trim();
  if (value === undefined) return null;
  // A date begins with the name of the day; Date.parse would make one of `-1`, too.
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) - now : Number.NaN;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), LONGEST_RETRY_AFTER_MS) : null;
}

/** How many tries of a schedule begin within so many milliseconds, where each fails at once. */
export function triesWithin(schedule: RetrySchedule, ms: number): number {
  let due = 0;
  const beyond = schedule.findIndex((wait) => {
    due += wait;
    return due > ms;
  });
  return beyond < 0 ? schedule.length : beyond;
}

/**
 * How long to wait before the next try: the schedule's time, or the longer one the answer asks for. Null: there is none.
 *
 * @param tries how many there were.
 */
export function nextTry(schedule: RetrySchedule, tries: number, headers: HeaderList, now: number): number | null {
  const wait = schedule[tries - 1];
  return wait === undefined ? null : Math.max(wait, retryAfter(headers, now) ?? 0);
}
