import type { Attempt } from './delivery.js';

/** What many attempts came to. Durations are milliseconds; null where nothing was answered. */
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

export function createStatistics(): Statistics {
  const statuses = new Map<string, number>();
  const durations: number[] = [];
  let attempts = 0;
  return {
    add(attempt) {
      attempts++;
      const key = attempt.outcome === 'responded' ? String(attempt.status) : attempt.reason;
      statuses.set(key, (statuses.get(key) ?? 0) + 1);
      // What never came back took no time that says anything.
      if (attempt.outcome === 'responded') durations.push(attempt.durationMs);
    },
    read() {
      const sorted = Float64Array.from(durations).sort();
      const sortedStatuses = [...statuses].sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        attempts,
        statuses: Object.fromEntries(sortedStatuses),
        p50: percentile(sorted, 50),
        p95: percentile(sorted, 95),
        p99: percentile(sorted, 99),
      };
    },
  };
}

/** The smallest value that at least so many percent are no greater than (nearest rank), to a tenth. */
function percentile(sorted: Float64Array, percent: number): number | null {
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  return value === undefined ? null : Math.round(value * 10) / 10;
}
