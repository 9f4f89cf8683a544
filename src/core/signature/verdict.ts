/** Why a delivery is not valid, or could not be checked. */
export const VERDICT_REASONS = [
  'missing_signature',
  'malformed_signature',
  'mismatch',
  'timestamp_missing',
  'timestamp_too_old',
  'timestamp_in_future',
  'no_secret',
  'unknown_provider',
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

export const VERDICT_STATUSES = ['valid', 'invalid', 'unchecked'] as const;

/** One fault that explains a mismatch: recomputing under it made the signature match. */
export interface Finding {
  readonly code: string;
  /** The fault, in words a developer can act on. */
  readonly message: string;
  /** What to change. */
  readonly hint: string | null;
}

/** What is said where a secret would do; of what is never signed the message says that. */
export const NO_SECRET = 'There is no secret to check the signature with.';

/** What verification says of one delivery. */
export interface Verdict {
  readonly status: (typeof VERDICT_STATUSES)[number];
  /** Null where the status is `valid`. */
  readonly reason: VerdictReason | null;
  /** A sentence. It never holds the expected signature or a secret. */
  readonly message: string;
  readonly diagnosis: readonly Finding[];
}
