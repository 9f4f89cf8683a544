/** Runs the packed program, as it is installed by npm: what only a process can show. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { bareEnvironment, temporaryFolder } from './folder.js';
import { type Outcome, type Running, type RunOptions, watch } from './running.js';

/** The project that has the packed program installed. */
export function packedProject(): string {
  return inject('packedProject');
}

/** The program's launcher. */
export function packedProgram(): string {
  return join(packedProject(), 'node_modules', 'webhook-cli', 'bin', 'webhook.js');
}

/** Starts any program; it does not outlive the test. */
export function startProgram(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Running & { readonly pid: number } {
  const { timeout = 25_000, input } = options;
  const cwd = options.cwd ?? temporaryFolder();
  const child = spawn(file, args, { cwd, env: bareEnvironment(cwd, options.env), stdio: 'pipe' });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${file} ${args.join(' ')} is still running after ${timeout} ms`));
    }, timeout);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
  });
  ended.catch(() => {});
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended.catch(() => {});
  });
  // A program that does not read its input to the end is no failure of ours.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const running = watch(child, ended, (signal) => void child.kill(signal), `${file} ${args.join(' ')}`);
  return Object.assign(running, { pid: child.pid as number });
}

/** Starts the packed `webhook` with these arguments. */
export function start(args: readonly string[], options: RunOptions = {}): Running & { readonly pid: number } {
  return startProgram(process.execPath, [packedProgram(), ...args], options);
}

/** Runs the packed `webhook` with these arguments to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return start(args, options).ended;
}

/** Starts a line of shell, with the packed `webhook` and `webhook-cli` on its PATH. */
export function shell(line: string, options: RunOptions = {}): Running {
  const path = `${join(packedProject(), 'node_modules', '.bin')}:${process.env.PATH}`;
  return startProgram('sh', ['-c', line], { ...options, env: { PATH: path, ...options.env } });
}
