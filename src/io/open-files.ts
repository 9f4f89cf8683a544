import { readFileSync } from 'node:fs';

/** What the program opens itself: its store and log, targets, a tunnel, its standard streams and the event loop's own. */
const OWN_FILES = 128;
const FEWEST = 16;

/**
 * How many connections this process can hold open and still have files left for the store and for targets; null where the
 * system does not say. Only Linux is asked: the others say it to a shell alone.
 *
 * @param limits The content of `/proc/self/limits`.
 */
export function connectionsThatFit(limits: string = ownLimits()): number | null {
  const [, files] = /^Max open files +(\d+)/m.exec(limits) ?? [];
  return files === undefined ? null : Math.max(FEWEST, Number(files) - OWN_FILES);
}

function ownLimits(): string {
  if (process.platform !== 'linux') return '';
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}
