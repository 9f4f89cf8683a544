import { WebhookError } from './errors.js';

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1_000,
  kib: 1_024,
  mb: 1_000_000,
  mib: 1_048_576,
  gb: 1e9,
  gib: 1_073_741_824,
};

/**
 * Reads `500ms`, `10s`, `5m`, `2h`, `7d`; a fraction is allowed, and so is several in a row (`1h30m`). Gives milliseconds.
 *
 * @throws WebhookError `usage` where it is none of these.
 * @example parseDuration('1.5s') // 1500
 */
export function parseDuration(text: string, what = 'duration'): number {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '0') return 0;
  let total = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed) ? 0 : Number.NaN;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (DURATION_UNITS[unit as string] as number);
  }
  if (!Number.isFinite(total)) {
    throw new WebhookError('usage', `'${text}' is not a ${what}.`, { hint: 'Write it like 500ms, 10s, 5m or 2h.' });
  }
  return total;
}

/**
 * Reads `512kb`, `25mb`, `1gb` (and `kib`, `mib`, `gib`), or a bare number of bytes. Gives bytes.
 *
 * @throws WebhookError `usage` where it is none of these.
 */
export function parseSize(text: string, what = 'size'): number {
  const match = /^(\d+(?:\.\d+)?)\s*(b|kb|kib|mb|mib|gb|gib)?$/.exec(text.trim().toLowerCase());
  const size = match === null ? Number.NaN : Math.floor(Number(match[1]) * (SIZE_UNITS[match[2] ?? 'b'] as number));
  if (!Number.isFinite(size)) {
    throw new WebhookError('usage', `'${text}' is not a ${what}.`, { hint: 'Write it like 512kb or 25mb.' });
  }
  return size;
}

/** As finely as a duration is ever told, in milliseconds: a delivery that was exported and imported again is the same. */
export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** A timer can be set for no longer, in milliseconds: beyond it, Node's would go off at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** A wait as a timer takes it. Longer than that is as good as never. */
export function timerMs(ms: number): number {
  return Math.min(ms, LONGEST_TIMER_MS);
}

/** A duration for a person: `850 ms`, `12 s`, `5 min`, `2 h`, `3 days`. Rounded to the largest unit that fits. */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trimZero((ms / 1_000).toFixed(1))} s`;
  if (ms < 3_597_000) return `${trimZero((ms / 60_000).toFixed(1))} min`;
  if (ms < 172_620_000) return `${trimZero((ms / 3_600_000).toFixed(1))} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** A size for a person: `812 B`, `1.4 kB`, `20 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${trimZero((bytes / 1_000).toFixed(1))} kB`;
  if (bytes < 999_950_000) return `${trimZero((bytes / 1_000_000).toFixed(1))} MB`;
  return `${trimZero((bytes / 1_000_000_000).toFixed(1))} GB`;
}

/** A number for a person: `1,234`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** So many deliveries for a person: `1 delivery`, `1,234 deliveries`. */
export function countDeliveries(count: number): string {
  return `${grouped(count)} ${count === 1 ? 'delivery' : 'deliveries'}`;
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}
