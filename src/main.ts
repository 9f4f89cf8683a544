import type { Context, Output } from './context.js';
import { directOutput } from './io/direct-output.js';

/** The program as a process: the real streams, clock and signals, and the exit code. */
export async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const stdout = directOutput(1, () => process.stdout);
  const stderr = directOutput(2, () => process.stderr);
  watchOutput(stdout, stderr);
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    stdout.write(`${WEBHOOK_VERSION}\n`);
    return;
  }
  // There is nowhere to say that this one is gone.
  stderr.on('error', () => {});
  // Until it is known, nothing is done.
  process.exitCode = 1;
  const { run } = await import('./cli.js');
  process.exitCode = await run(argv, processContext(stdout, stderr));
}

/** A reader that has gone away (`| head`) is no error; a full disk under standard output is: what should be there is missing. */
function watchOutput(stdout: Output, stderr: Output): void {
  let lost = false;
  stdout.on('error', (error?: NodeJS.ErrnoException) => {
    if (lost || error?.code === 'EPIPE') return;
    lost = true;
    stderr.write(`error: The output could not be written (${error?.code ?? error?.message}).\n`);
  });
  process.on('exit', (code) => {
    if (lost && code === 0) process.exitCode = 2;
  });
}

/** To ask for randomness costs as much as a kilobyte of it, so it is asked for at once for many; nothing of it is given out twice. */
const POOL_BYTES = 4_096;
const MOST_POOLED = 64;

/**
 * What takes a while to begin with is begun when it is first asked for. Signals are taken over only when a command asks for `signal`; every
 * other command dies of them, as programs do.
 */
function processContext(stdout: Output, stderr: Output): Context {
  let interruption: AbortController | undefined;
  let crypto: typeof import('node:crypto') | undefined;
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return {
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
    elapsed: () => performance.now(),
    random(size) {
      crypto ??= process.getBuiltinModule('node:crypto');
      if (size > MOST_POOLED) return crypto.randomBytes(size);
      if (used + size > pool.length) {
        pool = crypto.randomBytes(POOL_BYTES);
        used = 0;
      }
      used += size;
      return pool.subarray(used - size, used);
    },
    get signal() {
      if (interruption === undefined) {
        interruption = new AbortController();
        onSignals(interruption);
      }
      return interruption.signal;
    },
  };
}

function onSignals(interruption: AbortController): void {
  for (const [name, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
    process.on(name, () => {
      // The second time, the person has waited long enough.
      if (interruption.signal.aborted) process.exit(128 + number);
      interruption.abort(name);
    });
  }
}
