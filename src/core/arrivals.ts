/** What was expected to arrive, beside what did: for `listen --expect` and `--assert-valid`. */
import { WebhookError } from './errors.js';
import { eventMatcher } from './events/patterns.js';

export interface ExpectedEvent {
  /** A name, or a pattern with stars. */
  readonly event: string;
  readonly count: number;
}

/**
 * Reads `order.created x2, order.shipped`: names or patterns parted by commas, each with how often it is to come (once, where it
 * does not say; `x0`: never).
 *
 * @throws WebhookError `usage` where it is none of these.
 */
export function parseExpected(text: string): ExpectedEvent[] {
  const expected = text.split(',').map((part) => {
    const match = /^\s*(\S+)(?:\s+x(\d{1,9}))?\s*$/.exec(part);
    if (match?.[1] === undefined || match[1].startsWith('!')) {
      throw new WebhookError('usage', `'${part.trim() || text}' is not an event to expect.`, {
        hint: "Write it like --expect 'order.created x2, order.shipped'.",
      });
    }
    return { event: match[1], count: Number(match[2] ?? 1) };
  });
  const twice = expected.find(({ event }, index) => expected.findIndex((other) => other.event === event) !== index);
  if (twice === undefined) return expected;
  throw new WebhookError('usage', `'${twice.event}' is expected twice over.`, { hint: `Write '${twice.event} x2'.` });
}

export interface Arrived {
  readonly event: string | null;
  readonly status: 'valid' | 'invalid' | 'unchecked';
}

export interface ArrivalReport {
  readonly ok: boolean;
  readonly missing: ReadonlyArray<ExpectedEvent & { readonly arrived: number }>;
  readonly extra: ReadonlyArray<{ readonly event: string | null; readonly arrived: number }>;
  /** How many were not shown to be genuine, where all had to be. */
  readonly notValid: number;
  /** A sentence each; none where all is as it was expected. */
  readonly complaints: readonly string[];
}

export interface ArrivalRules {
  /** Null: anything may arrive. */
  readonly expected: readonly ExpectedEvent[] | null;
  /** Every delivery has to be valid, and there has to be one. */
  readonly allValid: boolean;
  /** Whether one whose signature is not valid counts as arrived. */
  readonly countsInvalid: boolean;
}

export interface Arrivals {
  take(arrived: Arrived): void;
  /** True once everything that was expected is there. */
  complete(): boolean;
  report(): ArrivalReport;
}

export function createArrivals({ expected, allValid, countsInvalid }: ArrivalRules): Arrivals {
  const slots = (expected ?? []).map((one) => ({ ...one, arrived: 0, matches: eventMatcher(one.event) }));
  // A name is more exact than a pattern, whichever stands first.
  const byExactness = [...slots].sort((a, b) => Number(a.event.includes('*')) - Number(b.event.includes('*')));
  const extra = new Map<string | null, number>();
  let taken = 0;
  let notValid = 0;

  return {
    take({ event, status }) {
      taken++;
      if (status !== 'valid') notValid++;
      if (expected === null || (status === 'invalid' && !countsInvalid)) return;
      const slot = byExactness.find(({ matches, arrived, count }) => arrived < count && matches(event));
      if (slot === undefined) extra.set(event, (extra.get(event) ?? 0) + 1);
      else slot.arrived++;
    },
    complete: () => slots.some(({ count }) => count > 0) && slots.every(({ arrived, count }) => arrived >= count),
    report() {
      const missing = slots
        .filter(({ arrived, count }) => arrived < count)
        .map(({ event, count, arrived }) => ({ event, count, arrived }));
      const surplus = [...extra].map(([event, arrived]) => ({ event, arrived }));
      const complaints: string[] = [];
      if (missing.length > 0) {
        complaints.push(
          `Missing: ${missing.map(({ event, count, arrived }) => `${event} (${arrived} of ${count})`).join(', ')}.`,
        );
      }
      if (surplus.length > 0) {
        complaints.push(
          `Not expected: ${surplus.map(({ event, arrived }) => `${event ?? 'no known event'} (${arrived})`).join(', ')}.`,
        );
      }
      if (allValid && taken === 0) complaints.push('Nothing arrived, so that nothing was shown to be valid.');
      else if (allValid && notValid > 0) complaints.push(`Not valid: ${notValid} of ${taken}.`);
      return { ok: complaints.length === 0, missing, extra: surplus, notValid: allValid ? notValid : 0, complaints };
    },
  };
}
