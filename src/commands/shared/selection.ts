/** The one way every command says which kept deliveries it is about. */
import type { Command } from 'commander';
import { EVERYTHING, type Selector } from '../../core/delivery/selector.js';
import { parseWhere } from '../../core/delivery/where.js';
import { WebhookError } from '../../core/errors.js';
import { parseDuration } from '../../core/units.js';
import type { Store } from '../../io/store/store.js';
import { wholeNumber } from './session.js';
import { parseTime } from './time.js';
import { collect } from './verb.js';

/** Of more names than that, only the number is told. */
const MOST_NAMED = 12;

export interface SelectionFlags {
  readonly event?: string;
  readonly provider?: string;
  readonly since?: string;
  readonly until?: string;
  readonly status?: string;
  readonly failed?: boolean;
  readonly search?: string;
  readonly where?: readonly string[];
  readonly limit?: string;
}

export function selectionOptions(command: Command): Command {
  return (
    command
      .optionsGroup('Which deliveries:')
      .option('--event <patterns>', "only these events: 'order.*,!order.updated'")
      .option('--provider <name>', 'only of this provider')
      .option('--since <time>', 'from then on: 2h, yesterday, 2026-11-22T14:00:00Z')
      .option('--until <time>', 'before then, in the same forms')
      .option('--status <verdict>', 'valid, invalid or unchecked')
      .option('--failed', 'an attempt failed or was not 2xx')
      .option('--search <text>', 'a text in the body')
      .option(
        '--where <path=value>',
        'what a JSON body says: data.order.customer.id=456, items[*].sku=A5 (repeatable)',
        collect,
        [],
      )
      .option('--limit <n>', 'at most so many, the newest')
      // What comes after is the command's own.
      .optionsGroup('')
  );
}

/**
 * Reads ids, `last`, `last:n` and the flags.
 *
 * @throws WebhookError `usage`
 */
export function selectorOf(args: readonly string[], flags: SelectionFlags, now: number): Selector {
  const lasts = args.filter((arg) => /^last(:|$)/.test(arg));
  if (lasts.length > 0 && args.length > 1) {
    throw new WebhookError('usage', `'${lasts[0]}' stands alone; it cannot be combined with ids.`);
  }
  if (flags.status !== undefined && !isStatus(flags.status)) {
    throw new WebhookError('usage', `--status is valid, invalid or unchecked, not '${flags.status}'.`);
  }
  return {
    ...EVERYTHING,
    ids: lasts.length > 0 ? [] : args,
    last: lasts[0] === undefined ? null : lasts[0] === 'last' ? 1 : wholeNumber(lasts[0].slice('last:'.length), 'last:n', 1),
    event: flags.event ?? null,
    provider: flags.provider ?? null,
    since: flags.since === undefined ? null : moment(flags.since, '--since', now),
    until: flags.until === undefined ? null : moment(flags.until, '--until', now),
    status: flags.status ?? null,
    failed: flags.failed ?? false,
    search: flags.search ?? null,
    where: (flags.where ?? []).map(parseWhere),
    limit: flags.limit === undefined ? null : wholeNumber(flags.limit, '--limit', 1),
  };
}

/** True where nothing narrows the selection: it means everything that is kept. */
export function isEverything(selector: Selector): boolean {
  return Object.entries(EVERYTHING).every(([key, value]) => {
    const own = selector[key as keyof Selector];
    return Array.isArray(own) ? own.length === 0 : own === value;
  });
}

/** What a selection that hit nothing is answered with: what there is, of what was asked for. */
export function nothingSelected(store: Store, selector: Selector): WebhookError {
  const kept = store.count(EVERYTHING);
  if (kept === 0) {
    return new WebhookError('selection_empty', 'Nothing has been kept yet.', { hint: 'Receive something: webhook listen' });
  }
  const said = kept === 1 ? 'The one kept delivery does not match.' : `None of the ${kept} kept deliveries matches.`;
  return new WebhookError('selection_empty', said, { hint: `${whatThereIs(store, selector)}See what there is: webhook list` });
}

function whatThereIs(store: Store, { provider, since, until }: Selector): string {
  if (provider !== null || since !== null || until !== null) {
    const { providers, newest, oldest } = store.info();
    if (provider !== null && providers.every((one) => one.provider !== provider)) {
      const known = providers.flatMap((one) => (one.provider === null ? [] : [one.provider]));
      return known.length === 0 ? 'No provider of theirs is known. ' : `Their providers: ${some(known)}. `;
    }
    const timeOf = (at: number): string => new Date(at).toISOString();
    if (since !== null && newest !== null && newest < since) return `The newest came in at ${timeOf(newest)}. `;
    if (until !== null && oldest !== null && oldest >= until) return `The oldest came in at ${timeOf(oldest)}. `;
  }
  const events = store.events();
  return events.length === 0 ? '' : `Their events: ${some(events)}. `;
}

function some(names: readonly string[]): string {
  return names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '');
}

function isStatus(text: string): text is NonNullable<Selector['status']> {
  return text === 'valid' || text === 'invalid' || text === 'unchecked';
}

/** `2h` ago, `today` and `yesterday` (from midnight, local time), or a point in time. */
function moment(text: string, flag: string, now: number): number {
  if (/^(\d+(\.\d+)?(ms|s|m|h|d))+$/i.test(text)) return now - parseDuration(text);
  if (text === 'today' || text === 'yesterday') {
    const midnight = new Date(now);
    midnight.setHours(0, 0, 0, 0);
    if (text === 'yesterday') midnight.setDate(midnight.getDate() - 1);
    return midnight.getTime();
  }
  return parseTime(text, flag, '2h for two hours ago, yesterday, 2026-11-22 or 2026-11-22T14:02:11Z');
}
