/** Moments as a person reads them, in one time zone. */
export interface Clock {
  /** `14:02:11` */
  time(ms: number): string;
  /** `14:02:11` where it is of the same day as `now`, else `Nov 20 14:02`, or `2025-11-20` from another year. At most 12 columns. */
  brief(ms: number, now: number): string;
  /** `2026-11-22 14:02:11.123 +01:00`, or `… UTC` */
  full(ms: number): string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Parts {
  readonly date: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: string;
}

/** @param timeZone an IANA name; absent: the machine's own, which takes no Intl (it is slow to begin with). */
export function createClock(timeZone?: string): Clock {
  const wallClock = timeZone === undefined ? localDate : zonedDate(timeZone);
  // Deliveries come in bursts: what was worked out for this second, and for now, is remembered.
  let second = Number.NaN;
  let remembered: Parts | null = null;
  const partsOf = (ms: number): Parts => {
    const wanted = Math.floor(ms / 1_000);
    if (remembered !== null && wanted === second) return remembered;
    second = wanted;
    remembered = partsFrom(wallClock(wanted * 1_000));
    return remembered;
  };
  let current: { readonly minute: number; readonly parts: Parts } | null = null;
  const partsOfNow = (now: number): Parts => {
    // No zone changes its date but at a full minute.
    const minute = Math.floor(now / 60_000);
    if (current === null || current.minute !== minute) current = { minute, parts: partsFrom(wallClock(now)) };
    return current.parts;
  };

  return {
    time: (ms) => partsOf(ms).time,
    brief: (ms, now) => {
      const today = partsOfNow(now);
      const parts = partsOf(ms);
      if (parts.date === today.date) return parts.time;
      if (parts.year !== today.year) return parts.date;
      return `${MONTHS[parts.month - 1] ?? ''} ${String(parts.day).padStart(2)} ${parts.time.slice(0, 5)}`;
    },
    full: (ms) => {
      const { date, time } = partsOf(ms);
      const whole = Math.floor(ms / 1_000) * 1_000;
      return `${date} ${time}.${String(Math.floor(ms - whole)).padStart(3, '0')} ${offsetText(wallClock(whole).getTime() - whole)}`;
    },
  };
}

/** A moment as the clock on the wall shows it: a Date whose UTC fields are the local ones. */
type WallClock = (ms: number) => Date;

function localDate(ms: number): Date {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
}

function zonedDate(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
  return (ms) => {
    const found = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => found.get(type) ?? 0;
    return new Date(Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')));
  };
}

function partsFrom(wall: Date): Parts {
  const iso = wall.toISOString();
  const year = wall.getUTCFullYear();
  return {
    date: iso.slice(0, iso.indexOf('T')),
    year,
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    time: iso.slice(-13, -5),
  };
}

/** `UTC`, `+01:00`, `-03:30` */
function offsetText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes === 0) return 'UTC';
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}`;
}
