/** Runs a program that opens a tunnel and says its URL: what cloudflared, ssh and a command of the user's have in common. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { WebhookError } from '../../core/errors.js';
import { aborted } from './aborted.js';
import type { OpenRequest, Readiness, Tunnel } from './driver.js';

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
const LONGEST_SAID = 500;
const LONGEST_LINE = 2_000;
const WINDOWS = process.platform === 'win32';

/**
 * Starts the program and resolves once it has said its URL. The tunnel is lost when the program ends; what it has started
 * itself ends with it, and with this process, however that ends.
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
  onLines(child, (line) => {
    if (line.trim() === '') return;
    if (options.skip?.(line) !== true) last.push(line.trim());
    if (last.length > LAST_LINES) last.shift();
    problem ??= options.explain?.(line) ?? null;
    if (url !== null) return;
    url = options.find(line)?.replace(/\/$/, '') ?? null;
    if (url !== null) isFound();
  });
  const said = (): string => ending(last.join(' / '));
  let over = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${options.name} could not be run: ${error.message}.`));
    child.once('close', (code, signal) => {
      resolve(`${options.name} ended (${code ?? signal}).${last.length === 0 ? '' : ` It said: ${said()}`}`);
    });
  }).finally(() => {
    over = true;
  });
  const stop = async (): Promise<void> => {
    if (over) return;
    kill(child, 'SIGTERM');
    const timer = setTimeout(() => kill(child, 'SIGKILL'), KILL_MS);
    await ended;
    clearTimeout(timer);
  };
  const outcome = await Promise.race([found, ended, aborted(request.signal)]);
  if (url !== null) return { url, lost: ended, close: stop };
  await stop();
  const message = outcome ?? `${options.name} said no URL. ${said()}`.trim();
  throw problem ?? new WebhookError('tunnel_unavailable', message, { hint: options.hint });
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
  const child = 'line' in run ? spawn(run.line, { ...options, shell: true }) : spawn(run.file, run.args, options);
  if (!WINDOWS && child.pid !== undefined) guard(child, child.pid);
  return child;
}

/**
 * Ends a program's group where this process is killed and cannot: a shell waits for the end of its input, whose other end is
 * held here. Windows does the like by itself.
 */
function guard(child: ChildProcess, pid: number): void {
  const script = 'read -r line; kill -TERM -"$1"';
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  child.once('close', () => watcher.kill('SIGKILL'));
}

/** What went wrong stands at the end. */
function ending(text: string): string {
  return text.length > LONGEST_SAID ? `…${text.slice(-LONGEST_SAID)}` : text;
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

/** Signals to the program and to what it has started, which may outlive it. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
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

/** Whether a program is on the PATH, as a driver's readiness. */
export async function checkProgram(name: string, env: OpenRequest['env']): Promise<Readiness> {
  const path = await findProgram(name, env);
  return path === null ? { ready: false, detail: `${name} is not on the PATH` } : { ready: true, detail: path };
}

/** @throws WebhookError `tunnel_unavailable` where it is not on the PATH; the hint begins with how to get it. */
export async function needProgram(name: string, env: OpenRequest['env'], how: string): Promise<string> {
  const path = await findProgram(name, env);
  if (path !== null) return path;
  throw new WebhookError('tunnel_unavailable', `${name} is not on the PATH.`, {
    hint: `${how}, or take another driver: webhook tunnels`,
  });
}

/** Where a program is on the PATH; null where it is not. */
async function findProgram(name: string, env: OpenRequest['env']): Promise<string | null> {
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
