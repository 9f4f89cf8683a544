import type { Verdict } from '../signature/verdict.js';

/** Which kept deliveries a command is about. Every part that is not null (or empty) must hold. */
export interface Selector {
  /** Ids or unique prefixes of ids. Empty: not limited to some. */
  readonly ids: readonly string[];
  /** Only the newest so many of those that match. */
  readonly last: number | null;
  /** Event patterns: `order.*,!order.updated`. */
  readonly event: string | null;
  readonly provider: string | null;
  /** Unix time in milliseconds: from then on, and before then. */
  readonly since: number | null;
  readonly until: number | null;
  readonly status: Verdict['status'] | null;
  /** An attempt failed or was not 2xx. */
  readonly failed: boolean;
  /** A text in the body. */
  readonly search: string | null;
  /** At most so many, the newest ones. */
  readonly limit: number | null;
}

export const EVERYTHING: Selector = {
  ids: [],
  last: null,
  event: null,
  provider: null,
  since: null,
  until: null,
  status: null,
  failed: false,
  search: null,
  limit: null,
};
