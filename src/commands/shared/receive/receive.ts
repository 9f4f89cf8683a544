import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ArrivalReport } from '../../../core/arrivals.js';
import { createIdSource } from '../../../core/delivery/id.js';
import { WebhookError } from '../../../core/errors.js';
import { USUAL_PATIENCE_MS } from '../../../core/handover.js';
import { createRelay, type RelayEvent } from '../../../core/relay.js';
import { triesWithin } from '../../../core/retry.js';
import { formatDuration } from '../../../core/units.js';
import { growYoungSpace } from '../../../io/heap.js';
import { openReceiver, type Receiver } from '../../../io/receiver.js';
import { explain } from '../explain.js';
import type { Session } from '../session.js';
import { whileRead } from '../while-read.js';
import { createCertificates } from './certificates.js';
import { runChild } from './child.js';
import { createEnding } from './ending.js';
import type { ReceiveFlags } from './flags.js';
import { refuseLoop } from './loop.js';
import { type ReceiveSettings, settingsOf } from './settings.js';
import { listenerTls, trustOf, wantsTls } from './tls.js';
import { openTunnel, type PublicTunnel, tunnelKind, urlToGive, whereToPaste } from './tunnel.js';

export interface ReceiveOptions {
  /** A public URL is wanted where nothing says otherwise. */
  readonly publicByDefault?: boolean;
}

/** How long a person waits without being told for what. Milliseconds. */
const PATIENCE_MS = 500;

/** Receives until it is ended, beside a command if one is given. Resolves with the exit code. */
export async function receive(
  session: Session,
  flags: ReceiveFlags,
  childCommand: readonly string[],
  { publicByDefault = false }: ReceiveOptions = {},
): Promise<number> {
  growYoungSpace();
  const { context, renderer } = session;
  const said = await settingsOf(session, flags);
  const certificates = flags.fetchCertificate === true ? await certificatesOf(session, said) : null;
  const settings = certificates === null ? said : { ...said, secretsFor: certificates.secretsFor, hasSecret: true };
  const { provider, routing, path, secretsFor } = settings;
  const kind = await tunnelKind(session, flags, publicByDefault);
  if (wantsTls(flags) && kind !== null && kind.name !== 'public-url') {
    throw new WebhookError('usage', 'A tunnel brings HTTPS of its own, and connects to a listener without it.', {
      hint: 'Leave out --listen-https, --cert and --key; or the tunnel.',
    });
  }
  const tls = await listenerTls(session, flags, settings.host);
  const trust = await trustOf(session, flags);

  const ending = createEnding(whileRead(context));
  /** What is to be closed, the last opened first. */
  const open: Array<() => Promise<unknown>> = [() => renderer.flush()];
  if (certificates !== null) open.push(certificates.close);
  try {
    const keeper = flags.save ? await session.openKeeper() : null;
    if (keeper !== null) open.push(() => keeper.close());
    const sender =
      routing.targets.length === 0 && flags.confirm !== true
        ? null
        : (await import('../../../io/sender.js')).createSender({ now: context.now, ...trust });
    if (sender !== null) open.push(() => sender.close());
    let tunnel: PublicTunnel | null = null;
    const publicUrl = (): string | null => settings.publicUrl ?? tunnel?.url ?? null;
    const urlGiven = (): string | null => {
      const url = publicUrl();
      return url === null ? null : urlToGive(url, path);
    };
    const queue =
      flags.queue === true
        ? await (await import('./queue.js')).openQueue(session, {
            ...settings,
            flags,
            saves: flags.save,
            sender,
            ending,
            publicUrl,
          })
        : null;
    if (queue !== null) open.push(() => queue.close());

    const relay = createRelay({
      ...settings,
      challenges: flags.challenges,
      confirms: flags.confirm ?? false,
      publicUrl,
      targetsFor: routing.targetsFor,
      keeper,
      send: sender === null ? null : (request, options) => sender.send(routing.addressed(request), options),
      queue: queue?.queue ?? null,
      wait: (ms) => ending.sleep(ms),
      delay: settings.delay === null ? null : () => ending.sleep(settings.delay ?? 0),
      explain: async (one, verdict, input) => {
        await nextTurn();
        return (await explain(session, one, verdict, input)).findings;
      },
      later: (work) => void setImmediate(work),
      newId: createIdSource(context.now, context.random),
      now: context.now,
      elapsed: context.elapsed,
      on: teller(session, settings, ending.end, childCommand.length > 0),
    });
    const receiver = await openReceiver({
      host: settings.host,
      port: settings.port,
      maxBody: settings.maxBody,
      ...(tls === null ? {} : { tls }),
      handle: (arrival) => {
        const ours = tunnel?.answer(arrival.request) ?? null;
        if (ours !== null) return Promise.resolve(ours);
        if (certificates === null) return relay.handle(arrival);
        return certificates.prepare(arrival.request).then(() => relay.handle(arrival));
      },
      now: context.now,
      onProblem: ({ code, message }) => renderer.warning({ code, message, hint: null }),
    });
    open.push(() => receiver.close());
    refuseLoop(routing.targets, receiver.url, settings.publicUrl);
    if (kind !== null) {
      try {
        tunnel = await openTunnel(session, flags, { kind, local: receiver.url, path, provider, signal: context.signal });
      } catch (error) {
        if (context.signal.aborted) return 0;
        throw error;
      }
      open.push(tunnel.close);
      refuseLoop(routing.targets, receiver.url, tunnel.url);
    }
    announce(session, settings, {
      receiver,
      tunnel,
      publicUrl: urlGiven(),
      store: keeper === null ? null : await session.storePath(),
    });
    if (queue !== null) queue.begin();
    else if (routing.targets.length > 0) {
      warnOfTries(session, settings);
      if (keeper !== null) await (await import('./queue.js')).tellOfQueue(session, routing.targets);
    }
    tunnel?.watch();
    const child =
      childCommand.length === 0
        ? null
        : runChild(
            childCommand,
            childEnvironment(`${receiver.url}${path ?? ''}`, urlGiven(), secretsFor(provider)[0]),
            session,
            ending.end,
          );
    if (settings.lifetime !== null) ending.after(settings.lifetime);
    await ending.reached;
    tunnel?.rest();
    const patience = setTimeout(
      () => renderer.info('Finishing what is in flight. Interrupt once more to end at once.'),
      PATIENCE_MS,
    );
    await receiver.close();
    await relay.settled();
    await queue?.close();
    clearTimeout(patience);
    const report = settings.arrivals?.report() ?? null;
    if (report !== null) renderer.arrivals(report);
    const { counts } = relay;
    const { forwarded = 0, failed = 0 } = queue?.counts ?? {};
    renderer.listenSummary({ ...counts, forwarded: counts.forwarded + forwarded, failed: counts.failed + failed });
    const code = child === null ? 0 : await child.finish();
    if (code === 0 && report !== null) assertArrived(report);
    return code;
  } finally {
    for (const close of open.reverse()) await close();
  }
}

/** With a sender of their own: what `--insecure` and `--ca` say is of targets, not of a provider's hosts. */
async function certificatesOf({ context, renderer }: Session, { providers, secretsFor }: ReceiveSettings) {
  const [{ createSender }, { fetchCertificate }] = await Promise.all([
    import('../../../io/sender.js'),
    import('../../../io/fetch-certificate.js'),
  ]);
  const sender = createSender({ now: context.now });
  const certificates = createCertificates({
    providers: await providers.all(),
    given: secretsFor,
    fetch: (url) => fetchCertificate(url, sender.send),
    now: context.now,
    warn: renderer.warning,
  });
  return { ...certificates, close: () => sender.close() };
}

/** @throws WebhookError `expectation_failed` where something is missing, too much or not valid. */
function assertArrived({ ok, complaints }: ArrivalReport): void {
  if (ok) return;
  throw new WebhookError('expectation_failed', `What arrived is not what was expected. ${complaints.join(' ')}`);
}

function teller(
  { renderer }: Session,
  { print, exitAfter, arrivals }: ReceiveSettings,
  end: () => void,
  besideChild: boolean,
): (event: RelayEvent) => void {
  let answered = 0;
  return (event) => {
    if (event.type === 'warning') {
      renderer.warning({ code: event.code, message: event.message, hint: event.hint ?? null });
      return;
    }
    if (event.type === 'challenge') {
      renderer.challenge(event);
      return;
    }
    if (event.shown) renderer.delivery(event.delivery, { print, note: noteOn(event) });
    arrivals?.take({ event: event.delivery.event, status: event.delivery.verdict.status });
    answered++;
    if (exitAfter !== null && answered >= exitAfter) end();
    // A command, or a number of deliveries, says itself when it is over.
    else if (exitAfter === null && !besideChild && arrivals?.complete()) end();
  };
}

function noteOn({ queued, untriedMs }: RelayEvent & { readonly type: 'delivery' }): string | null {
  if (queued) return 'waits in the queue';
  return untriedMs === null ? null : `not tried again in ${formatDuration(untriedMs)}: its sender does not wait that long`;
}

/** Without a queue, a sender waits for every try: what comes later than it does is not made. */
function warnOfTries({ renderer }: Session, { provider, retry }: ReceiveSettings): void {
  const patienceMs = provider?.timeoutMs ?? USUAL_PATIENCE_MS;
  const tries = triesWithin(retry, patienceMs);
  if (tries === retry.length) return;
  const made = tries === 0 ? 'No retry' : `Only the first ${tries === 1 ? '' : `${tries} `}of ${retry.length} retries`;
  renderer.warning({
    code: 'retry_cut_short',
    message: `${made} can be made: ${provider?.title ?? 'the sender'} waits ${formatDuration(patienceMs)} for its answer.`,
    hint: 'With --queue the sender gets 202, and all of them are made.',
  });
}

function announce(
  { renderer }: Session,
  { provider, secretsFor, hasSecret, routing }: ReceiveSettings,
  opened: {
    readonly receiver: Receiver;
    readonly tunnel: PublicTunnel | null;
    readonly publicUrl: string | null;
    readonly store: string | null;
  },
): void {
  const { receiver, tunnel, publicUrl, store } = opened;
  const checked = provider === null ? hasSecret : secretsFor(provider).length > 0;
  renderer.ready({
    url: receiver.url,
    publicUrl,
    qr: tunnel?.qr ?? null,
    provider: provider?.name ?? null,
    secretCount: checked ? Math.max(1, secretsFor(provider).length) : 0,
    store,
    targets: routing.shown,
    note: tunnel === null ? null : whereToPaste(provider),
  });
}

function childEnvironment(url: string, publicUrl: string | null, secret: string | undefined): Record<string, string> {
  return {
    WEBHOOK_URL: url,
    ...(publicUrl === null ? {} : { WEBHOOK_PUBLIC_URL: publicUrl }),
    ...(secret === undefined ? {} : { WEBHOOK_SECRET: secret }),
  };
}
