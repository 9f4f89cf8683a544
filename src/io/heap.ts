import { setFlagsFromString } from 'node:v8';

/** The newest V8 of which the flag is known. */
const KNOWN_V8 = 13;

/**
 * Lets the heap's space for young objects grow at one go where it grows. It begins at 1 MB, which some dozen deliveries fill, and
 * by doubling takes long to reach the 16 MB it may have: a process that receives all day is collected a quarter as often.
 */
export function growYoungSpace(): void {
  if (Number.parseInt(process.versions.v8, 10) <= KNOWN_V8) setFlagsFromString('--semi-space-growth-factor=16');
}
