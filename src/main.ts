import { randomBytes } from 'node:crypto';
import type { Context } from './context.js';

/** The program as a process: the real streams, clock and signals, and the exit code. */
export async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${WEBHOOK_VERSION}\n`);
    return;
  }
  const { run } = await import('./cli.js');
  process.exitCode = await run(argv, processContext());
}

/** Signals are taken over only when a command asks for `signal`; every other command dies of them, as programs do. */
function processContext(): Context {
  let interruption: AbortController | undefined;
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
    elapsed: () => performance.now(),
    random: (size) => randomBytes(size),
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
