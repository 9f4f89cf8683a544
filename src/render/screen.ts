import type { Output } from '../context.js';
import type { HeaderList } from '../core/http/headers.js';
import { type Clock, createClock } from './clock.js';
import { createTheme, type Painter, type Theme } from './theme.js';

/** What laying something out for a person needs to know. */
export interface Screen {
  readonly theme: Theme;
  readonly clock: Clock;
  now(): number;
  /** Columns of tables and of what is cut to fit. */
  readonly width: number;
  /** Columns at which long lines are folded: a terminal's own; in a pipe or a file they are not, unless COLUMNS says how wide it is. */
  readonly foldWidth: number;
  /** Rows a body takes under the line of its event: half a window, so that more than one event is in sight. */
  readonly bodyRows: number;
  /** Headers as they may be shown. */
  headers(headers: HeaderList): HeaderList;
  /** A path or URL as it may be shown. */
  url(url: string): string;
  /** A body as it may be shown. */
  body(body: Uint8Array): Uint8Array;
}

export interface ScreenOptions {
  readonly stream: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null: no colour. */
  readonly painter: Painter | null;
  readonly unicode: boolean;
  readonly timeZone: string | null;
  now(): number;
  headers(headers: HeaderList): HeaderList;
  url(url: string): string;
  body(body: Uint8Array): Uint8Array;
}

const NARROWEST = 40;
const FEWEST_BODY_ROWS = 8;
const MOST_BODY_ROWS = 24;
const IN_A_PIPE = 120;
/** Long, but not without end: a line of a file is still shown by something. */
const UNFOLDED = 100_000;

/** The screen a stream stands for. Its width is asked anew each time, since a window can be resized. */
export function createScreen(options: ScreenOptions): Screen {
  const { stream, env } = options;
  // Asking the environment takes longer than all else about a line.
  const columns = Number(env.COLUMNS ?? '');
  const width = (): number => {
    const wanted = stream.isTTY === true ? stream.columns : columns;
    return Math.max(NARROWEST, wanted || (stream.isTTY === true ? 80 : IN_A_PIPE));
  };
  return {
    theme: createTheme({ painter: options.painter, unicode: options.unicode }),
    clock: createClock(options.timeZone ?? undefined),
    now: options.now,
    get width() {
      return width();
    },
    get foldWidth() {
      return stream.isTTY === true || columns > 0 ? width() : UNFOLDED;
    },
    get bodyRows() {
      const half = Math.floor((stream.isTTY === true ? (stream.rows ?? 0) : 2 * MOST_BODY_ROWS) / 2);
      return Math.min(MOST_BODY_ROWS, Math.max(FEWEST_BODY_ROWS, half));
    },
    headers: options.headers,
    url: options.url,
    body: options.body,
  };
}
