import type { Context } from '../../context.js';
import { WebhookError } from '../../core/errors.js';
import { fillTemplate } from '../../core/events/template.js';
import type { Provider } from '../../core/providers/model.js';
import { readTimestamp } from '../../core/signature/timestamp.js';

/**
 * A point in time as a person gives it: ISO 8601, Unix seconds or milliseconds. Gives Unix milliseconds.
 *
 * @param forms How it may be written, for the hint about what is no time.
 */
export function parseTime(text: string, flag: string, forms = '2026-11-22T14:02:11Z, or as Unix seconds: 1795356131'): number {
  const at = readTimestamp(text, ['s', 'ms', 'iso']) ?? (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : null);
  if (at !== null && Number.isFinite(new Date(at).getTime())) return at;
  throw new WebhookError('usage', `${flag}: '${text}' is not a time.`, {
    hint: `Write it like ${forms}.`,
  });
}

/** An event id as the provider spells it. */
export function freshId(provider: Provider, context: Context): string {
  const values = { event: '', id: '', time: context.now(), random: context.random, reader: null };
  return fillTemplate(provider.idFormat ?? '{uuid}', values) ?? '';
}
