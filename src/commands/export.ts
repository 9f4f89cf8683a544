import { countDeliveries, grouped } from '../core/units.js';
import { type Form, type Format, formatOf, formOf } from './shared/export/form.js';
import { jsonPages } from './shared/export/json-pages.js';
import { openSink, type Sink } from './shared/export/sink.js';
import { nothingSelected, type SelectionFlags, selectionOptions } from './shared/selection.js';
import { openSession, type Session } from './shared/session.js';
import { openSource, type Source } from './shared/source.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface ExportFlags extends CommonFlags, SelectionFlags {
  readonly format?: string;
  readonly output?: string;
  readonly to?: string;
  readonly force?: boolean;
}

export const exportVerb: Verb = verb<ExportFlags>({
  define: (command) =>
    selectionOptions(command.argument('[selector...]', 'ids or unique prefixes of ids, last, last:5, or files; else all'))
      .option('--format <format>', "json, har, curl or http; else told from the output's name (json)")
      .option('-o, --output <file|dir>', 'a file, or a folder (dir/) for a file each; else stdout')
      .option('-t, --to <url>', 'for curl: where to send, in place of where they came to')
      .option('--force', 'overwrite files that are there')
      .addHelpText(
        'after',
        examples(
          ["webhook export --event 'order.*' -o deliveries/", 'a JSON file for each, to commit and compare'],
          ['webhook export --since 2h -o session.har', 'an HTTP Archive for the developer tools of a browser, without secrets'],
          ['webhook export last --format curl --to http://localhost:3000/webhooks | sh', 'send it by hand'],
        ),
      ),

  async run(context, flags, args) {
    const session = await openSession(context, flags);
    const { renderer } = session;
    const format = formatOf(flags);
    const form = await formOf(session, flags, format);
    const source = await openSource(session, flags, args);
    const sink = await openSink(context, flags, form);
    const progress = renderer.progress('Exporting');
    const endIfInterrupted = (): void => {
      if (sink.interrupted !== null && context.signal.aborted) throw sink.interrupted();
    };
    try {
      endIfInterrupted();
      for await (const count of exportAll(source, form, sink)) {
        progress.update(`Exported ${grouped(count)}`);
        endIfInterrupted();
      }
      endIfInterrupted();
      await sink.finish();
      progress.done();
      if (flags.output !== undefined) report(session, flags.output, format, sink);
    } finally {
      progress.done();
      await sink.abandon();
      await renderer.flush();
      await source.close();
    }
    return 0;
  },
});

/** Gives how many there are by now, from time to time. */
async function* exportAll({ kept, deliveries }: Source, { pages }: Form, sink: Sink): AsyncGenerator<number, void, undefined> {
  if (kept === null || pages === null || sink.addPage === null) {
    for await (const delivery of deliveries()) {
      await sink.add(delivery);
      if (sink.count % 100 === 0) yield sink.count;
    }
    return;
  }
  for await (const page of jsonPages(kept.store, kept.store.parts(kept.selector), pages)) {
    await sink.addPage(page);
    yield sink.count;
  }
  if (sink.count === 0) throw nothingSelected(kept.store, kept.selector);
}

function report({ renderer }: Session, path: string, format: Format, { count, same }: Sink): void {
  const what = countDeliveries(count);
  const unchanged = same === 0 ? '' : ` (${grouped(same)} of them there already)`;
  const redacted = format === 'har' ? ' Secrets and signatures are left out; --show-secrets keeps them.' : '';
  renderer.done(`Exported ${what} to ${path}${unchanged}.${redacted}`, {
    type: 'exported',
    path,
    format,
    deliveries: count,
    unchanged: same,
  });
}
