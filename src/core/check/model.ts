/** What `check` says of an endpoint: a finding for each thing that was tried, and what they mean together. */
import type { Bench } from './bench.js';

export type Status = 'pass' | 'warn' | 'fail' | 'skip';

/** In the order they are tried. What loads the endpoint comes last. */
export const GROUPS = ['accepts', 'rejects', 'raw-body', 'hygiene', 'delivery'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_TITLES: Readonly<Record<Group, string>> = {
  accepts: 'Accepts what is genuine',
  rejects: 'Rejects what is not',
  'raw-body': 'Verifies the bytes',
  hygiene: 'Hygiene',
  delivery: 'Stands up to how deliveries come',
};

/** What was seen. `fix`: what to do about it, in place of the check's own. */
export interface Finding {
  readonly status: Status;
  /** A sentence. Nothing in it is secret, whatever the endpoint answered. */
  readonly message: string;
  readonly fix?: string;
}

/** One thing that is tried. */
export interface Check {
  /** `rejects.too_long`; the group stands before the dot. */
  readonly id: `${Group}.${string}`;
  /** What is tried, as a phrase: `a signature that is too long`. */
  readonly title: string;
  /** What goes wrong in the field where this fails, a sentence. */
  readonly why: string;
  /** What to change, a sentence. */
  readonly fix: string;
  run(bench: Bench): Promise<Finding>;
}

export interface CheckResult extends Finding {
  readonly id: string;
  readonly group: Group;
  readonly title: string;
  readonly why: string;
  /** What to change; for what passed or was not tried, what would be. */
  readonly fix: string;
  readonly requests: number;
  readonly durationMs: number;
}

/** What several findings mean together. */
export interface Diagnosis {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface CheckSummary {
  /** Without user and password. */
  readonly url: string;
  readonly provider: string;
  /** `warn` fails too where warnings are to. */
  readonly verdict: 'pass' | 'warn' | 'fail';
  readonly passed: number;
  readonly warned: number;
  readonly failed: number;
  readonly skipped: number;
  readonly requests: number;
  readonly durationMs: number;
}

/** A whole run. */
export interface CheckReport {
  readonly summary: CheckSummary;
  readonly results: readonly CheckResult[];
  readonly diagnosis: readonly Diagnosis[];
  /** Unix time in milliseconds. */
  readonly startedAt: number;
}

export function groupOf(id: string): Group {
  return GROUPS.find((group) => id.startsWith(`${group}.`)) ?? 'hygiene';
}

export const pass = (message: string): Finding => ({ status: 'pass', message });
export const skip = (message: string): Finding => ({ status: 'skip', message });
export const warn = (message: string, fix?: string): Finding => ({
  status: 'warn',
  message,
  ...(fix === undefined ? {} : { fix }),
});
export const fail = (message: string, fix?: string): Finding => ({
  status: 'fail',
  message,
  ...(fix === undefined ? {} : { fix }),
});
