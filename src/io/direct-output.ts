import { fstatSync, writeSync } from 'node:fs';
import type { Output } from '../context.js';

/**
 * So many bytes go straight to the descriptor: about what a pipe takes before its reader has read any. Who writes more has time
 * for Node's own stream.
 */
const MOST = 16_000;

/**
 * A file or a pipe to write a little to. Node's own stream for it takes longer to load than most commands need for all else, so it
 * is opened only when it is worth it: for much output, and for whatever does not go smoothly, which it knows to tell.
 *
 * @param open Gives Node's own stream. It is taken at once for a terminal, and where the descriptor says nothing of itself.
 */
export function directOutput(fd: number, open: () => Output): Output {
  return isFileOrPipe(fd) ? new DirectOutput(fd, open) : open();
}

class DirectOutput implements Output {
  readonly #fd: number;
  readonly #open: () => Output;
  readonly #told: Array<(stream: Output) => void> = [];
  #stream: Output | null = null;
  #left = MOST;

  constructor(fd: number, open: () => Output) {
    this.#fd = fd;
    this.#open = open;
  }

  write(data: string | Uint8Array, done?: () => void): boolean {
    let rest = typeof data === 'string' ? Buffer.from(data) : data;
    this.#left -= rest.length;
    if (this.#stream !== null || this.#left < 0) return this.#own().write(rest, done);
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest));
    } catch {
      // It is full for now, its reader has gone, the disk is full: the stream waits, or says so.
      return this.#own().write(rest, done);
    }
    if (done !== undefined) queueMicrotask(done);
    return true;
  }

  on(event: 'error' | 'close', listener: (error?: Error) => void): void {
    this.#tell((stream) => stream.on(event, listener));
  }

  once(event: 'drain', listener: () => void): void {
    this.#tell((stream) => stream.once(event, listener));
  }

  #tell(told: (stream: Output) => void): void {
    if (this.#stream === null) this.#told.push(told);
    else told(this.#stream);
  }

  #own(): Output {
    if (this.#stream === null) {
      this.#stream = this.#open();
      for (const told of this.#told.splice(0)) told(this.#stream);
    }
    return this.#stream;
  }
}

function isFileOrPipe(fd: number): boolean {
  try {
    // Not in plain numbers: those of the last call stay in Node, whose `realpath` takes them for those of what it resolves, and
    // stops short at a pipe (`libsql` would be loaded by the name of a link to it, and not find what it needs).
    const stat = fstatSync(fd, { bigint: true });
    return stat.isFile() || stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
