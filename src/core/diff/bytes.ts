import type { BytesDifference } from './model.js';

const ROW = 16;
const ROWS = 4;

/** Where two bodies part, and the rows around that; null where they are the same. */
export function bytesDifference(before: Uint8Array, after: Uint8Array): BytesDifference | null {
  const shorter = Math.min(before.length, after.length);
  let offset = firstDifference(before, after, shorter);
  if (offset < 0) {
    if (before.length === after.length) return null;
    offset = shorter;
  }
  const from = Math.max(0, Math.floor(offset / ROW) * ROW - ROW);
  const window = (bytes: Uint8Array): Uint8Array => bytes.slice(from, from + ROW * ROWS);
  return {
    offset,
    ...placeOf(before, offset),
    sizes: [before.length, after.length],
    from,
    before: window(before),
    after: window(after),
  };
}

function firstDifference(before: Uint8Array, after: Uint8Array, length: number): number {
  const PIECE = 65_536;
  for (let at = 0; at < length; at += PIECE) {
    const end = Math.min(at + PIECE, length);
    // Native comparison finds the piece, and then one byte is looked for.
    if (Buffer.compare(before.subarray(at, end), after.subarray(at, end)) === 0) continue;
    for (let one = at; one < end; one++) if (before[one] !== after[one]) return one;
  }
  return -1;
}

function placeOf(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
