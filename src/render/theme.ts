import type { Output } from '../context.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a piece of text means; how it looks is decided here and nowhere else. */
export type Style = 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'link' | 'key' | 'string' | 'number' | 'literal' | 'redirect';

/** Signs of our own, in ASCII where the terminal has no more. */
export interface Marks {
  readonly valid: string;
  readonly invalid: string;
  readonly unchecked: string;
  readonly caution: string;
  readonly arrow: string;
  readonly answer: string;
  readonly ellipsis: string;
  readonly dot: string;
  readonly dash: string;
  readonly times: string;
  readonly again: string;
}

const UNICODE: Marks = {
  valid: '✓',
  invalid: '✗',
  unchecked: '○',
  caution: '!',
  arrow: '→',
  answer: '←',
  ellipsis: '…',
  dot: '·',
  dash: '–',
  times: '×',
  again: '↻',
};

const ASCII: Marks = {
  valid: '+',
  invalid: 'x',
  unchecked: 'o',
  caution: '!',
  arrow: '>',
  answer: '<',
  ellipsis: '...',
  dot: '-',
  dash: '-',
  times: 'x',
  again: '=',
};

export interface Theme {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly marks: Marks;
  /** The text in the colours of its meaning; the text itself where there is no colour. */
  paint(text: string, style?: Style): string;
}

/** How texts are coloured: takes the text and what it means. */
export type Painter = (text: string, style: Style) => string;

/** The painter that uses the terminal's own 16 colours. Loading it takes a while, so it is loaded only where there is colour. */
export async function loadPainter(): Promise<Painter> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const styles: Readonly<Record<Style, (text: string) => string>> = {
    strong: chalk.bold,
    dim: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    link: chalk.cyan,
    key: chalk.blue,
    string: chalk.green,
    number: chalk.yellow,
    literal: chalk.magenta,
    redirect: chalk.cyan,
  };
  return (text, style) => styles[style](text);
}

/** A theme; without a painter it is plain. */
export function createTheme(options: { readonly painter: Painter | null; readonly unicode: boolean }): Theme {
  const { painter, unicode } = options;
  return {
    color: painter !== null,
    unicode,
    marks: unicode ? UNICODE : ASCII,
    paint: (text, style) => (painter === null || style === undefined || text === '' ? text : painter(text, style)),
  };
}

/**
 * Whether to colour. The flag decides, then FORCE_COLOR, then NO_COLOR (no-color.org: any value but the empty one), then
 * whether the stream is a terminal that can.
 */
export function wantsColor(flag: boolean | null, env: Env, stream: Pick<Output, 'isTTY'>): boolean {
  if (flag !== null) return flag;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env.NO_COLOR ?? '') !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Whether Unicode can be shown: not on the Linux console, a dumb terminal, in a locale that says otherwise, or in the old Windows console. */
export function canUnicode(env: Env, platform: NodeJS.Platform): boolean {
  const term = env.TERM ?? '';
  if (term === 'dumb' || term === 'linux') return false;
  if (platform === 'win32') {
    const modern = ['WT_SESSION', 'TERMINUS_SUBLIME', 'ConEmuTask', 'TERM_PROGRAM', 'TERMINAL_EMULATOR', 'MSYSTEM'];
    return modern.some((name) => (env[name] ?? '') !== '') || /^(xterm|alacritty|rxvt|screen|tmux)/.test(term);
  }
  // No locale at all (a bare container) says nothing about the terminal, and those are UTF-8 nowadays.
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return locale === '' || /utf-?8/i.test(locale);
}

/** The colour of an HTTP status by its class. */
export function statusStyle(status: number): Style {
  if (status >= 200 && status < 300) return 'good';
  if (status >= 300 && status < 400) return 'redirect';
  return status >= 400 && status < 500 ? 'warn' : 'bad';
}
