import { setImmediate as nextTurn } from 'node:timers/promises';
import { createIdSource } from '../../../core/delivery/id.js';
import { WebhookError } from '../../../core/errors.js';
import { eventMatcher } from '../../../core/events/patterns.js';
import { createRelay, type RelayEvent } from '../../../core/relay.js';
import { parseDuration, parseSize } from '../../../core/units.js';
import { openReceiver } from '../../../io/receiver.js';
import type { PrintPart } from '../../../render/renderer.js';
import { explain } from '../explain.js';
import { headerFlags } from '../headers.js';
import { durationOf, filled, type Session, verifyTokensOf, wholeNumber } from '../session.js';
import { answerOf, failures } from './answer.js';
import { runChild } from './child.js';
import { createEnding } from './ending.js';
import type { ReceiveFlags } from './flags.js';
import { routingOf } from './routing.js';
import { secretLookup } from './secrets.js';

/** How long a person waits without being told for what. Milliseconds. */
const PATIENCE_MS = 500;

/** Receives until it is ended, beside a command if one is given. Resolves with the exit code. */
export async function receive(session: Session, flags: ReceiveFlags, childCommand: readonly string[]): Promise<number> {
  const { context, renderer, config } = session;
  const provider = await session.provider(flags.provider);
  const known = provider === null ? await session.providers() : [provider];
  const secretsFor = await secretLookup(session, flags, provider, known);
  const routing = routingOf(session, flags);
  const port = wholeNumber(
    flags.port ?? filled(context.env.WEBHOOK_PORT) ?? String(config.listen.port ?? 4400),
    '--port',
    0,
    65_535,
  );
  const shows = eventMatcher(flags.events ?? config.listen.events ?? '*');
  const everyEvent = (flags.events ?? config.listen.events ?? null) === null;
  const print = printParts(flags.print ?? config.listen.print ?? 'body');
  const exitAfter = flags.exitAfter === undefined ? null : wholeNumber(flags.exitAfter, '--exit-after', 1);
  const lifetime = flags.for === undefined ? null : parseDuration(flags.for);
  const publicUrl = flags.publicUrl ?? config.listen.publicUrl;
  const answer = await answerOf(session, flags);
  const delay = flags.delay === undefined ? null : parseDuration(flags.delay);

  const ending = createEnding(context.signal);
  const keeper = flags.save ? await session.openKeeper() : null;
  const sender = routing.any || flags.confirm ? (await import('../../../io/sender.js')).createSender({ now: context.now }) : null;
  const relay = createRelay({
    provider,
    providers: known,
    secretsFor,
    tolerance: durationOf(flags.tolerance, 'tolerance', config.toleranceMs),
    publicUrl: () => publicUrl,
    allowInvalid: flags.allowInvalid ?? config.listen.allowInvalid ?? false,
    path: flags.path ?? config.listen.path,
    targetsFor: routing.targetsFor,
    // Without --events, a delivery whose event is not known is shown like any other.
    shows: (event) => everyEvent || shows(event),
    keeper,
    send: sender === null ? null : (request, options) => sender.send(request, options),
    timeoutMs: durationOf(flags.timeout, 'timeout', config.timeoutMs),
    ordered: flags.ordered ?? config.listen.ordered ?? false,
    concurrency:
      flags.concurrency === undefined
        ? (config.listen.concurrency ?? 64)
        : wholeNumber(flags.concurrency, '--concurrency', 1, 10_000),
    headers: headerFlags(flags.header),
    challenges: flags.challenges,
    verifyTokens: verifyTokensOf(session, flags.verifyToken),
    confirms: flags.confirm ?? false,
    answer,
    delay: delay === null ? null : () => ending.sleep(delay),
    fails: failures(flags.fail, context),
    explain: async (one, verdict, input) => {
      await nextTurn();
      return (await explain(session, one, verdict, input)).findings;
    },
    newId: createIdSource(context.now, context.random),
    now: context.now,
    elapsed: context.elapsed,
    on: (event) => tell(event),
  });

  let answered = 0;
  function tell(event: RelayEvent): void {
    if (event.type === 'warning') {
      renderer.warning({ code: event.code, message: event.message, hint: event.hint ?? null });
      return;
    }
    if (event.type === 'challenge') {
      renderer.challenge(event);
      return;
    }
    if (event.shown) renderer.delivery(event.delivery, { print });
    answered++;
    if (exitAfter !== null && answered >= exitAfter) ending.end();
  }

  try {
    const receiver = await openReceiver({
      host: flags.host ?? config.listen.host ?? '127.0.0.1',
      port,
      maxBody: flags.maxBody === undefined ? (config.listen.maxBodyBytes ?? 25_000_000) : parseSize(flags.maxBody),
      handle: relay.handle,
      now: context.now,
      onProblem: ({ code, message }) => renderer.warning({ code, message, hint: null }),
    });
    const checked = secretsFor(provider).length > 0 || (provider === null && known.some((one) => secretsFor(one).length > 0));
    renderer.ready({
      url: receiver.url,
      publicUrl: publicUrl ?? null,
      provider: provider?.name ?? null,
      secretCount: checked ? Math.max(1, secretsFor(provider).length) : 0,
      store: keeper === null ? null : await session.storePath(),
      targets: routing.shown,
      note: null,
    });
    const url = `${receiver.url}${flags.path ?? config.listen.path ?? ''}`;
    const child = childCommand.length === 0 ? null : runChild(childCommand, url, secretsFor(provider)[0], session, ending.end);
    if (lifetime !== null) ending.after(lifetime);
    await ending.reached;
    const patience = setTimeout(
      () => renderer.info('Finishing what is in flight. Interrupt once more to end at once.'),
      PATIENCE_MS,
    );
    await receiver.close();
    await relay.settled();
    clearTimeout(patience);
    renderer.listenSummary(relay.counts);
    return child === null ? 0 : await child.finish();
  } finally {
    await renderer.flush();
    await sender?.close();
    await keeper?.close();
  }
}

function printParts(text: string): ReadonlySet<PrintPart> {
  const parts = new Set<PrintPart>();
  for (const part of text.split(',').map((word) => word.trim())) {
    if (part === 'headers' || part === 'body' || part === 'response') parts.add(part);
    else if (part !== 'none') throw new WebhookError('usage', `--print takes headers, body, response or none, not '${part}'.`);
  }
  return parts;
}
