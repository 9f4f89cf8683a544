import type { Readable } from 'node:stream';

/** What of a stream a command writes to; `isTTY` and its size are there on a terminal, which is always a stream of Node's own. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** @returns False: wait for `drain` before more is written. */
  write(data: string | Uint8Array, done?: () => void): boolean;
  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
  once(event: 'drain', listener: () => void): unknown;
}
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
