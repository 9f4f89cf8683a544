import { access } from 'node:fs/promises';
import type { Selector } from '../core/delivery/selector.js';
import { following } from './shared/following.js';
import { isEverything, nothingSelected, type SelectionFlags, selectionOptions, selectorOf } from './shared/selection.js';
import { openSession, type Session } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

/** How many rows a list has where nothing says. */
const PAGE = 50;

interface ListFlags extends CommonFlags, SelectionFlags {
  readonly all?: boolean;
  readonly follow?: boolean;
}

export const list: Verb = verb<ListFlags>({
  define: (command) =>
    selectionOptions(command.argument('[selector...]', 'ids or unique prefixes of ids, last, last:5'))
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
    const asked = selectorOf(args, flags, context.now());
    const paged = !flags.all && asked.limit === null && asked.last === null && asked.ids.length === 0;
    const selector = paged ? { ...asked, limit: PAGE } : asked;
    if (flags.follow === true) return follow(session, asked, selector);
    const store = await session.openStore({ mustExist: true, readOnly: true });
    const { renderer } = session;
    try {
      if (renderer.json) {
        const found = store.select(selector);
        const first = found.next();
        if (first.done === true && !isEverything(asked)) throw nothingSelected(store);
        if (first.done !== true) await renderer.deliveries(behind(first.value, found));
      } else {
        const matching = store.count(selector);
        if (matching === 0) throw nothingSelected(store);
        await renderer.list(store.summaries(selector));
        const all = paged && matching === PAGE ? store.count(asked) : matching;
        const what = isEverything(asked) ? 'kept deliveries' : 'that match';
        if (all > matching) renderer.info(`The newest ${matching} of ${all} ${what}. More: --limit <n> or --all`);
      }
    } finally {
      await renderer.flush();
      await store.close();
    }
    return 0;
  },
});

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
    if (renderer.json)
      await renderer.deliveries(
        all(
          store.select(selector),
          following(store, asked, (one) => store.select(one), context),
        ),
      );
    else
      await renderer.list(
        all(
          store.summaries(selector),
          following(store, asked, (one) => store.summaries(one), context),
        ),
      );
  } finally {
    await renderer.flush();
    await store.close();
  }
  return 0;
}

async function* all<T>(first: Iterable<T>, then: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield* first;
  yield* then;
}

function* behind<T>(first: T, rest: Iterable<T>): IterableIterator<T> {
  yield first;
  yield* rest;
}
