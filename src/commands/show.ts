import { curlCommandTo } from '../core/delivery/curl.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { bodyToJson } from '../core/delivery/json.js';
import { urlOf, writeRawRequest } from '../core/delivery/raw.js';
import { WebhookError } from '../core/errors.js';
import { identify } from '../core/providers/batch.js';
import { RequestReader } from '../core/providers/read.js';
import { safeJson } from '../render/terminal.js';
import { type SelectionFlags, selectionOptions } from './shared/selection.js';
import { openSession, type Session } from './shared/session.js';
import { openSource } from './shared/source.js';
import { writeBytes } from './shared/stdout.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface ShowFlags extends CommonFlags, SelectionFlags {
  readonly body?: boolean;
  readonly curl?: boolean;
  readonly raw?: boolean;
}

export const show: Verb = verb<ShowFlags>({
  define: (command) =>
    selectionOptions(
      command.argument('[selector...]', 'ids or unique prefixes of ids, last, last:5, or files (last where nothing is said)'),
    )
      .option('--body', 'the exact bytes of the body, and nothing else, to stdout')
      .option('--curl', 'a curl command that sends the same request')
      .option('--raw', 'the request as an HTTP message')
      .addHelpText(
        'after',
        examples(
          ['webhook show last', 'the newest delivery in full'],
          ['webhook show 01JD3V --body > body.json', 'the bytes as they came'],
          ['webhook show last --curl | sh', 'send it once more, by hand'],
        ),
      ),

  async run(context, flags, args) {
    const session = await openSession(context, flags);
    const { renderer } = session;
    if ([flags.body, flags.curl, flags.raw].filter(Boolean).length > 1) {
      throw new WebhookError('usage', '--body, --curl and --raw are three ways to show one delivery; give one of them.');
    }
    const source = await openSource(session, flags, args, { unsaid: async () => ({ last: 1 }) });
    try {
      for await (const delivery of source.deliveries()) {
        const { request } = delivery;
        if (flags.body) await writeBytes(context.stdout, part(session, delivery, 'body', request.body));
        else if (flags.raw) await writeBytes(context.stdout, part(session, delivery, 'http', writeRawRequest(request)));
        else if (flags.curl) {
          renderer.curl(curlCommandTo(urlOf(request), request));
        } else if (renderer.json) await renderer.deliveries([delivery]);
        else await showInFull(session, delivery, source.kept?.store.queuedFor(delivery.id) ?? []);
        await renderer.room();
      }
    } finally {
      await renderer.flush();
      await source.close();
    }
    return 0;
  },
});

/** The bytes as they are; for a program a record that holds them. */
function part({ renderer }: Session, { id }: Delivery, type: 'body' | 'http', bytes: Uint8Array): Uint8Array {
  return renderer.json ? Buffer.from(`${safeJson(JSON.stringify({ type, id, ...bodyToJson(bytes) }))}\n`) : bytes;
}

/** With what only its provider's description tells: what is secret in it, and the events of a batch. */
async function showInFull(session: Session, delivery: Delivery, waitsFor: readonly string[]): Promise<void> {
  const provider = delivery.provider === null ? null : await session.provider(delivery.provider).catch(() => null);
  const items = provider === null ? [] : identify(provider, new RequestReader(delivery.request)).items;
  session.renderer.show(delivery, { items, waitsFor });
}
