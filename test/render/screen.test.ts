import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/context.js';
import { createScreen, type Screen } from '../../src/render/screen.js';

function screenOn(stream: Partial<Output>, env: Record<string, string> = {}): Screen {
  const output: Output = { write: () => true, on: () => {}, once: () => {}, ...stream };
  const same = <T>(value: T): T => value;
  const options = { painter: null, unicode: true, timeZone: 'UTC', now: () => 0, headers: same, url: same, body: same };
  return createScreen({ ...options, stream: output, env });
}
const widths = ({ width, foldWidth }: Screen): number[] => [width, foldWidth];

describe('how wide it is', () => {
  it('is a terminal’s own width, whatever the environment says, as it is at the moment', () => {
    const terminal = { isTTY: true, columns: 72 };
    const screen = screenOn(terminal, { COLUMNS: '100' });
    expect(widths(screen)).toEqual([72, 72]);
    terminal.columns = 20;
    expect(screenOn(terminal).foldWidth).toBe(40);
  });

  it('is no bound to lines in a pipe or a file', () => {
    const { width, foldWidth } = screenOn({});
    expect([width, foldWidth > 10_000]).toEqual([120, true]);
    expect(screenOn({}, { COLUMNS: 'many' }).foldWidth).toBe(foldWidth);
  });

  it('is what COLUMNS says there, as whoever sets it shows what comes out in a terminal', () => {
    expect(widths(screenOn({}, { COLUMNS: '80' }))).toEqual([80, 80]);
  });
});
