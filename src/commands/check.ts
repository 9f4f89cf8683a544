import { generateKeyPairSync } from 'node:crypto';
import type { Outside } from '../core/check/bench.js';
import { otherSecret } from '../core/check/other-secret.js';
import { runChecks, selectChecks } from '../core/check/run.js';
import { WebhookError } from '../core/errors.js';
import type { Edit } from '../core/events/edits.js';
import { orList } from '../core/nearest.js';
import type { Provider } from '../core/providers/model.js';
import { secretVariable } from '../core/providers/variable.js';
import { parseDuration } from '../core/units.js';
import { createSender, type Sender } from '../io/sender.js';
import { providersAtHand } from './shared/at-hand.js';
import { reportTarget, tellGithub, writeReport } from './shared/check/reports.js';
import { challengesOf, samplesOf } from './shared/check/samples.js';
import { addSet, addUnset } from './shared/edits.js';
import { headerFlags } from './shared/headers.js';
import { pause } from './shared/pause.js';
import { waitForTarget } from './shared/sending.js';
import { durationOf, openSession, requireProvider, type SecretFlags, type Session, verifyTokensOf } from './shared/session.js';
import { targetAtHand } from './shared/target.js';
import { type CommonFlags, collect, examples, type Verb, verb } from './shared/verb.js';

interface CheckFlags extends CommonFlags, SecretFlags {
  readonly provider?: string;
  readonly event?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly set?: readonly Edit[];
  readonly unset?: readonly Edit[];
  readonly header?: readonly string[];
  readonly verifyToken?: string;
  readonly url?: string;
  readonly timeout?: string;
  readonly maxTime?: string;
  readonly wait?: string;
  readonly strict?: boolean;
  readonly report?: readonly string[];
}

export const check: Verb = verb<CheckFlags>({
  define: (command) =>
    command
      .argument('[url]', 'the endpoint (else WEBHOOK_URL, else the config); nothing else is sent to')
      .option('-s, --secret <secret>', 'signing secret; seen in process lists, the environment is safer', collect)
      .option('--secret-file <file>', 'a file that holds the secret', collect)
      .option('--provider <name>', 'whose deliveries it takes; else the one whose secret is in the environment')
      .option('--event <events>', 'only these events, by name: order.created,order.shipped (repeatable)', collect)
      .option('--only <checks>', 'only these: groups or names, as rejects,raw-body.emoji (repeatable)', collect)
      .option('--skip <checks>', 'all but these (repeatable)', collect)
      .option('--set <path=value>', 'set a value in the payloads, where the app knows no other (repeatable)', addSet)
      .option('--unset <path>', 'take a value out of the payloads (repeatable)', addUnset)
      .option('-H, --header <line>', "replace or add a header; 'Name:' drops it (repeatable)", collect)
      .option('--url <url>', 'the URL that is signed, where the scheme signs it and it is not the endpoint')
      .option('--verify-token <token>', 'the token that was agreed on, for a challenge that repeats it')
      .option('--timeout <duration>', "how long to wait for an answer (the provider's own, else 10s)")
      .option('--max-time <duration>', 'how long all of it may take (5m)')
      .option('--wait <duration>', 'wait so long for the endpoint to accept connections')
      .option('--strict', 'warnings fail too')
      .option('--report <format=file>', 'write a report: junit=, markdown= or sarif= (repeatable)', collect)
      .addHelpText(
        'after',
        examples(
          [
            'webhook check http://localhost:3000/webhooks',
            'everything, with the secret from the environment; exit 4 where a check fails',
          ],
          ['webhook check $URL --only rejects,raw-body', 'two groups: accepts, rejects, raw-body, hygiene, delivery'],
          ['webhook check $URL --strict --wait 30s --report junit=webhook.xml', 'in CI, as soon as the app is up'],
        ),
      ),

  async run(context, flags, args) {
    const session = await openSession(context, flags);
    const { renderer } = session;
    const checks = selectChecks(words(flags.only), words(flags.skip));
    const reports = (flags.report ?? []).map(reportTarget);
    const provider = requireProvider((await session.provider(flags.provider)) ?? (await providerAtHand(session)));
    const secret = await secretOf(session, provider, flags);
    const target = targetAtHand(session, args[0]);
    if (target === null) {
      throw new WebhookError('usage', 'It is not said which endpoint to check.', {
        hint: 'webhook check http://localhost:3000/webhooks',
      });
    }
    const samples = await samplesOf(session, provider, words(flags.event));
    const timeoutMs = durationOf(flags.timeout, 'timeout', session.config.timeoutMs) ?? provider.timeoutMs ?? 10_000;

    const doorbell = createSender({ now: context.now });
    const progress = renderer.progress(`checking ${target.shown}`);
    try {
      await waitForTarget(doorbell, target, flags.wait, context.signal);
      renderer.info(`Checking ${target.shown} as ${provider.name}${samples.length > 1 ? `, ${samples.length} events` : ''}.`);
      const report = await runChecks({
        provider,
        secret,
        otherSecret: secret === null ? null : otherSecret(provider, secret, context.random, privateKey),
        url: target.url,
        shownUrl: target.shown,
        signedUrl: flags.url ?? null,
        samples,
        challenges: await challengesOf(session, provider),
        verifyTokens: verifyTokensOf(session, flags.verifyToken === undefined ? undefined : [flags.verifyToken]),
        edits: [...(flags.set ?? []), ...(flags.unset ?? [])],
        headers: headerFlags(flags.header),
        userAgent: `webhook-cli/${WEBHOOK_VERSION}`,
        timeoutMs,
        limitMs: flags.maxTime === undefined ? 300_000 : parseDuration(flags.maxTime),
        checks,
        signal: context.signal,
        outside: outsideOf(context, doorbell, target.url),
        onCheck: (check, index) => progress.update(`${index + 1} of ${checks.length}: ${check.title}`),
        onResult: (result) => renderer.checkResult(result),
      });
      progress.done();
      renderer.checkReport(report);
      for (const { format, path } of reports) await writeReport(session, format, path, report, flags.strict ?? false);
      await tellGithub(session, report);
      if (context.signal.aborted) return 130;
      const { verdict } = report.summary;
      return verdict === 'fail' || (verdict === 'warn' && flags.strict) ? 4 : 0;
    } finally {
      progress.done();
      await renderer.flush();
      await doorbell.close();
    }
  },
});

/** Of an answer, more than this is not read: what an endpoint says of a delivery is a line. */
const MOST_READ = 1_000_000;
/** And more than this is not kept. */
const MOST_KEPT = 64_000;

function outsideOf(context: Session['context'], doorbell: Sender, url: string): Outside {
  return {
    open(connections) {
      let opened = 0;
      const sender = createSender({
        connections,
        now: context.now,
        onConnect: () => {
          opened++;
        },
      });
      return {
        async send(request, timeoutMs) {
          const answer = await sender.send(request, { timeoutMs, signal: context.signal, maxResponseBody: MOST_READ });
          return answer.outcome === 'responded' ? { ...answer, body: answer.body.subarray(0, MOST_KEPT) } : answer;
        },
        opened: () => opened,
        close: () => sender.close(),
      };
    },
    accepts: (timeoutMs) => doorbell.waitFor(url, timeoutMs, context.signal),
    sleep: (ms) => pause(ms, context.signal),
    now: context.now,
    elapsed: context.elapsed,
    random: context.random,
  };
}

function privateKey(kind: 'ed25519' | 'ec' | 'rsa'): string {
  const { privateKey: key } =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Lists may be repeated, and have commas. */
function words(values: readonly string[] | undefined): string[] {
  return (values ?? [])
    .flatMap((value) => value.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Where nothing says whose deliveries it takes: the one whose secret is in the environment. */
async function providerAtHand(session: Session): Promise<Provider | null> {
  const [chosen, ...others] = await providersAtHand(session);
  if (chosen === undefined) return null;
  const too =
    others.length === 0 ? '' : ` So is one of ${orList(others.map(({ name }) => name))}: --provider says whose to take.`;
  session.renderer.info(`The secret of ${chosen.name} is at hand, in ${chosen.variable}.${too}`);
  return session.providerNamed(chosen.name);
}

async function secretOf(session: Session, provider: Provider, flags: CheckFlags): Promise<string | null> {
  if (provider.schemes.length === 0) return null;
  const [secret] = await session.secrets(provider, flags);
  if (secret !== undefined) return secret;
  throw new WebhookError('secret_missing', 'There is no secret to sign with, so nothing can be told of the endpoint.', {
    hint: `Set ${secretVariable(provider.name)} to the one the endpoint has, or pass --secret-file.`,
  });
}
