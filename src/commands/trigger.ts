import type { Context } from '../context.js';
import { curlCommand } from '../core/delivery/curl.js';
import { createIdSource } from '../core/delivery/id.js';
import { WebhookError } from '../core/errors.js';
import type { Composed } from '../core/events/compose.js';
import type { Scenario, ScenarioStep } from '../core/scenario/model.js';
import { freshValues, type ScenarioValues } from '../core/scenario/values.js';
import { parseTarget } from '../io/target.js';
import { type ComposeFlags, type Composition, composeAll, composed, jobsOf, type Planned } from './shared/composition.js';
import { addSet, addUnset } from './shared/edits.js';
import { chooseEvent, resolveEvents, type WantedEvent } from './shared/events.js';
import { expectationOf } from './shared/expectation.js';
import { pause } from './shared/pause.js';
import { sendAll, waitForTarget } from './shared/sending.js';
import { durationOf, openSession, type Session, wholeNumber } from './shared/session.js';
import { retryAndEvents, type SimulationFlags, simulationOf, simulationOptions } from './shared/simulation.js';
import { ANYWHERE, requiredTarget, targetAtHand } from './shared/target.js';
import { type CommonFlags, collect, examples, SECRET, SECRET_FILE, type Verb, verb } from './shared/verb.js';

interface TriggerFlags extends CommonFlags, ComposeFlags, SimulationFlags {
  readonly to?: string;
  readonly provider?: string;
  readonly all?: boolean;
  readonly scenario?: string;
  readonly count: string;
  readonly concurrency: string;
  readonly rate?: string;
  readonly duplicate?: string;
  readonly shuffle?: boolean;
  readonly timeout?: string;
  readonly wait?: string;
  readonly dryRun?: boolean;
  readonly curl?: boolean;
  readonly save?: boolean;
}

export const trigger: Verb = verb<TriggerFlags>({
  define: (command) =>
    simulationOptions(
      command
        .argument('[event...]', "events by name, of another provider as 'stripe/invoice.paid'")
        .optionsGroup('What and where:')
        .option('-t, --to <url>', 'where to send (else WEBHOOK_URL, else the config)')
        .option('--provider <name>', 'whose events')
        .option('--all', 'every event of the provider')
        .option('--scenario <name|file>', 'deliveries one after another: order-to-delivery, or a file (YAML or JSON)')
        .optionsGroup('The request:')
        .option(...SECRET)
        .option(...SECRET_FILE)
        .option('--set <path=value>', 'set a value in the payload: data.order.total=12.50 (repeatable)', addSet)
        .option('--unset <path>', 'take a value out of the payload (repeatable)', addUnset)
        .option('--data <@file|->', 'another payload; its bytes go out as they are')
        .option('--id <id>', 'the event id, in place of a fresh one')
        .option('--timestamp <time>', 'the time, in place of now')
        .option('-X, --method <method>', 'POST, where nothing is said')
        .option('-H, --header <line>', "replace or add a header; 'Name:' drops it (repeatable)", collect)
        .option('--url <url>', 'the URL that is signed, where the scheme signs it and it is not the target')
        .option('--verify-token <token>', "the token that Meta's challenge repeats")
        .option('--corrupt <what>', 'break it on purpose: signature, body, timestamp or missing')
        .optionsGroup('How many, and how:')
        .option('--count <n>', 'so many times', '1')
        .option('--concurrency <n>', 'so many at once', '1')
        .option('--rate <n/s>', 'at most so many a second')
        .option('--duplicate <n>', 'each one so many times more, with the same id')
        .option('--shuffle', 'out of order'),
    )
      .optionsGroup('What is expected:')
      .option('--expect <statuses>', 'what counts as delivered: 2xx, 200,202 (2xx)')
      .option('--expect-body <text|/regex/>', 'what the answer must hold')
      .option('--within <duration>', 'how soon the answer must come')
      .option('--timeout <duration>', "how long to wait for an answer (the provider's own, else 10s)")
      .option('--wait <duration>', 'wait so long for the target to accept connections')
      .optionsGroup('Instead, or beside:')
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
          [
            'webhook trigger --scenario order-to-delivery --provider connect2print --time-scale 10x',
            'an order, from start to end',
          ],
        ),
      ),

  async run(context, given, words) {
    const { retry, events: args } = retryAndEvents(given.retry, words);
    const flags: TriggerFlags = { ...given, ...(retry === undefined ? {} : { retry }) };
    const session = await openSession(context, flags);
    const simulation = simulationOf(session, flags);
    const { renderer } = session;
    const scenario = await scenarioOf(session, flags, args);
    const wanted = scenario === null ? await wantedEvents(session, flags, args) : await stepsOf(session, scenario, flags);
    const dry = flags.dryRun === true || flags.curl === true;
    const target = dry ? (targetAtHand(session, flags.to) ?? parseTarget(ANYWHERE)) : requiredTarget(session, flags.to);
    const expectation = expectationOf(flags);
    const concurrency = wholeNumber(flags.concurrency, '--concurrency', 1, 10_000);
    const compositions = await composeAll(session, flags, wanted, target.url);

    if (dry) {
      for (const delivery of plan(compositions, flags, context, scenario)) {
        const { request } = delivery.compose();
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
        jobsOf(plan(compositions, flags, context, scenario), {
          context,
          newId,
          timeoutMs,
          flags,
          simulation,
          pause: (ms) => pause(ms, context.signal),
        }),
        {
          context,
          renderer,
          sender,
          target,
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

/** The scenario that is asked for; null: none. */
async function scenarioOf(session: Session, flags: TriggerFlags, args: readonly string[]): Promise<Scenario | null> {
  if (flags.scenario === undefined) return null;
  if (args.length > 0 || flags.all || flags.data !== undefined) {
    throw new WebhookError('usage', '--scenario says itself what is sent.', { hint: 'Leave out events, --all and --data.' });
  }
  const { readScenario } = await import('../io/scenarios.js');
  const provider = await session.provider(flags.provider);
  return readScenario(flags.scenario, {
    provider: provider?.name ?? null,
    projectDir: session.config.fixtures,
    cwd: session.context.cwd,
  });
}

async function stepsOf(
  session: Session,
  scenario: Scenario,
  flags: TriggerFlags,
): Promise<ReadonlyArray<WantedEvent & { readonly step: ScenarioStep }>> {
  const provider = await session.provider(flags.provider ?? scenario.provider ?? undefined);
  const events = await resolveEvents(
    session,
    provider,
    scenario.steps.map(({ event }) => event),
    false,
  );
  return events.map((wanted, index) => ({ ...wanted, step: scenario.steps[index] as ScenarioStep }));
}

/** Every delivery in the order it goes out: `--count` rounds, each one again with `--duplicate`, all mixed with `--shuffle`. */
function* plan(
  compositions: readonly Composition[],
  flags: TriggerFlags,
  context: Context,
  scenario: Scenario | null,
): Generator<Planned> {
  const count = wholeNumber(flags.count, '--count', 1);
  const copies = copiesOf(flags);
  const inOrder = function* (): Generator<Planned> {
    for (let round = 0; round < count; round++) {
      // Each round is another order, another quote.
      const values: ScenarioValues = scenario === null ? new Map() : freshValues(scenario, context.now(), context.random);
      for (const composition of compositions) {
        for (let time = 0; time < (composition.step?.repeat ?? 1); time++) {
          let made: Composed | null = null;
          const planned: Planned = {
            composition,
            compose: () => {
              made ??= composed(composition, context, values);
              return made;
            },
          };
          for (let copy = 0; copy < copies; copy++) yield planned;
        }
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

function copiesOf({ duplicate }: TriggerFlags): number {
  return duplicate === undefined ? 1 : 1 + wholeNumber(duplicate, '--duplicate', 1, 1_000);
}

function totalOf(compositions: readonly Composition[], flags: TriggerFlags): number {
  const steps = compositions.reduce((sum, { step }) => sum + (step?.repeat ?? 1), 0);
  return steps * wholeNumber(flags.count, '--count', 1) * copiesOf(flags);
}

function rateOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text);
  if (match !== null && Number(match[1]) > 0) return Number(match[1]);
  throw new WebhookError('usage', `'${text}' is not a rate.`, { hint: 'Write it like --rate 10 or --rate 0.5/s.' });
}
