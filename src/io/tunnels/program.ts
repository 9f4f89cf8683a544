/** Runs a program that opens a tunnel and says its URL: what cloudflared, ssh and a command of the user's have in common. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { WebhookError } from '../../core/errors.js';
import type { OpenRequest, Tunnel } from './driver.js';

export interface ProgramOptions {
  /** A program on the PATH, or a line for the shell. */
  readonly run: { readonly file: string; readonly args: readonly string[] } | { readonly line: string };
  /** More variables for its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The URL, once a line of its output has it; null for any other line. */
  find(line: string): string | null;
  /** True for a line that is not worth repeating where it ends without a URL. */
  skip?(line: string): boolean;
  /** What a line that announces a failure means; null for any other line. */
  explain?(line: string): WebhookError | null;
  /** For messages: what runs. */
  readonly name: string;
  /** Added to a message where it ends without a URL. */
  readonly hint: string;
}

const KILL_MS = 2_000;
/** What a program said last, for the message where it ends. */
const LAST_LINES = 4;
const LONGEST_LINE = 2_000;
const WINDOWS = process.platform === 'win32';

/**
 * Starts the program and resolves once it has said its URL. The tunnel is lost when the program ends.
 *
 * @throws WebhookError `tunnel_unavailable` where it cannot be started, or ends without a URL.
 */
export async function openProgram(
  options: ProgramOptions,
  request: Pick<OpenRequest, 'env' | 'cwd' | 'signal'>,
): Promise<Tunnel> {
  const child = start(options, request);
  const last: string[] = [];
  let url: string | null = null;
  let problem: WebhookError | null = null;
  let isFound = (): void => {};
  const found = new Promise<void>((resolve) => {
    isFound = resolve;
  });
  const read = (line: string): void => {
    if (line.trim() === '') return;
    if (options.skip?.(line) !== true) last.push(line.trim());
    if (last.length > LAST_LINES) last.shift();
    problem ??= options.explain?.(line) ?? null;
    if (url !== null) return;
    url = options.find(line)?.replace(/\/$/, '') ?? null;
    if (url !== null) isFound();
  };
  onLines(child, read);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${options.name} could not be run: ${error.message}.`));
    child.once('close', (code, signal) => {
      const said = last.length === 0 ? '' : ` It said: ${last.join(' / ').slice(0, 500)}`;
      resolve(`${options.name} ended (${code ?? signal}).${said}`);
    });
  });
  const givenUp = new Promise<null>((resolve) => request.signal.addEventListener('abort', () => resolve(null), { once: true }));
  const outcome = await Promise.race([found, ended, givenUp]);
  if (url === null) {
    await stop(child, ended);
    throw (
      problem ??
      new WebhookError('tunnel_unavailable', outcome ?? `${options.name} said no URL. ${last.join(' / ').slice(0, 500)}`.trim(), {
        hint: options.hint,
      })
    );
  }
  return { url, lost: ended, close: () => stop(child, ended) };
}

function start({ run, env }: ProgramOptions, request: Pick<OpenRequest, 'env' | 'cwd'>): ChildProcess {
  const options = {
    cwd: request.cwd,
    env: { ...request.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    // A group of its own, to end what a shell has started with it, and to be ended by us and not by the terminal's Ctrl-C.
    detached: !WINDOWS,
    windowsHide: true,
  };
  return 'line' in run ? spawn(run.line, { ...options, shell: true }) : spawn(run.file, run.args, options);
}

function onLines(child: ChildProcess, each: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const lines = (rest + text).split(/\r?\n|\r/);
      rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
      for (const line of lines) each(withoutEscapes(line));
    });
    stream?.on('end', () => each(withoutEscapes(rest)));
  }
}

/** Programs colour their output even in a pipe. */
function withoutEscapes(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a terminal's sequences
  return line.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)/g, '');
}

/** Ends the program and what it has started; resolves when it has ended. */
async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  kill(child, 'SIGTERM');
  const timer = setTimeout(() => kill(child, 'SIGKILL'), KILL_MS);
  await ended;
  clearTimeout(timer);
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (WINDOWS)
      spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
        child.kill(),
      );
    else process.kill(-child.pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

/** Where a program is on the PATH; null where it is not. */
export async function findProgram(name: string, env: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  const extensions = WINDOWS ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    for (const extension of extensions) {
      const path = join(folder, name + extension);
      if (
        folder !== '' &&
        (await access(path, constants.X_OK).then(
          () => true,
          () => false,
        ))
      )
        return path;
    }
  }
  return null;
}

/** The first https URL of a line; with `plain`, http too. */
export function urlIn(line: string, plain = false): string | null {
  return (plain ? /\bhttps?:\/\/[^\s"'<>|,)\]]+/ : /\bhttps:\/\/[^\s"'<>|,)\]]+/).exec(line)?.[0] ?? null;
}
