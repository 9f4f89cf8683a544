import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, messageOf } from '../core/errors.js';

/**
 * Makes a folder and those it stands in, where they are not there. Throws what the system says. Node's own recursive mkdir
 * tries for ever where a system refuses as if a parent were missing (`/proc/x/y`).
 *
 * @param mode Of those that are made.
 */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    make(path, mode);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path), mode);
    make(path, mode);
  }
}

function make(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there === undefined) throw error;
    // A file that stands in its place is, to what is to be written, a part of a path.
    if (!there.isDirectory()) throw Object.assign(new Error(messageOf(error)), { code: 'ENOTDIR' });
  }
}
