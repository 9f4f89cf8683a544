import { spawn } from 'node:child_process';

type Env = Readonly<Record<string, string | undefined>>;

const TIMEOUT_MS = 2_000;

/** The programs that fill a clipboard, in the order they are tried. */
function programs(platform: NodeJS.Platform, env: Env): ReadonlyArray<readonly [file: string, ...args: string[]]> {
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip.exe']];
  return [
    ...((env.WAYLAND_DISPLAY ?? '') === '' ? [] : ([['wl-copy']] as const)),
    ...((env.DISPLAY ?? '') === ''
      ? []
      : ([
          ['xclip', '-selection', 'clipboard'],
          ['xsel', '--clipboard', '--input'],
        ] as const)),
    // The Windows beneath WSL.
    ...((env.WSL_DISTRO_NAME ?? '') === '' ? [] : ([['clip.exe']] as const)),
  ];
}

/**
 * Copies a text with the system's own program. Resolves with false where there is none that does.
 *
 * @example if (!(await copyText('https://abc.loca.lt', process.env))) console.error('There is no clipboard here.');
 */
export async function copyText(text: string, env: Env, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  for (const [file, ...args] of programs(platform, env)) {
    if (await feeds(file, args, text, env)) return true;
  }
  return false;
}

function feeds(file: string, args: readonly string[], text: string, env: Env): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: { ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      timeout: TIMEOUT_MS,
    });
    child.on('error', () => resolve(false));
    child.stdin.on('error', () => {});
    // xclip stays behind, to hand the text out: its exit is that of the program which started it.
    child.on('exit', (code) => resolve(code === 0));
    child.stdin.end(text);
  });
}

/** What makes a terminal copy a text, where it lets programs (OSC 52). It says nothing about whether it did. */
export function copySequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`;
}
