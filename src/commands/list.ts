import { isEverything, nothingSelected, type SelectionFlags, selectionOptions, selectorOf } from './shared/selection.js';
import { openSession } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

/** How many rows a list has where nothing says. */
const PAGE = 50;

export const list: Verb = verb<CommonFlags & SelectionFlags & { readonly all?: boolean }>({
  define: (command) =>
    selectionOptions(command.argument('[selector...]', 'ids or unique prefixes of ids, last, last:5'))
      .option('--all', `every one that matches, not only the newest ${PAGE}`)
      .addHelpText(
        'after',
        examples(
          ['webhook list', `the newest ${PAGE}, newest last`],
          ["webhook list --event 'order.*' --since 2h --failed", 'what went wrong with orders in the last two hours'],
          ['webhook list --status invalid --json', 'whole deliveries, one JSON object a line'],
        ),
      ),

  async run(context, flags, args) {
    const session = await openSession(context, flags);
    const asked = selectorOf(args, flags, context.now());
    const paged = !flags.all && asked.limit === null && asked.last === null && asked.ids.length === 0;
    const selector = paged ? { ...asked, limit: PAGE } : asked;
    const store = await session.openStore({ mustExist: true, readOnly: true });
    const { renderer } = session;
    try {
      if (renderer.json) await renderer.deliveries(store.select(selector));
      else {
        const matching = store.count(selector);
        if (matching === 0) throw nothingSelected(store.count(selectorOf([], {}, context.now())));
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
