export interface Backoff {
  /** The wait before the first try, in milliseconds. */
  readonly firstMs: number;
  /** No wait is longer. */
  readonly mostMs: number;
}

/**
 * How long to wait before a try, doubled each time and spread by half of it either way, so that many who lost the same
 * thing do not come back at once.
 *
 * @param tries how many have failed already.
 * @param random from 0 to 1.
 * @example backoff({ firstMs: 250, mostMs: 30_000 }, 2, 0.5) // 1000
 */
export function backoff({ firstMs, mostMs }: Backoff, tries: number, random: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(tries, 30)) * (0.5 + random);
}
