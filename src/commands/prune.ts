import { setTimeout as pause } from 'node:timers/promises';
import { WebhookError } from '../core/errors.js';
import { countDeliveries, formatSize, grouped, parseDuration } from '../core/units.js';
import type { Removal, Store } from '../io/store/store.js';
import { confirmed } from './shared/ask.js';
import { isDeliveryFile } from './shared/input.js';
import { isEverything, nothingSelected, type SelectionFlags, selectionOptions, selectorOf } from './shared/selection.js';
import { openSession, type Session, wholeNumber } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface PruneFlags extends CommonFlags, SelectionFlags {
  readonly keep?: string;
  readonly olderThan?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Between two parts: long enough for another process that waits to take its turn. Milliseconds. */
const PAUSE_MS = 6;

export const prune: Verb = verb<PruneFlags>({
  define: (command) =>
    selectionOptions(command.argument('[selector...]', 'ids or unique prefixes of ids, last, last:5'))
      .option('--keep <n>', 'spare the newest so many of those that match')
      .option('--older-than <duration>', 'only what came in longer ago: 12h, 30d')
      .option('-y, --yes', 'do not ask')
      .option('--dry-run', 'say how many it would be, and delete nothing')
      .addHelpText(
        'after',
        examples(
          ['webhook prune --older-than 30d', 'says how many that is, asks, and deletes them'],
          ["webhook prune --event 'stock.*' --keep 100 --yes", 'all but the newest hundred of these events, in a script'],
          ['webhook prune 01JD3V', 'one delivery'],
        ),
      ),

  async run(context, flags, args) {
    const session = await openSession(context, flags);
    const { renderer } = session;
    const file = args.find((arg) => isDeliveryFile(arg, context.cwd));
    if (file !== undefined) {
      throw new WebhookError('usage', `'${file}' is a file, and prune deletes what is kept in the store.`, {
        hint: 'Name ids or flags that select. See what they would be with --dry-run.',
      });
    }
    const asked = selectorOf(args, flags, context.now());
    const keep = flags.keep === undefined ? 0 : wholeNumber(flags.keep, '--keep', 0);
    if (flags.keep !== undefined && (asked.limit !== null || asked.last !== null)) {
      throw new WebhookError('usage', '--keep spares the newest, and --limit and last select them; give one of the two.');
    }
    if (isEverything(asked) && flags.keep === undefined && flags.olderThan === undefined) {
      throw new WebhookError('usage', 'It is not said what to delete.', {
        hint: 'Name --older-than 30d, --keep 1000, ids, or a flag that selects. Everything: --keep 0',
      });
    }
    const before = flags.olderThan === undefined ? null : context.now() - parseDuration(flags.olderThan, 'duration');
    const selector = { ...asked, until: before === null ? asked.until : Math.min(before, asked.until ?? before) };

    const store = await session.openStore({ mustExist: true });
    try {
      const removal = store.removal(selector, keep);
      // What matches but is new enough, or waits, is no mistake; what matches nothing is.
      if (removal.count === 0 && !isEverything(asked) && store.count(asked) === 0) throw nothingSelected(store, asked);
      if (removal.count === 0) report(session, { removal, removed: 0, bytes: null, dryRun: false });
      else if (flags.dryRun === true) report(session, { removal, removed: 0, bytes: null, dryRun: true });
      else if (flags.yes === true || (await agreed(session, removal))) await removeAll(session, store, removal);
      else renderer.info('Nothing was deleted.');
    } finally {
      await renderer.flush();
      await store.close();
    }
    return 0;
  },
});

async function agreed({ context }: Session, removal: Removal): Promise<boolean> {
  const what = countDeliveries(removal.count);
  return confirmed(
    context,
    `Delete ${what}?${remark(removal)}`,
    `${what} would be deleted.`,
    'Add --yes to do it, or --dry-run to only look.',
  );
}

async function removeAll(session: Session, store: Store, removal: Removal): Promise<void> {
  const { renderer, context } = session;
  const { signal } = context;
  const before = store.size();
  const progress = renderer.progress('Deleting');
  let removed = 0;
  const endIfInterrupted = (): void => {
    if (!signal.aborted || removed >= removal.count) return;
    throw new WebhookError('interrupted', `Interrupted: ${grouped(removed)} of ${countDeliveries(removal.count)} are deleted.`, {
      hint: 'Run it again to delete the rest.',
    });
  };
  try {
    endIfInterrupted();
    for (const count of removal.run()) {
      removed += count;
      progress.update(`Deleted ${grouped(removed)} of ${grouped(removal.count)}`);
      await pause(PAUSE_MS);
      endIfInterrupted();
    }
    progress.update('Making the file smaller');
    const compacted = store.compact();
    progress.done();
    report(session, { removal, removed, bytes: { before, after: store.size() }, dryRun: false });
    if (compacted !== 'done') renderer.info(`${KEEPS_SIZE[compacted]} What is kept next fills the room.`);
  } finally {
    progress.done();
  }
}

const KEEPS_SIZE = {
  shared: 'The file keeps its size for now, as another program uses it.',
  full: 'The file keeps its size: to make it smaller, the disk has to have room for a second one.',
} as const;

interface Outcome {
  readonly removal: Removal;
  readonly removed: number;
  /** Of the store on disk. */
  readonly bytes: { readonly before: number; readonly after: number } | null;
  readonly dryRun: boolean;
}

function report({ renderer }: Session, { removal, removed, bytes, dryRun }: Outcome): void {
  const size = bytes === null ? '' : ` The store has ${formatSize(bytes.after)}, before it had ${formatSize(bytes.before)}.`;
  const sentence = dryRun
    ? `${countDeliveries(removal.count)} would be deleted.${remark(removal)}`
    : removed === 0
      ? `There is nothing to delete.${remark(removal)}`
      : `Deleted ${countDeliveries(removed)}.${size}${remark(removal)}`;
  renderer.done(sentence, {
    type: 'pruned',
    deleted: removed,
    matching: removal.count,
    spared: removal.spared,
    bytesBefore: bytes?.before ?? null,
    bytesAfter: bytes?.after ?? null,
    dryRun,
  });
}

function remark({ spared, queued }: Removal): string {
  if (spared > 0) return ` Spared: ${grouped(spared)} that wait${spared === 1 ? 's' : ''} for a target; only ids select these.`;
  if (queued > 0)
    return ` ${grouped(queued)} of them still wait${queued === 1 ? 's' : ''} for a target, and will not be handed on.`;
  return '';
}
