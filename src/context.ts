import type { Readable, Writable } from 'node:stream';

/** A stream a command may write to; `columns` and `isTTY` are there on a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
export type Input = Readable & { readonly isTTY?: boolean };

/** What a command gets of the outside world. Tests give their own. */
export interface Context {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Unix time in milliseconds. */
  now(): number;
  /** Milliseconds from any start, never going back. */
  elapsed(): number;
  /** `size` random bytes. */
  random(size: number): Uint8Array;
  /** Aborted by SIGINT, SIGTERM and SIGHUP: finish what is in flight and end. A command that reads it answers for ending. */
  readonly signal: AbortSignal;
}
