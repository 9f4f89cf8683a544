/** What is told of two things that are compared. */

/**
 * How something differs. In meaning: it was `changed`, `added`, `removed` or `moved`. In spelling alone: `spelled` (`499.00` and
 * `499`, `\u00eb` and `ë`, `X-Id` and `x-id`), `order` (members, headers), `layout` (white space). `bytes`: it is compared as bytes.
 */
export type DifferenceKind = 'changed' | 'added' | 'removed' | 'moved' | 'spelled' | 'order' | 'layout' | 'bytes';

export interface Difference {
  readonly part: 'request' | 'status' | 'headers' | 'body';
  readonly kind: DifferenceKind;
  /** A path in the body (of a text: `line 3`), the name of a header, or what of the request line. */
  readonly path: string;
  /** Where it stands now; null: where it stood. */
  readonly to: string | null;
  /** JSON text of a value in a JSON body, else the text itself; cut where it is long. Null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Why it is no surprise (`the signature`); null: it is one. */
  readonly expected: string | null;
  /** Of bodies that are compared as bytes. */
  readonly bytes?: BytesDifference;
}

/** Two bodies as bytes. */
export interface BytesDifference {
  /** Of the first byte that differs. */
  readonly offset: number;
  /** Where that is in the first body, from 1. */
  readonly line: number;
  readonly column: number;
  readonly sizes: readonly [before: number, after: number];
  /** Where the rows begin that are shown. */
  readonly from: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface Differences {
  readonly list: readonly Difference[];
  /** How many more there are. */
  readonly more: number;
}

/** True where two things differ in what they mean, and that is a surprise. */
export function isReal({ kind, expected }: Difference): boolean {
  return expected === null && kind !== 'spelled' && kind !== 'order' && kind !== 'layout';
}

/** Values are told up to so many characters. */
const LONGEST = 1_000;

export function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
