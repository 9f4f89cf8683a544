/** What `--expect-same` asks of an answer: that it is the kept one. */
import { type Delivery, keptAnswer } from '../../../core/delivery/delivery.js';
import { answerDifferences } from '../../../core/diff/delivery.js';
import { WebhookError } from '../../../core/errors.js';
import { type PathPattern, parsePattern } from '../../../core/events/path-pattern.js';
import { type Expectation, type ExpectFlags, expectationOf } from '../expectation.js';
import type { Job } from '../sending.js';

export interface SamenessFlags extends ExpectFlags {
  readonly expectSame?: boolean;
  readonly ignore?: readonly string[];
}

const ANY_STATUS = '1xx,2xx,3xx,4xx,5xx';

/** What is expected of every answer; with `--expect-same` the kept answer's status is as good as any other. */
export function replayExpectation(flags: SamenessFlags): Expectation {
  if (flags.ignore !== undefined && !flags.expectSame) {
    throw new WebhookError('usage', '--ignore says what --expect-same does not compare.', { hint: 'Add --expect-same.' });
  }
  return flags.expectSame ? expectationOf(flags, ANY_STATUS) : expectationOf(flags);
}

/** For each delivery, how its answer is compared; absent where it is not. */
export function samenessOf(
  flags: SamenessFlags,
  expectation: Expectation,
): { judge?(delivery: Delivery): Pick<Job, 'judge' | 'compare'> } {
  if (!flags.expectSame) return {};
  const ignore: readonly PathPattern[] = (flags.ignore ?? []).map(parsePattern);
  return {
    judge(delivery) {
      const before = keptAnswer(delivery);
      return {
        judge: (attempt) =>
          expectation.judge(attempt) ?? (before === null ? 'no answer was kept to compare this one with' : null),
        compare: (attempt) =>
          before === null || attempt.outcome === 'failed' ? null : answerDifferences(before, attempt, { ignore }),
      };
    },
  };
}
