import type { Delivery } from '../core/delivery/delivery.js';
import { WebhookError } from '../core/errors.js';
import { identified } from '../core/providers/identify.js';
import { countDeliveries, grouped } from '../core/units.js';
import { readDeliveries } from '../io/delivery-files.js';
import type { Store } from '../io/store/store.js';
import type { Renderer } from '../render/renderer.js';
import { knownProviders } from './shared/detection.js';
import { openSession } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface ImportFlags extends CommonFlags {
  readonly provider?: string;
}

/** So many are on their way to the disk at once. */
const AT_ONCE = 256;
/** Of more problems than that, only the number is told. */
const TOLD = 5;

export const importVerb: Verb = verb<ImportFlags>({
  define: (command) =>
    command
      .argument('<file...>', "exported deliveries, HTTP Archives (.har), what ngrok or gosmee recorded, folders of them, or '-'")
      .option('--provider <name>', 'who sent them; else told from their headers')
      .addHelpText(
        'after',
        examples(
          ['webhook import deliveries/', 'every delivery in a folder; one that is kept already is passed over'],
          ['webhook import session.har', 'the requests that a browser or mitmproxy recorded'],
          ['curl -s localhost:4040/api/requests/http | webhook import -', 'what ngrok recorded'],
        ),
      ),

  async run(context, flags, paths) {
    const session = await openSession(context, flags);
    const { renderer } = session;
    const given = flags.provider === undefined ? null : await session.provider(flags.provider);
    const providers = await knownProviders(session);
    const store = await session.openStore();
    const { signal } = context;
    const from = { cwd: context.cwd, stdin: context.stdin, now: () => context.now(), interruption: signal };
    const progress = renderer.progress('Importing');
    const counts: Counts = { imported: 0, skipped: 0, failed: 0 };
    let waiting: Array<Promise<void>> = [];
    const settle = async (): Promise<void> => {
      await Promise.all(waiting);
      waiting = [];
    };
    try {
      for (const path of paths) {
        for await (const { delivery, problem } of readDeliveries(path, from)) {
          if (signal.aborted) throw new WebhookError('interrupted', 'Interrupted.');
          if (delivery === null) {
            counts.failed++;
            if (counts.failed <= TOLD) renderer.warning(problem);
            continue;
          }
          const keeping = keep(store, await identified(delivery, providers, given), counts);
          // It is awaited with the others; until then, that it fails must not end the program.
          keeping.catch(() => {});
          waiting.push(keeping);
          if (waiting.length < AT_ONCE) continue;
          await settle();
          progress.update(`Imported ${grouped(counts.imported)}`);
        }
      }
      await settle();
      if (counts.imported > 0)
        for (let more = true; more && !signal.aborted; more = await store.index()) progress.update('Indexing');
      progress.done();
      report(renderer, paths, counts);
    } catch (error) {
      // What is on its way is kept.
      await Promise.allSettled(waiting);
      throw endedEarly(error, counts);
    } finally {
      progress.done();
      await renderer.flush();
      await store.close();
    }
    return counts.failed === 0 ? 0 : 2;
  },
});

/** With how far it got: what was imported stays. */
function endedEarly(error: unknown, { imported, skipped }: Counts): unknown {
  if (!(error instanceof WebhookError) || imported + skipped === 0) return error;
  const far = `${grouped(imported)} ${imported === 1 ? 'was' : 'were'} imported before, and stay. Run again, it passes over what is kept.`;
  return new WebhookError(error.code, error.message, { hint: error.hint === null ? far : `${error.hint} ${far}`, cause: error });
}

interface Counts {
  imported: number;
  /** Kept already. */
  skipped: number;
  failed: number;
}

async function keep(store: Store, delivery: Delivery, counts: Counts): Promise<void> {
  if (store.has(delivery.id)) {
    counts.skipped++;
    return;
  }
  try {
    // What another program recorded is looked up like what comes in; an exported delivery comes back as it went.
    await store.keep(delivery, { duplicates: delivery.origin === 'imported' });
    counts.imported++;
  } catch (error) {
    // The same file holds it twice, or another process was quicker.
    if (!(error instanceof WebhookError) || error.code !== 'input_malformed') throw error;
    counts.skipped++;
  }
}

function report(renderer: Renderer, paths: readonly string[], { imported, skipped, failed }: Counts): void {
  const parts = [`Imported ${countDeliveries(imported)} from ${paths.join(', ')}`];
  if (skipped > 0) parts.push(`${grouped(skipped)} ${skipped === 1 ? 'was' : 'were'} kept already`);
  if (failed > 0) parts.push(`${grouped(failed)} could not be read`);
  renderer.done(`${parts.join('; ')}.`, { type: 'imported', imported, skipped, failed });
}
