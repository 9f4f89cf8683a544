import type { Output } from '../context.js';

/** Lines on their way to a stream. Writing never waits; what was written within some milliseconds goes out as one piece. */
export interface LineWriter {
  /** Adds a line, as text or as its bytes (the newline is added here). After the reader has gone it does nothing. */
  line(text: string | Uint8Array): void;
  /** Hands over what is waiting without waiting for the end of the tick, so that another stream can go next. */
  push(): void;
  /** True once the reader has gone. */
  readonly closed: boolean;
  /** Settles as soon as there is room again: what a producer of very many lines awaits between them. */
  room(): Promise<void>;
  /** Settles once everything has been taken by the stream, or its reader has gone. */
  flush(): Promise<void>;
}

export interface LineWriterOptions {
  /** Beyond so many waiting characters, lines are left out and their number is told instead. Null: nothing is ever left out. */
  readonly skipBeyond?: number | null;
  /** The line that tells how many were left out. */
  readonly skipped?: (count: number) => string;
  /** Called once, when the reader has gone (`| head`) or the stream broke. */
  readonly onClosed?: () => void;
  /** Called around each write to the stream, for what else stands on the same screen. */
  readonly before?: () => void;
  readonly after?: () => void;
}

const ROOM = 1_000_000;
const THERE_IS: Promise<void> = Promise.resolve();
/** Under load, lines go out so often: each write to the system costs as much as rendering a line does. */
const PACE_MS = 16;

export function createLineWriter(stream: Output, options: LineWriterOptions = {}): LineWriter {
  const limit = options.skipBeyond ?? null;
  let waiting: Array<string | Uint8Array> = [];
  let waitingLength = 0;
  let skipped = 0;
  let scheduled = false;
  let pause: NodeJS.Timeout | undefined;
  let pushedAt = Number.NEGATIVE_INFINITY;
  let blocked = false;
  let closed = false;
  let inFlight = 0;
  let watchers: Array<() => boolean> = [];

  const wake = (): void => {
    watchers = watchers.filter((done) => !done());
  };
  const close = (): void => {
    if (closed) return;
    closed = true;
    waiting = [];
    waitingLength = 0;
    wake();
    options.onClosed?.();
  };
  stream.on('error', close);
  stream.on('close', close);

  const push = (): void => {
    if (closed || blocked || (waiting.length === 0 && skipped === 0)) return;
    if (skipped > 0) waiting.push(options.skipped?.(skipped) ?? `(${skipped} lines left out)`);
    const text = joined(waiting);
    waiting = [];
    waitingLength = 0;
    skipped = 0;
    inFlight++;
    pushedAt = Date.now();
    options.before?.();
    blocked = !stream.write(text, () => {
      inFlight--;
      wake();
    });
    options.after?.();
    if (blocked) {
      stream.once('drain', () => {
        blocked = false;
        push();
        wake();
      });
    }
  };

  const turn = (): void => {
    scheduled = false;
    push();
    wake();
  };

  const until = (done: () => boolean): Promise<void> => {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => {
      watchers.push(() => {
        if (!done()) return false;
        resolve();
        return true;
      });
    });
  };

  return {
    line(text) {
      if (closed) return;
      // Once lines are being left out, that goes on until the stream takes some again: their order stays true.
      if (limit !== null && (skipped > 0 || waitingLength + text.length > limit)) {
        skipped++;
        return;
      }
      waiting.push(text);
      waitingLength += text.length + 1;
      if (scheduled) return;
      scheduled = true;
      // A clock that was set back does not hold a line for longer; Node's finer one takes a millisecond to load.
      const left = Math.min(PACE_MS, pushedAt + PACE_MS - Date.now());
      if (left <= 0) setImmediate(turn);
      else pause = setTimeout(turn, left);
    },
    push,
    get closed() {
      return closed;
    },
    room() {
      if (waitingLength < ROOM && !blocked) return THERE_IS;
      push();
      return until(() => closed || (!blocked && waitingLength < ROOM));
    },
    async flush() {
      // The end of the program does not wait for it.
      clearTimeout(pause);
      scheduled = false;
      push();
      await until(() => closed || (inFlight === 0 && waiting.length === 0));
    },
  };
}

const NEWLINE = 0x0a;

/** The lines in one piece. */
function joined(lines: ReadonlyArray<string | Uint8Array>): string | Uint8Array {
  if (lines.every((line) => typeof line === 'string')) return `${lines.join('\n')}\n`;
  const size = lines.reduce((sum, line) => sum + 1 + (typeof line === 'string' ? Buffer.byteLength(line) : line.length), 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const line of lines) {
    if (typeof line === 'string') {
      at += bytes.write(line, at);
    } else {
      bytes.set(line, at);
      at += line.length;
    }
    bytes[at++] = NEWLINE;
  }
  return bytes;
}
