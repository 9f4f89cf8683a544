import { Command } from 'commander';
import type { Context } from '../context.js';
import { curlCommand } from '../core/delivery/curl.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { WebhookError } from '../core/errors.js';
import { grouped } from '../core/units.js';
import type { OpenKeeper } from '../io/store/keeper.js';
import { chooseDelivery } from './shared/choose.js';
import { addSet, addUnset } from './shared/edits.js';
import { isAnythingLeft, jobsOf, type Position, paceOf } from './shared/replay/jobs.js';
import { Preparation, type PrepareFlags } from './shared/replay/preparation.js';
import { createRecorder } from './shared/replay/recorder.js';
import { resumeCommand } from './shared/replay/resume.js';
import { replayExpectation, type SamenessFlags, samenessOf } from './shared/replay/sameness.js';
import { type SelectionFlags, selectionOptions } from './shared/selection.js';
import { sendAll, waitForTarget } from './shared/sending.js';
import { durationOf, openSession, wholeNumber } from './shared/session.js';
import { openSource, type Source } from './shared/source.js';
import { requiredTarget } from './shared/target.js';
import { type CommonFlags, collect, examples, SECRET, SECRET_FILE, type Verb, verb } from './shared/verb.js';

interface ReplayFlags extends CommonFlags, PrepareFlags, SelectionFlags, SamenessFlags {
  readonly to?: string;
  readonly edit?: boolean;
  readonly speed: string;
  readonly ordered?: boolean;
  readonly concurrency?: string;
  readonly times: string;
  readonly after?: string;
  readonly timeout?: string;
  readonly stopOnFailure?: boolean;
  readonly wait?: string;
  readonly dryRun?: boolean;
  readonly curl?: boolean;
}

export const replay: Verb = verb<ReplayFlags>({
  define: (command) =>
    selectionOptions(
      command
        .argument(
          '[selector...]',
          'ids or unique prefixes of ids, last, last:5, or files: exported deliveries (.json), HTTP messages (.http)',
        )
        .option('-t, --to <url>', 'where to send (else WEBHOOK_URL, else the config)'),
    )
      .option('--as-is', 'keep the signature it came with')
      .option('--resign', 'make a new signature')
      .option(...SECRET)
      .option(...SECRET_FILE)
      .option('--set <path=value>', 'set a value in the body (repeatable)', addSet)
      .option('--unset <path>', 'take a value out of the body (repeatable)', addUnset)
      .option('--edit', 'change the body in $EDITOR first')
      .option('-H, --header <line>', "replace or add a header; 'Name:' drops it (repeatable)", collect)
      .option('--speed <original|2x|max>', 'keep the gaps there were between them, scaled', 'max')
      .option('--ordered', 'the next only after the answer (the default)')
      .option('--concurrency <n>', 'so many at once')
      .option('--times <n>', 'all of it so many times', '1')
      .option('--after <id>', 'begin behind this one, where an earlier replay ended')
      .option('--timeout <duration>', "how long to wait for an answer (the provider's own, else 10s)")
      .option('--expect <statuses>', 'what counts as delivered: 2xx, 200,202 (2xx)')
      .option('--expect-body <text|/regex/>', 'what the answer must hold')
      .option('--within <duration>', 'how soon the answer must come')
      .option(
        '--expect-same',
        'the answer must mean what the kept one does (the last of a target, replays aside, else what the sender got)',
      )
      .option('--ignore <path>', 'with --expect-same: leave this of the body out: items[*].id (repeatable)', collect)
      .option('--stop-on-failure', 'send no other once one was not taken as expected')
      .option('--wait <duration>', 'wait so long for the target to accept connections')
      .option('--dry-run', 'print the requests, send nothing')
      .option('--curl', 'print them as curl commands, send nothing')
      .addHelpText(
        'after',
        examples(
          ['webhook replay last --to http://localhost:3000/webhooks', 'the newest delivery again, the same bytes'],
          ["webhook replay --event 'order.*' --since 2h --failed --to localhost:3000", 'all that went wrong, oldest first'],
          ['webhook replay deliveries/ --expect-same', 'a regression test: does your app still answer as it did?'],
          ['webhook replay 01JD3V --set data.order.total=0.00 --expect 200', 'with a change, signed anew, and checked'],
        ),
      ),

  async run(context, flags, args) {
    assertClear(flags);
    const session = await openSession(context, flags);
    const { renderer } = session;
    const expectation = replayExpectation(flags);
    const times = wholeNumber(flags.times, '--times', 1);
    const concurrency = flags.concurrency === undefined ? 1 : wholeNumber(flags.concurrency, '--concurrency', 1, 10_000);
    const pace = paceOf(flags.speed);
    const target = requiredTarget(session, flags.to);
    const after = flags.after ?? null;
    const source = await openSource(session, flags, args, {
      unsaid: async () => ({ ids: [await chooseDelivery(session)] }),
      writes: true,
    });
    const sender = (await import('../io/sender.js')).createSender({ connections: concurrency, now: context.now });
    try {
      const preparation = new Preparation(session, flags, target.url);
      if (flags.edit) await preparation.edit(await onlyOne(source));
      if (flags.dryRun || flags.curl) {
        for await (const delivery of source.deliveries(after)) {
          const request = await preparation.request(delivery);
          if (flags.curl) renderer.curl(curlCommand(request));
          else renderer.request(request);
          await renderer.room();
        }
        preparation.report(false);
        return 0;
      }
      await waitForTarget(sender, target, flags.wait, context.signal);
      const timeoutMs = durationOf(flags.timeout, 'timeout', session.config.timeoutMs);
      const startedAt = context.now();
      const { kept } = source;
      const recorder = kept === null ? null : createRecorder(kept.store, () => openThread(kept.store.path));
      const progress: { position: Position | null; begun: number } = { position: null, begun: 0 };
      const started = (position: Position): void => {
        progress.position = position;
        progress.begun++;
      };
      /** The command that does what is left; null: nothing is. */
      const rest = async (position: Position): Promise<string | null> => {
        if (!(await isAnythingLeft({ source, times }, position))) return null;
        const ended = { position, times, startedAt, selector: kept?.selector ?? null, args };
        return resumeCommand(replay.define(new Command()), flags, ended);
      };
      const summary = await sendAll(
        jobsOf({ source, preparation, times, pace, after, timeoutMs, started, ...samenessOf(flags, expectation) }),
        {
          context,
          renderer,
          sender,
          target,
          expectation,
          concurrency,
          rate: null,
          replay: true,
          record: recorder === null ? null : (delivery, attempt) => recorder.add(delivery.id, attempt),
          total: totalOf(context, source, times, after),
          stopOnFailure: flags.stopOnFailure === true,
        },
      )
        .finally(() => recorder?.end())
        .catch(async (error: unknown) => {
          const { position, begun } = progress;
          // One that cannot be made, as it is not JSON, is not to keep back those that come after it.
          if (!(error instanceof WebhookError) || error.code !== 'edit_failed' || begun < 2 || position === null) throw error;
          const command = await rest(position);
          const goOn = command === null ? '' : ` To go on without it: ${command}`;
          const hint = `${grouped(begun - 1)} before it ${begun === 2 ? 'was' : 'were'} sent.${goOn}`;
          throw new WebhookError(error.code, error.message, { hint, cause: error });
        });
      preparation.report(true);
      const { position } = progress;
      const early = (summary.interrupted || summary.stopped) && position !== null;
      const resume = early ? await rest(position) : null;
      renderer.sendSummary(resume === null ? summary : { ...summary, resume });
      if (summary.interrupted) return 130;
      return summary.failed === 0 ? 0 : 4;
    } finally {
      await renderer.flush();
      await sender.close();
      await source.close();
    }
  },
});

/** The store in a thread of its own; what it keeps at most is for a listener to see to. */
async function openThread(path: string): Promise<OpenKeeper> {
  const { openKeeper } = await import('../io/store/keeper.js');
  return openKeeper(path);
}

function assertClear(flags: ReplayFlags): void {
  if (flags.asIs && flags.resign)
    throw new WebhookError('usage', '--as-is keeps the signature and --resign replaces it; give one of them.');
  if (flags.ordered && flags.concurrency !== undefined) {
    throw new WebhookError('usage', '--ordered sends one at a time and --concurrency several; give one of them.');
  }
}

async function onlyOne(source: Source): Promise<Delivery> {
  let found: Delivery | null = null;
  for await (const delivery of source.deliveries()) {
    if (found !== null) {
      throw new WebhookError('usage', '--edit changes one delivery, and several are selected.', {
        hint: 'Name one id; --set changes many alike.',
      });
    }
    found = delivery;
  }
  if (found === null) throw new WebhookError('selection_empty', 'There is nothing to edit.');
  return found;
}

/** For the progress, which only a terminal shows: counting takes a look at all that is kept. Null where it is not known. */
function totalOf({ stderr }: Context, { kept }: Source, times: number, after: string | null): number | null {
  if (stderr.isTTY !== true || kept === null || after !== null) return null;
  return kept.store.count(kept.selector) * times;
}
