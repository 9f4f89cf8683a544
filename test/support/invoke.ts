/** Runs the program in this process, with an outside world of its own: what most tests of commands need. */
import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { run } from '../../src/cli.js';
import { bareEnvironment, temporaryFolder } from './folder.js';
import { type Outcome, type Running, type RunOptions, watch } from './running.js';

export interface InvokeOptions extends RunOptions {
  /** Both streams say that they are a terminal of so many columns. */
  readonly columns?: number;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
  /** Milliseconds from any start. */
  readonly elapsed?: () => number;
}

/** Starts `webhook` with these arguments, in this process. */
export function startHere(args: readonly string[], options: InvokeOptions = {}): Running {
  const cwd = options.cwd ?? temporaryFolder();
  const { columns } = options;
  const stream = (): PassThrough & { isTTY?: boolean; columns?: number; rows?: number } =>
    Object.assign(new PassThrough(), columns === undefined ? {} : { isTTY: true, columns, rows: 40 });
  const stdout = stream();
  const stderr = stream();
  const stdin = options.input === undefined ? Readable.from([]) : Readable.from([Buffer.from(options.input)]);
  const interruption = new AbortController();
  const closed = (output: PassThrough): Promise<void> => new Promise((resolve) => void output.on('end', resolve));
  const ends = Promise.all([closed(stdout), closed(stderr)]);
  const code = run(args, {
    stdin,
    stdout,
    stderr,
    env: bareEnvironment(cwd, options.env),
    cwd,
    now: options.now ?? Date.now,
    elapsed: options.elapsed ?? (() => performance.now()),
    random: (size) => randomBytes(size),
    signal: interruption.signal,
  });
  const ended = code.then(async (value) => {
    stdout.end();
    stderr.end();
    await ends;
    return { code: value, signal: null };
  });
  return watch({ stdout, stderr }, ended, (signal) => interruption.abort(signal), `webhook ${args[0]}`);
}

/** Runs `webhook` with these arguments, in this process, to its end. */
export function invoke(args: readonly string[], options: InvokeOptions = {}): Promise<Outcome> {
  return startHere(args, options).ended;
}
