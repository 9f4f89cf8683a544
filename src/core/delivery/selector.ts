import type { Verdict } from '../signature/verdict.js';

/** In a body that is meant, all texts of one of these stand, letters of ASCII in any case. */
export type Traces = ReadonlyArray<readonly Uint8Array[]>;

/** Something that can be told of a body only by reading it. */
export interface BodyCondition {
  /**
   * Bytes that stand in every body for which it holds, unless that spells characters with a backslash; null: there are none
   * of which that is known. It lets most bodies be passed over unread.
   */
  readonly bytes: Uint8Array | null;
  /** Null: none are known. */
  readonly traces: Traces | null;
  holds(body: Uint8Array): boolean;
}

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
  /** What must hold for its body, all of it. */
  readonly where: readonly BodyCondition[];
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
  where: [],
  limit: null,
};
