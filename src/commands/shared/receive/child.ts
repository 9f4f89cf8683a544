import { constants } from 'node:os';
import { WebhookError } from '../../../core/errors.js';
import type { Session } from '../session.js';

/**
 * Runs the command beside the listener; when it ends, so do we, with its code.
 *
 * @param env added to the environment.
 */
export function runChild(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  session: Session,
  ended: () => void,
): { finish(): Promise<number> } {
  const { context } = session;
  const exited = import('node:child_process').then(
    ({ spawn }) =>
      new Promise<number>((resolve, reject) => {
        const [file, ...args] = command as [string, ...string[]];
        const child = spawn(file, args, {
          // With --json, stdout is ours alone.
          stdio: ['inherit', session.renderer.json ? 2 : 'inherit', 'inherit'],
          env: { ...context.env, ...env },
          shell: process.platform === 'win32',
        });
        context.signal.addEventListener('abort', () => child.kill('SIGTERM'));
        child.on('error', (error) =>
          reject(
            new WebhookError('usage', `'${file}' could not be run: ${error.message}.`, {
              cause: error,
              hint: 'Is it installed and on the PATH?',
            }),
          ),
        );
        child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128 + (constants.signals[signal] ?? 0))));
      }),
  );
  const outcome = exited.then(
    (code) => ({ code, error: null }),
    (error: unknown) => ({ code: 2, error }),
  );
  void outcome.then(ended);
  return {
    async finish() {
      const { code, error } = await outcome;
      if (error !== null) throw error;
      return code;
    },
  };
}
