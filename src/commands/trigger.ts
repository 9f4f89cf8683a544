import type { Context } from '../context.js';
import { curlCommand } from '../core/delivery/curl.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { createIdSource } from '../core/delivery/id.js';
import { WebhookError } from '../core/errors.js';
import { type ComposeInput, type Corruption, compose } from '../core/events/compose.js';
import type { Edit } from '../core/events/edits.js';
import { type Sample, sampleHeaders, withQuery } from '../core/events/sample.js';
import { type HeaderList, isHeaderName } from '../core/http/headers.js';
import type { OutgoingRequest } from '../core/http/message.js';
import { identify } from '../core/providers/batch.js';
import type { Challenge } from '../core/providers/challenge.js';
import type { Provider } from '../core/providers/model.js';
import { RequestReader } from '../core/providers/read.js';
import { resign } from '../core/signature/resign.js';
import { verifySignature } from '../core/signature/verify.js';
import { parseTarget } from '../io/target.js';
import { challengeDelivery, challengeJudge, challengeNamed, readyChallenge } from './shared/challenge.js';
import { addSet, addUnset } from './shared/edits.js';
import { chooseEvent, resolveEvents, type WantedEvent } from './shared/events.js';
import { type ExpectFlags, expectationOf } from './shared/expectation.js';
import { headerFlags } from './shared/headers.js';
import { type Job, sendAll, waitForTarget } from './shared/sending.js';
import {
  durationOf,
  filled,
  openSession,
  type SecretFlags,
  type Session,
  verifyTokensOf,
  wholeNumber,
} from './shared/session.js';
import { retryAndEvents, type Simulation, type SimulationFlags, simulationOf, simulationOptions } from './shared/simulation.js';
import { parseTime } from './shared/time.js';
import { type CommonFlags, collect, examples, type Verb, verb } from './shared/verb.js';

interface TriggerFlags extends CommonFlags, SecretFlags, ExpectFlags, SimulationFlags {
  readonly to?: string;
  readonly provider?: string;
  readonly all?: boolean;
  readonly set?: readonly Edit[];
  readonly unset?: readonly Edit[];
  readonly data?: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly url?: string;
  readonly verifyToken?: string;
  readonly count: string;
  readonly concurrency: string;
  readonly rate?: string;
  readonly duplicate?: string;
  readonly shuffle?: boolean;
  readonly corrupt?: string;
  readonly timeout?: string;
  readonly wait?: string;
  readonly dryRun?: boolean;
  readonly curl?: boolean;
  readonly save?: boolean;
}

export const trigger: Verb = verb<TriggerFlags>({
  define: (command) =>
    simulationOptions(command)
      .argument('[event...]', "events by name, of another provider as 'stripe/invoice.paid'")
      .option('-t, --to <url>', 'where to send (else WEBHOOK_URL, else the config)')
      .option('-s, --secret <secret>', 'signing secret; seen in process lists, the environment is safer (repeatable)', collect)
      .option('--secret-file <file>', 'a file that holds the secret (repeatable)', collect)
      .option('--provider <name>', 'whose events')
      .option('--all', 'every event of the provider')
      .option('--set <path=value>', 'set a value in the payload: data.order.total=12.50 (repeatable)', addSet)
      .option('--unset <path>', 'take a value out of the payload (repeatable)', addUnset)
      .option('--data <@file|->', 'another payload; its bytes go out as they are')
      .option('--id <id>', 'the event id, in place of a fresh one')
      .option('--timestamp <time>', 'the time, in place of now')
      .option('-X, --method <method>', 'POST, where nothing is said')
      .option('-H, --header <line>', "replace or add a header; 'Name:' drops it (repeatable)", collect)
      .option('--url <url>', 'the URL that is signed, where the scheme signs it and it is not the target')
      .option('--verify-token <token>', "the token that Meta's challenge repeats")
      .option('--count <n>', 'so many times', '1')
      .option('--concurrency <n>', 'so many at once', '1')
      .option('--rate <n/s>', 'at most so many a second')
      .option('--duplicate <n>', 'each one so many times more, with the same id')
      .option('--shuffle', 'out of order')
      .option('--corrupt <what>', 'break it on purpose: signature, body, timestamp or missing')
      .option('--timeout <duration>', "how long to wait for an answer (the provider's own, else 10s)")
      .option('--expect <statuses>', 'what counts as delivered: 2xx, 200,202 (2xx)')
      .option('--expect-body <text|/regex/>', 'what the answer must hold')
      .option('--within <duration>', 'how soon the answer must come')
      .option('--wait <duration>', 'wait so long for the target to accept connections')
      .option('--dry-run', 'print the request, send nothing')
      .option('--curl', 'print it as a curl command, send nothing')
      .option('--save', 'keep what is sent, with the answer')
      .addHelpText(
        'after',
        examples(
          [
            'webhook trigger connect2print/order.created --to http://localhost:3000/webhooks',
            'one signed delivery, secret from the environment',
          ],
          [
            'webhook trigger order.created --set data.order.total=12.50 --expect 200 --within 2s',
            'changed, and checked: exit 4 if it is not as expected',
          ],
          ['webhook trigger --all --provider connect2print --to $URL --wait 30s', 'every event, as soon as the app is up'],
        ),
      ),

  async run(context, given, words) {
    const { retry, events: args } = retryAndEvents(given.retry, words);
    const flags: TriggerFlags = { ...given, ...(retry === undefined ? {} : { retry }) };
    const session = await openSession(context, flags);
    const simulation = simulationOf(session, flags);
    const { renderer } = session;
    const wanted = await wantedEvents(session, flags, args);
    const dry = flags.dryRun === true || flags.curl === true;
    const target = parseTarget(targetOf(session, flags, dry)).url;
    const expectation = expectationOf(flags);
    const concurrency = wholeNumber(flags.concurrency, '--concurrency', 1, 10_000);
    const compositions = await composeAll(session, flags, wanted, target);

    if (dry) {
      for (const delivery of plan(compositions, flags, context)) {
        const request = delivery.compose();
        if (flags.curl) renderer.curl(curlCommand(request));
        else renderer.request(request);
        await renderer.room();
      }
      await renderer.flush();
      return 0;
    }

    const timeoutMs = durationOf(flags.timeout, 'timeout', session.config.timeoutMs);
    const store = flags.save ? await session.openStore() : null;
    const sender = (await import('../io/sender.js')).createSender({ connections: concurrency, now: context.now });
    try {
      await waitForTarget(sender, target, flags.wait, context.signal);
      const newId = createIdSource(context.now, context.random);
      const summary = await sendAll(
        jobsOf(plan(compositions, flags, context), { context, newId, timeoutMs, flags, simulation }),
        {
          context,
          renderer,
          sender,
          expectation,
          concurrency,
          rate: flags.rate === undefined ? null : rateOf(flags.rate),
          replay: false,
          record:
            store === null
              ? null
              : (delivery, attempt, tries) =>
                  tries === 1
                    ? store.keep({ ...delivery, attempts: [attempt] })
                    : store.finish(delivery.id, { attempts: [attempt] }),
          total: totalOf(compositions, flags),
          timeScale: simulation.timeScale,
        },
      );
      renderer.sendSummary({
        ...summary,
        details: { ...summary.details, ...(simulation.dropped > 0 ? { dropped: simulation.dropped } : {}) },
      });
      if (summary.interrupted) return 130;
      return summary.failed === 0 ? 0 : 4;
    } finally {
      await renderer.flush();
      await sender.close();
      await store?.close();
    }
  },
});

/** One kind of delivery to be sent, each time made afresh. */
interface Composition extends WantedEvent {
  readonly input: Omit<ComposeInput, 'now' | 'random'>;
  /** What is sent in place of an event; null: an event. */
  readonly challenge: Challenge | null;
  readonly verifyTokens: readonly string[];
}

interface Planned {
  readonly composition: Composition;
  /** Gives the same request each time it is asked. */
  compose(): OutgoingRequest;
}

async function wantedEvents(session: Session, flags: TriggerFlags, args: readonly string[]): Promise<readonly WantedEvent[]> {
  const provider = await session.provider(flags.provider);
  if (flags.all) {
    if (args.length > 0) throw new WebhookError('usage', '--all sends every event; naming some beside it says two things.');
    if (provider === null) throw new WebhookError('usage', '--all needs a provider.', { hint: 'Add --provider <name>.' });
    return Object.keys(provider.events).map((event) => ({ provider, event, known: true }));
  }
  if (args.length > 0) return resolveEvents(session, provider, args, flags.data !== undefined);
  return [await chooseEvent(session, provider)];
}

function targetOf(session: Session, flags: TriggerFlags, dry: boolean): string {
  const target = flags.to ?? filled(session.context.env.WEBHOOK_URL) ?? session.config.to;
  if (target !== null && target !== undefined) return target;
  // Nothing is sent, so any address will do to show what would be.
  if (dry) return 'http://localhost:3000/webhooks';
  throw new WebhookError('usage', 'It is not said where to send.', { hint: "Add --to <url>, or set 'to' in the config." });
}

async function composeAll(
  session: Session,
  flags: TriggerFlags,
  wanted: readonly WantedEvent[],
  target: string,
): Promise<Composition[]> {
  const { context, renderer } = session;
  const { readFixture } = await import('../io/fixtures.js');
  const data = flags.data === undefined ? null : await readData(flags.data, context);
  const corrupt = corruptionOf(flags.corrupt);
  const headers: HeaderList = headerFlags(flags.header);
  const verifyTokens = verifyTokensOf(session, flags.verifyToken === undefined ? undefined : [flags.verifyToken]);
  const secretsByProvider = new Map<string, readonly string[]>();
  const compositions: Composition[] = [];
  for (const { provider, event, known } of wanted) {
    const challenge = challengeNamed(provider, event);
    let secrets = secretsByProvider.get(provider.name);
    if (secrets === undefined) {
      secrets = await session.secrets(provider, flags);
      secretsByProvider.set(provider.name, secrets);
      if (secrets.length === 0 && provider.schemes.length > 0 && challenge?.signed !== false) warnUnsigned(session, provider);
    }
    const sample =
      data === null ? (await readFixture(provider.name, event, { projectDir: session.config.fixtures })).sample : sampleOf(data);
    compositions.push({
      provider,
      event,
      known,
      input: {
        provider,
        event,
        payload: sample.body,
        fresh: data === null,
        exact: sample.form === 'http',
        sampleHeaders: data === null ? sampleHeaders(sample, provider.contentType) : [],
        edits: [...(flags.set ?? []), ...(flags.unset ?? [])],
        id: flags.id ?? null,
        timestamp: flags.timestamp === undefined ? null : parseTime(flags.timestamp, '--timestamp'),
        secrets,
        url: withQuery(target, sample.query),
        signedUrl: flags.url === undefined ? null : withQuery(flags.url, sample.query),
        method: methodOf(flags.method ?? sample.method ?? 'POST'),
        headers,
        userAgent: `webhook-cli/${WEBHOOK_VERSION}`,
        corrupt,
      },
      challenge,
      verifyTokens,
    });
  }
  if (corrupt !== null && [...secretsByProvider.values()].every((secrets) => secrets.length === 0) && corrupt !== 'body') {
    renderer.warning({ code: 'nothing_corrupted', message: `There is no signature to make ${corrupt} wrong in.`, hint: null });
  }
  return compositions;
}

/** A payload of the user's own: nothing but its bytes. */
function sampleOf(body: Uint8Array): Sample {
  return { form: 'json', body, headers: [], method: null, query: '' };
}

function warnUnsigned(session: Session, provider: Provider): void {
  session.renderer.warning({
    code: 'unsigned',
    message: `There is no secret for ${provider.title}: it goes out unsigned.`,
    hint: `Set ${provider.name.toUpperCase().replaceAll('-', '_')}_WEBHOOK_SECRET, or pass --secret-file.`,
  });
}

/** Every delivery in the order it goes out: `--count` rounds, each one again with `--duplicate`, all mixed with `--shuffle`. */
function* plan(compositions: readonly Composition[], flags: TriggerFlags, context: Context): Generator<Planned> {
  const count = wholeNumber(flags.count, '--count', 1);
  const copies = flags.duplicate === undefined ? 1 : 1 + wholeNumber(flags.duplicate, '--duplicate', 1, 1_000);
  const inOrder = function* (): Generator<Planned> {
    for (let round = 0; round < count; round++) {
      for (const composition of compositions) {
        let made: OutgoingRequest | null = null;
        const planned: Planned = {
          composition,
          compose: () => {
            made ??= requestOf(composition, context);
            return made;
          },
        };
        for (let copy = 0; copy < copies; copy++) yield planned;
      }
    }
  };
  if (!flags.shuffle) return yield* inOrder();
  // Composed in order, so that times and ids tell what came first; sent out of order.
  const all = [...inOrder()];
  for (const planned of all) planned.compose();
  for (let i = all.length - 1; i > 0; i--) {
    const j = Buffer.from(context.random(4)).readUInt32BE() % (i + 1);
    [all[i], all[j]] = [all[j] as Planned, all[i] as Planned];
  }
  yield* all;
}

function requestOf({ input, challenge, verifyTokens }: Composition, context: Context): OutgoingRequest {
  const now = { now: context.now(), random: context.random };
  if (challenge === null) return compose({ ...input, ...now });
  // What the provider does not sign goes out unsigned.
  const request = compose({ ...input, ...now, secrets: challenge.signed ? input.secrets : [] });
  return readyChallenge(challenge, request, verifyTokens, Buffer.from(context.random(16)).toString('hex'));
}

function* jobsOf(
  planned: Iterable<Planned>,
  {
    context,
    newId,
    timeoutMs,
    flags,
    simulation,
  }: { context: Context; newId: () => string; timeoutMs: number | null; flags: TriggerFlags; simulation: Simulation },
): Generator<Job> {
  for (const { composition, compose } of planned) {
    if (simulation.drops()) continue;
    const request = compose();
    const { provider, event, challenge, input } = composition;
    const made = deliveryOf(request, input, event, newId(), context.now());
    const delivery = challenge === null ? made : challengeDelivery(challenge, made);
    const schedule = challenge === null ? simulation.scheduleFor(provider) : null;
    const late = simulation.lateness();
    yield {
      request,
      delivery,
      ...judgeOf(composition, delivery, flags, schedule !== null),
      ...(schedule === null ? {} : { retry: schedule, again: () => furtherTry(request, input, context) }),
      ...(late === null ? {} : { lateMs: late }),
      timeoutMs: timeoutMs ?? provider.timeoutMs ?? 10_000,
      due: null,
    };
  }
}

/** Where it is tried again as the provider does, what counts as delivered is what the provider counts. */
function judgeOf(composition: Composition, delivery: Delivery, flags: TriggerFlags, retried: boolean): Pick<Job, 'judge'> {
  const { challenge, input, provider } = composition;
  if (challenge !== null) return { judge: challengeJudge(challenge, delivery, { ...input, ...composition }, flags) };
  return retried && flags.expect === undefined ? { judge: expectationOf(flags, provider.success).judge } : {};
}

/** The same delivery once more: the id and the payload stay, and where the time is signed it is signed anew. */
function furtherTry(request: OutgoingRequest, input: Composition['input'], context: Context): OutgoingRequest {
  const { provider, secrets, corrupt, timestamp } = input;
  const signsTime = provider.schemes.some(({ sends, timestamp: places }) => sends && places.length > 0);
  // What is broken on purpose, or signed for a time that was asked for, stays as it is.
  if (!signsTime || corrupt != null || timestamp != null) return request;
  return resign(provider, request, {
    secrets,
    timestamp: context.now(),
    id: Buffer.from(context.random(16)).toString('hex'),
    url: input.url,
    signedUrl: input.signedUrl ?? null,
    headers: input.headers ?? [],
  });
}

function totalOf(compositions: readonly Composition[], flags: TriggerFlags): number {
  return compositions.length * wholeNumber(flags.count, '--count', 1) * (1 + Number(flags.duplicate ?? 0));
}

function deliveryOf(request: OutgoingRequest, input: Composition['input'], event: string, id: string, now: number): Delivery {
  const { provider, secrets } = input;
  const path = parseTarget(request.url).path;
  const reader = new RequestReader({ headers: request.headers, body: request.body, path });
  const { headers, body, method } = request;
  const identity = identify(provider, reader);
  return {
    id,
    origin: 'triggered',
    receivedAt: now,
    provider: provider.name,
    event: identity.event ?? event,
    eventId: identity.eventId,
    duplicateOf: null,
    request: { method, path, headers, body },
    verdict: verifySignature(
      provider,
      { headers, body, secrets, now, method, path, url: input.signedUrl ?? request.url },
      reader,
    ),
    response: null,
    attempts: [],
  };
}

async function readData(text: string, context: Context): Promise<Uint8Array> {
  const { readInput } = await import('../io/files.js');
  if (text === '-') return readInput('-', context.stdin, { cwd: context.cwd });
  if (text.startsWith('@')) return readInput(text.slice(1), context.stdin, { cwd: context.cwd });
  throw new WebhookError('usage', '--data takes a file or a pipe.', {
    hint: 'Write --data @body.json, or --data - to read standard input.',
  });
}

function corruptionOf(text: string | undefined): Corruption | null {
  if (text === undefined) return null;
  if (text === 'signature' || text === 'body' || text === 'timestamp' || text === 'missing') return text;
  throw new WebhookError('usage', `--corrupt is signature, body, timestamp or missing, not '${text}'.`);
}

function methodOf(text: string): string {
  if (isHeaderName(text)) return text;
  throw new WebhookError('usage', `'${text}' is not an HTTP method.`, { hint: 'Write it like -X PUT.' });
}

function rateOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text);
  if (match !== null && Number(match[1]) > 0) return Number(match[1]);
  throw new WebhookError('usage', `'${text}' is not a rate.`, { hint: 'Write it like --rate 10 or --rate 0.5/s.' });
}
