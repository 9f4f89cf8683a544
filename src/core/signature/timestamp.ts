/** Timestamps as senders write them. */
import type { Scheme, TimestampUnit } from '../providers/model.js';
import { formatDuration } from '../units.js';

/** Unix time in milliseconds as this unit writes it. */
export function writeTimestamp(ms: number, unit: TimestampUnit): string {
  if (unit === 'iso') return new Date(ms).toISOString();
  return String(Math.floor(unit === 's' ? ms / 1_000 : ms));
}

/** Unix time in milliseconds; null where the text is no time. Of seconds and milliseconds, where both are understood, the size decides. */
export function readTimestamp(text: string, units: readonly TimestampUnit[]): number | null {
  const trimmed = text.trim();
  if (/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed)) {
    const value = Number(trimmed);
    const numeric = units.filter((unit) => unit !== 'iso');
    if (numeric.length === 0) return null;
    // 1e11 s is the year 5138, 1e11 ms is 1973: nothing real is between.
    const unit = numeric.length > 1 ? (Math.abs(value) < 1e11 ? 's' : 'ms') : numeric[0];
    return unit === 's' ? value * 1_000 : value;
  }
  if (!units.includes('iso') || !/^\d{4}-\d\d-\d\d[T ]/.test(trimmed)) return null;
  // A time without a zone is meant as UTC, and not as that of whatever machine reads it.
  const zone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(trimmed.slice(10)) || trimmed.length === 10 ? '' : 'Z';
  const ms = Date.parse(trimmed.replace(/(\.\d{3})\d+/, '$1') + zone);
  return Number.isNaN(ms) ? null : ms;
}

/** Whether a timestamp is within the scheme's tolerance; if not, which way it is off, and by how much in words. */
export function checkAge(
  at: number,
  now: number,
  tolerance: Scheme['tolerance'],
): { readonly reason: 'timestamp_too_old' | 'timestamp_in_future'; readonly message: string } | null {
  const age = now - at;
  if (tolerance.past !== null && age > tolerance.past) {
    return {
      reason: 'timestamp_too_old',
      message: `it was signed ${words(age)} ago, and ${formatDuration(tolerance.past)} are allowed`,
    };
  }
  if (tolerance.future !== null && -age > tolerance.future) {
    const milliseconds =
      at / 1_000 > now / 2 && at / 1_000 < now * 2 ? '; the timestamp looks like milliseconds where seconds are meant' : '';
    return {
      reason: 'timestamp_in_future',
      message: `its timestamp is ${words(-age)} ahead of this clock, and ${formatDuration(tolerance.future)} are allowed${milliseconds}`,
    };
  }
  return null;
}

function words(ms: number): string {
  return ms > 3_155_760_000_000 ? 'more than a century' : formatDuration(ms);
}
