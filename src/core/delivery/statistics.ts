import { tenths } from '../units.js';
import type { Attempt } from './delivery.js';

/**
 * What many attempts came to. Durations are milliseconds, by nearest rank and to a tenth (of very many, to half a percent); null
 * where nothing was answered.
 */
export interface AttemptStatistics {
  readonly attempts: number;
  /** Status, or the reason of a failure, -> how often. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface Statistics {
  add(attempt: Attempt): void;
  read(): AttemptStatistics;
}

/** So many durations are kept as they are; of more, how many there are of each size, so that memory does not grow with them. */
const MOST_EXACT = 10_000;
/** Each size is a hundredth larger than the one before. */
const SIZE_STEP = Math.log(1.01);
const SHORTEST_MS = 0.01;

export function createStatistics(): Statistics {
  const statuses = new Map<string, number>();
  const exact: number[] = [];
  const sizes = new Map<number, number>();
  let attempts = 0;
  let answered = 0;
  const count = (durationMs: number): void => {
    const size = Math.round(Math.log(Math.max(durationMs, SHORTEST_MS)) / SIZE_STEP);
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
  };
  return {
    add(attempt) {
      attempts++;
      const key = attempt.outcome === 'responded' ? String(attempt.status) : attempt.reason;
      statuses.set(key, (statuses.get(key) ?? 0) + 1);
      // What never came back took no time that says anything.
      if (attempt.outcome !== 'responded') return;
      answered++;
      if (answered <= MOST_EXACT) exact.push(attempt.durationMs);
      else count(attempt.durationMs);
      if (answered === MOST_EXACT + 1) for (const durationMs of exact.splice(0)) count(durationMs);
    },
    read() {
      const sortedStatuses = [...statuses].sort(([a], [b]) => (a < b ? -1 : 1));
      const sorted = Float64Array.from(exact).sort();
      const at = (percent: number): number | null => {
        const rank = Math.max(1, Math.ceil((percent / 100) * answered));
        const value = answered <= MOST_EXACT ? sorted[rank - 1] : sizeAt(sizes, rank);
        return value === undefined ? null : tenths(value);
      };
      return { attempts, statuses: Object.fromEntries(sortedStatuses), p50: at(50), p95: at(95), p99: at(99) };
    },
  };
}

/** The duration that stands at a rank (from 1), to half a percent. */
function sizeAt(sizes: ReadonlyMap<number, number>, rank: number): number | undefined {
  let passed = 0;
  for (const [size, count] of [...sizes].sort(([a], [b]) => a - b)) {
    passed += count;
    if (passed >= rank) return Math.exp(size * SIZE_STEP);
  }
  return undefined;
}
