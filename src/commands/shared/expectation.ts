/** What `--expect`, `--expect-body` and `--within` ask of an answer. */
import type { Attempt } from '../../core/delivery/delivery.js';
import { WebhookError } from '../../core/errors.js';
import { formatDuration, parseDuration } from '../../core/units.js';

export interface Expectation {
  /** Null: as it should be; else what was wrong, as a clause. */
  judge(attempt: Attempt): string | null;
}

export interface ExpectFlags {
  readonly expect?: string;
  readonly expectBody?: string;
  readonly within?: string;
}

/**
 * Reads `2xx`, `200,202`, `4xx`; a text or `/regex/flags` in the body; a longest duration.
 *
 * @throws WebhookError `usage` where one cannot be read.
 */
export function expectationOf(flags: ExpectFlags, standard = '2xx'): Expectation {
  const statusText = flags.expect ?? standard;
  const statusFits = statusMatcher(statusText);
  const bodyFits = flags.expectBody === undefined ? null : bodyMatcher(flags.expectBody);
  const within = flags.within === undefined ? null : parseDuration(flags.within);
  return {
    judge(attempt) {
      if (attempt.outcome === 'failed') return attempt.message;
      if (!statusFits(attempt.status)) return `expected ${statusText}, got ${attempt.status}`;
      if (bodyFits !== null && !bodyFits(attempt.body)) return `the body does not hold ${flags.expectBody}`;
      if (within !== null && attempt.durationMs > within) {
        return `it took ${formatDuration(attempt.durationMs)}, and ${formatDuration(within)} are allowed`;
      }
      return null;
    },
  };
}

/** `2xx`, `200`, `200,202`, `2xx,304`. */
export function statusMatcher(text: string): (status: number) => boolean {
  const parts = text.split(',').map((part) => part.trim().toLowerCase());
  if (!parts.every((part) => /^[1-5](\d\d|xx)$/.test(part))) {
    throw new WebhookError('usage', `'${text}' names no statuses.`, { hint: 'Write it like 2xx, 200 or 200,202.' });
  }
  const fits = (status: number): boolean =>
    parts.some((part) => (part.endsWith('xx') ? Math.floor(status / 100) === Number(part[0]) : status === Number(part)));
  const known = new Map<number, boolean>();
  return (status) => {
    let fit = known.get(status);
    if (fit === undefined) {
      fit = fits(status);
      known.set(status, fit);
    }
    return fit;
  };
}

function bodyMatcher(text: string): (body: Uint8Array) => boolean {
  const pattern = /^\/(.+)\/([a-z]*)$/s.exec(text);
  if (pattern === null) {
    const wanted = Buffer.from(text);
    return (body) => Buffer.from(body).includes(wanted);
  }
  let regex: RegExp;
  try {
    regex = new RegExp(pattern[1] as string, pattern[2]);
  } catch (error) {
    throw new WebhookError('usage', `${text} is not a regular expression.`, { cause: error });
  }
  return (body) => regex.test(Buffer.from(body).toString('utf8'));
}
