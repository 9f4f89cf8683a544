/** Runs the checks, one after another, and says what they mean together. */
import { WebhookError } from '../errors.js';
import { nearest, orList } from '../nearest.js';
import { formatDuration } from '../units.js';
import { accepts } from './accepts.js';
import { Bench, type BenchOptions } from './bench.js';
import { delivery } from './delivery.js';
import { diagnose } from './diagnosis.js';
import { footingOf, knowsFooting } from './footing.js';
import { hygiene } from './hygiene.js';
import { type Check, type CheckReport, type CheckResult, type Finding, fail, GROUPS, groupOf, skip } from './model.js';
import { rawBody } from './raw-body.js';
import { rejects } from './rejects.js';

/** Every check there is, in the order they are run. */
export const CHECKS: readonly Check[] = [...accepts, ...rejects, ...rawBody, ...hygiene, ...delivery];

/**
 * The checks that `--only` and `--skip` leave: groups (`rejects`), ids (`raw-body.emoji`) and their last parts (`emoji`).
 *
 * @throws WebhookError `usage` where a word names none, with the nearest ones, or where nothing is left.
 */
export function selectChecks(only: readonly string[], except: readonly string[]): readonly Check[] {
  const named = (word: string): ReadonlySet<Check> => {
    const found = CHECKS.filter(({ id }) => id === word || groupOf(id) === word || id.slice(groupOf(id).length + 1) === word);
    if (found.length > 0) return new Set(found);
    const words = [...GROUPS, ...CHECKS.map(({ id }) => id)];
    const near = nearest(word, words);
    throw new WebhookError('usage', `There is no check '${word}'.`, {
      hint: near.length > 0 ? `Did you mean ${orList(near)}?` : `The groups are ${GROUPS.join(', ')}.`,
    });
  };
  const wanted = new Set(only.flatMap((word) => [...named(word)]));
  const unwanted = new Set(except.flatMap((word) => [...named(word)]));
  const left = CHECKS.filter((check) => (only.length === 0 || wanted.has(check)) && !unwanted.has(check));
  if (left.length === 0) throw new WebhookError('usage', '--only and --skip leave no check.');
  return left;
}

export interface RunOptions extends BenchOptions {
  readonly checks: readonly Check[];
  /** For the report: the URL without user and password. */
  readonly shownUrl: string;
  /** Aborted: what is left is not tried. */
  readonly signal: AbortSignal;
  /** Told before each check, and after. */
  onCheck?(check: Check, index: number): void;
  onResult?(result: CheckResult): void;
}

/**
 * Tries everything that was asked for on one endpoint. Whatever the endpoint does is a finding, never an exception.
 *
 * @throws WebhookError `signing_impossible`, `edit_failed` or `usage` where no delivery can be made to begin with.
 */
export async function runChecks(options: RunOptions): Promise<CheckReport> {
  const { outside, checks, signal } = options;
  const bench = new Bench(options);
  const startedAt = outside.now();
  const began = outside.elapsed();
  const results: CheckResult[] = [];
  let gone: string | null = null;

  async function next(check: Check): Promise<Finding> {
    if (bench.timeIsUp) {
      gone = 'Not tried: time was up.';
      return fail(
        `The run has taken longer than ${formatDuration(options.limitMs)}: this and what follows was not tried.`,
        TOO_LONG,
      );
    }
    gone = await whyNot(bench, signal, results);
    return gone === null ? check.run(bench) : skip(gone);
  }

  try {
    // What cannot be made is told before anything is sent.
    bench.asSent();
    for (const [index, check] of checks.entries()) {
      options.onCheck?.(check, index);
      const before = { requests: bench.requests, at: outside.elapsed() };
      const finding: Finding = gone === null ? await next(check) : skip(gone);
      const { id, title, why, fix } = check;
      const result: CheckResult = {
        id,
        group: groupOf(id),
        title,
        why,
        fix,
        ...finding,
        requests: bench.requests - before.requests,
        durationMs: outside.elapsed() - before.at,
      };
      results.push(result);
      options.onResult?.(result);
    }
    const diagnosis = signal.aborted ? [] : await diagnose(bench, results);
    const count = (status: Finding['status']): number => results.filter((result) => result.status === status).length;
    const failed = count('fail');
    const warned = count('warn');
    return {
      summary: {
        url: options.shownUrl,
        provider: options.provider.name,
        verdict: failed > 0 ? 'fail' : warned > 0 ? 'warn' : 'pass',
        passed: count('pass'),
        warned,
        failed,
        skipped: count('skip'),
        requests: bench.requests,
        durationMs: outside.elapsed() - began,
      },
      results,
      diagnosis,
      startedAt,
    };
  } finally {
    await bench.close();
  }
}

const TOO_LONG = 'Answer faster, try less at a time (--only), or allow more time (--max-time).';

/** Why nothing more is tried; null: it goes on. */
async function whyNot(bench: Bench, signal: AbortSignal, results: readonly CheckResult[]): Promise<string | null> {
  if (signal.aborted) return 'Not tried: it was interrupted.';
  if (!knowsFooting(bench)) return null;
  const { answer } = await footingOf(bench);
  if (answer.outcome === 'failed') return 'Not tried: there was no answer to the first delivery.';
  if (await bench.stillThere()) return null;
  const last = results.findLast(({ requests }) => requests > 0);
  return `Not tried: nothing answers there any more${last === undefined ? '' : ` since ${last.id}`}.`;
}
