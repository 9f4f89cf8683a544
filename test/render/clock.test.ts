import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/render/clock.js';

const at = (iso: string): number => Date.parse(iso);

describe('createClock', () => {
  it('reads times in the zone it was given', () => {
    const moment = at('2026-11-22T23:30:05.042Z');
    expect(createClock('UTC').full(moment)).toBe('2026-11-22 23:30:05.042 UTC');
    expect(createClock('Europe/Amsterdam').full(moment)).toBe('2026-11-23 00:30:05.042 +01:00');
    expect(createClock('America/St_Johns').full(moment)).toBe('2026-11-22 20:00:05.042 -03:30');
    expect(createClock('Europe/Amsterdam').time(moment)).toBe('00:30:05');
  });

  it('is brief: a time today, a day this year, else a date', () => {
    const clock = createClock('UTC');
    const now = at('2026-11-22T14:00:00Z');
    expect(clock.brief(at('2026-11-22T00:00:00Z'), now)).toBe('00:00:00');
    expect(clock.brief(at('2026-11-21T23:59:59Z'), now)).toBe('Nov 21 23:59');
    expect(clock.brief(at('2026-03-02T08:05:00Z'), now)).toBe('Mar  2 08:05');
    expect(clock.brief(at('2025-12-31T23:59:59Z'), now)).toBe('2025-12-31');
  });

  it("takes the machine's own zone as Date does", () => {
    const moment = at('2026-07-01T12:34:56.789Z');
    const date = new Date(moment);
    const two = (value: number): string => String(value).padStart(2, '0');
    expect(createClock().time(moment)).toBe(`${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`);
  });
});
