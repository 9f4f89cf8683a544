import { access } from 'node:fs/promises';
import type { Delivery } from '../core/delivery/delivery.js';
import type { Selector } from '../core/delivery/selector.js';
import { type DeliverySummary, summaryOf } from '../core/delivery/summary.js';
import { WebhookError } from '../core/errors.js';
import { grouped } from '../core/units.js';
import { following } from './shared/following.js';
import { isDeliveryFile } from './shared/input.js';
import { isEverything, nothingSelected, type SelectionFlags, selectionOptions, selectorOf } from './shared/selection.js';
import { openSession, type Session } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';
import { whileRead } from './shared/while-read.js';

/** How many rows a list has where nothing says. */
const PAGE = 50;
/** Of more than that it is not said how many there are: a million would take longer to count than to list. */
const COUNTED = 10_000;

interface ListFlags extends CommonFlags, SelectionFlags {
  readonly all?: boolean;
  readonly follow?: boolean;
}

/** What was received longer ago than this, in milliseconds, is not on its way into the store any more. */
const RECENT_MS = 60_000;

export const list: Verb = verb<ListFlags>({
  define: (command) =>
    selectionOptions(command.argument('[selector...]', 'ids or unique prefixes of ids, last, last:5, or files'))
      .option('--all', `every one that matches, not only the newest ${PAGE}`)
      .option('-F, --follow', 'go on with what other processes keep, until it is interrupted')
      .addHelpText(
        'after',
        examples(
          ['webhook list', `the newest ${PAGE}, newest last`],
          ["webhook list --event 'order.*' --since 2h --failed", 'what went wrong with orders in the last two hours'],
          ['webhook list --where data.order.customer.id=456 --follow', "one customer's, and those that come"],
          ['webhook list --status invalid --json', 'whole deliveries, one JSON object a line'],
        ),
      ),

  async run(context, flags, args) {
    const session = await openSession(context, flags);
    if (args.some((arg) => isDeliveryFile(arg, context.cwd))) return listFiles(session, flags, args);
    const asked = selectorOf(args, flags, context.now());
    const paged = !flags.all && asked.limit === null && asked.last === null && asked.ids.length === 0;
    const selector = paged ? { ...asked, limit: PAGE } : asked;
    if (flags.follow === true) return follow(session, asked, selector);
    const store = await session.openStore({ mustExist: true, readOnly: true });
    const { renderer } = session;
    try {
      const shown = renderer.json
        ? await write(store.select(selector), renderer.deliveries)
        : await write(store.summaries(selector), renderer.list);
      // To a program that asks for all, an empty list is a list.
      if (shown === 0 && !(renderer.json && isEverything(asked))) throw nothingSelected(store, asked);
      if (paged && shown === PAGE) sayHowMany(session, store.count(asked, COUNTED + 1), isEverything(asked));
    } finally {
      await renderer.flush();
      await store.close();
    }
    return 0;
  },
});

/** What is in files is listed whole. */
async function listFiles(session: Session, flags: ListFlags, args: readonly string[]): Promise<number> {
  if (flags.follow === true) throw new WebhookError('usage', '--follow goes on with what is kept; files stay as they are.');
  const { renderer } = session;
  const { openSource } = await import('./shared/source.js');
  const source = await openSource(session, flags, args);
  let count = 0;
  async function* counted(): AsyncGenerator<Delivery, void, undefined> {
    for await (const delivery of source.deliveries()) {
      count++;
      yield delivery;
    }
  }
  async function* summaries(): AsyncGenerator<DeliverySummary, void, undefined> {
    for await (const delivery of counted()) yield summaryOf(delivery);
  }
  try {
    await (renderer.json ? renderer.deliveries(counted()) : renderer.list(summaries()));
  } finally {
    await renderer.flush();
    await source.close();
  }
  if (count === 0 && !renderer.json) throw new WebhookError('selection_empty', `There is no delivery in ${args.join(', ')}.`);
  return 0;
}

/** Writes rows, if there are any. Gives how many. */
async function write<T>(rows: IterableIterator<T>, to: (rows: Iterable<T>) => Promise<void>): Promise<number> {
  const first = rows.next();
  if (first.done === true) return 0;
  let count = 0;
  function* counted(): IterableIterator<T> {
    for (const row of behind(first.value, rows)) {
      count++;
      yield row;
    }
  }
  await to(counted());
  return count;
}

function sayHowMany({ renderer }: Session, all: number, everything: boolean): void {
  if (all === PAGE) return;
  const many = all > COUNTED ? `more than ${grouped(COUNTED)}` : grouped(all);
  const what = everything ? 'kept deliveries' : 'that match';
  renderer.info(`The newest ${PAGE} of ${many} ${what}. More: --limit <n> or --all`);
}

/** Where nothing is kept yet, it waits for what will be. */
async function follow(
  { context, renderer, openStore, storePath }: Session,
  asked: Selector,
  selector: Selector,
): Promise<number> {
  const readOnly = await access(await storePath()).then(
    () => true,
    () => false,
  );
  const store = await openStore({ readOnly });
  try {
    const since = context.now() - RECENT_MS;
    const how = { signal: whileRead(context), elapsed: context.elapsed };
    if (renderer.json) {
      const next = following(store, asked, (one) => store.select(one), how);
      await renderer.deliveries(once(store.select(selector), next, since));
    } else {
      const next = following(store, asked, (one) => store.summaries(one), how);
      await renderer.list(once(store.summaries(selector), next, since));
    }
  } finally {
    await renderer.flush();
    await store.close();
  }
  return 0;
}

/** What is there, and what comes: what is kept while the first is read can be in both, and is given once. */
async function* once<T extends { readonly id: string; readonly receivedAt: number }>(
  first: Iterable<T>,
  then: AsyncIterable<T>,
  since: number,
): AsyncGenerator<T, void, undefined> {
  const given = new Set<string>();
  for (const one of first) {
    if (one.receivedAt >= since) given.add(one.id);
    yield one;
  }
  for await (const one of then) if (!given.delete(one.id)) yield one;
}

function* behind<T>(first: T, rest: Iterable<T>): IterableIterator<T> {
  yield first;
  yield* rest;
}
