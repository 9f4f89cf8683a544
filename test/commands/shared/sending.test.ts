import { describe, expect, it } from 'vitest';
import { progressLabel } from '../../../src/commands/shared/sending.js';

describe('how far sending is', () => {
  it('is told with the pace and what is left of the time', () => {
    expect(progressLabel(25, 100, 1, 500)).toBe('[=====>              ] 25 of 100 · 50/s · 1 failed · 1.5 s left');
    expect(progressLabel(100, 100, 0, 2_000)).toBe('[====================] 100 of 100 · 50/s · 0 failed');
    expect(progressLabel(7, null, 0, 1_000)).toBe('7 sent · 7/s · 0 failed');
  });

  it('is told with when the next one is due where gaps set the pace, within 80 columns', () => {
    const label = progressLabel(3, 7, 0, 1_500, 2_400);
    expect(label).toBe('[========>           ] 3 of 7 · 0 failed · the next in 2.4 s');
    expect(progressLabel(300_000, 1_000_000, 123_456, 1, 3_600_000).length).toBeLessThan(78);
  });
});
