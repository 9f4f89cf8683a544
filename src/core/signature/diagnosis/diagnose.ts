/** Says why a signature does not match, by computing again under one fault at a time until it does. */
import type { Provider } from '../../providers/model.js';
import type { Finding, Verdict } from '../verdict.js';
import { type VerifyInput, verifySignature } from '../verify.js';
import { bodyFaults, lengthMismatch } from './body-faults.js';
import { jsonFaults } from './json-faults.js';
import { schemeFaults } from './scheme-faults.js';
import { type NamedSecret, notASigningSecret, secretFaults } from './secret-faults.js';
import type { Subject, Trial } from './trial.js';

export type { NamedSecret } from './secret-faults.js';

export interface DiagnoseOptions {
  /** Every provider there is, to tell that it looks like another one's. */
  readonly providers: readonly Provider[];
  /** Secrets of others, to tell that it was signed with one of them. */
  readonly otherSecrets: readonly NamedSecret[];
  /** Milliseconds from any start, never going back. */
  elapsed(): number;
  /** Milliseconds after which no further fault is tried. */
  readonly budgetMs?: number;
}

export interface Diagnosis {
  /** Empty where no single fault explains it. */
  readonly findings: readonly Finding[];
  /** What was tried in vain, for a person; null where something was found. */
  readonly tried: string | null;
}

/**
 * Looks for the one fault that explains a verdict which is not valid. The expected signature is computed, compared and
 * forgotten; no message holds it, or a secret.
 *
 * @returns What explains it, the likeliest first. Several faults at once cannot be told from a wrong secret: then nothing
 *   is found, and `tried` says what was tried.
 * @example
 * const { findings } = diagnose(provider, verdict, input, { providers: [], otherSecrets: [], elapsed: () => performance.now() });
 */
export function diagnose(provider: Provider, verdict: Verdict, input: VerifyInput, options: DiagnoseOptions): Diagnosis {
  const subject: Subject = { provider, input };
  if (verdict.reason === 'timestamp_too_old' || verdict.reason === 'timestamp_in_future') {
    return { findings: [stale(subject, verdict)], tried: null };
  }
  if (verdict.reason !== 'mismatch' && verdict.reason !== 'malformed_signature' && verdict.reason !== 'missing_signature') {
    return { findings: [], tried: null };
  }
  const evident = [lengthMismatch(subject), notASigningSecret(subject)].filter((trial) => trial !== null).map(finding);
  const deadline = options.elapsed() + (options.budgetMs ?? 350);
  const counts = new Map<string, number>();
  for (const [what, trials] of families(subject, options, verdict)) {
    for (const trial of trials) {
      if (options.elapsed() > deadline) return { findings: evident, tried: evident.length > 0 ? null : inVain(counts, true) };
      counts.set(what, (counts.get(what) ?? 0) + 1);
      if (matches(trial, subject)) return { findings: [finding(trial), ...evident], tried: null };
    }
  }
  return { findings: evident, tried: evident.length > 0 ? null : inVain(counts, false) };
}

/** In the order of what goes wrong most often, the costly ones last. A missing signature leaves only the question whose it is. */
function* families(
  subject: Subject,
  options: DiagnoseOptions,
  verdict: Verdict,
): Generator<readonly [what: string, trials: Iterable<Trial>]> {
  if (verdict.reason !== 'missing_signature') {
    yield ['secret', secretFaults(subject, options.otherSecrets)];
    yield ['signature', schemeFaults(subject)];
    yield ['body', bodyFaults(subject)];
  }
  yield ['provider', otherProviders(subject, options.providers)];
  if (verdict.reason !== 'missing_signature') yield ['JSON', jsonFaults(subject)];
}

function* otherProviders({ provider }: Subject, providers: readonly Provider[]): Generator<Trial> {
  for (const other of providers) {
    if (other.name === provider.name || other.schemes.length === 0) continue;
    yield {
      code: 'other_provider',
      message: `It is signed as ${other.title} signs, not ${provider.title}.`,
      hint: `Use --provider ${other.name}.`,
      provider: other,
    };
  }
}

/** A fault explains it where, without the fault, the signature is right; its age is another matter. */
function matches(trial: Trial, { provider, input }: Subject): boolean {
  const { status, reason } = verifySignature(trial.provider ?? provider, { ...input, ...trial.input });
  return status === 'valid' || reason === 'timestamp_too_old' || reason === 'timestamp_in_future';
}

function finding({ code, message, hint }: Trial): Finding {
  return { code, message, hint };
}

function stale({ provider, input }: Subject, verdict: Verdict): Finding {
  const future = verdict.reason === 'timestamp_in_future';
  return {
    code: 'stale',
    message: verdict.message,
    hint: future
      ? `Check this machine’s clock, and that the timestamp is in the unit ${provider.title} uses.`
      : `Verify it at the time it came (--at received, or --at <time>; this clock says ${new Date(input.now).toISOString()}), or send it signed anew: webhook replay --resign.`,
  };
}

function inVain(counts: ReadonlyMap<string, number>, cut: boolean): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...counts].map(([what, count]) => `${count} of the ${what}`).join(', ');
  const rest = cut ? ' before time was up' : '';
  return `No single fault explains it (${total} were tried${rest}: ${parts}). Either the secret is another one, or several things changed at once.`;
}
