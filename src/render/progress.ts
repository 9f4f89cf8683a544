import type { Output } from '../context.js';
import type { Progress } from './renderer.js';
import type { Screen } from './screen.js';
import { asciiOnly, safeLine, truncate } from './terminal.js';

/** The one line at the bottom of a terminal that says how far something is. */
export interface ProgressLine {
  start(label: string): Progress;
  /** Takes the line off the screen, for something else to be written, and puts it back. */
  clear(): void;
  draw(): void;
}

/** It is written anew at most so often, in milliseconds. */
const INTERVAL = 80;
const CLEAR = '\r\x1b[2K';

export function createProgress(stderr: Output, screen: Screen, wanted: boolean): ProgressLine {
  let label: string | (() => string) | null = null;
  let shown = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const possible = wanted && stderr.isTTY === true;

  const clear = (): void => {
    if (!shown) return;
    shown = false;
    stderr.write(CLEAR);
  };
  const draw = (): void => {
    if (label === null || shown) return;
    const text = truncate(safeLine(typeof label === 'string' ? label : label()), screen.width - 3, screen.theme.marks.ellipsis);
    stderr.write(`  ${screen.theme.paint(screen.theme.unicode ? text : asciiOnly(text), 'dim')}`);
    shown = true;
  };
  const update = (next: string | (() => string)): void => {
    label = next;
    const now = screen.now();
    if (now - drawnAt < INTERVAL) return;
    drawnAt = now;
    clear();
    draw();
  };

  return {
    clear,
    draw,
    start(first) {
      if (!possible) return { update: () => undefined, done: () => undefined };
      drawnAt = Number.NEGATIVE_INFINITY;
      update(first);
      return {
        update,
        done() {
          label = null;
          clear();
        },
      };
    },
  };
}
