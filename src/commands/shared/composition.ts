/** From what `trigger` is asked for to the requests it sends: payload, edits, signature, and what each answer has to be. */
import type { Context } from '../../context.js';
import type { Delivery } from '../../core/delivery/delivery.js';
import { WebhookError } from '../../core/errors.js';
import { type Composed, type Composer, type ComposerInput, type Corruption, createComposer } from '../../core/events/compose.js';
import type { Edit } from '../../core/events/edits.js';
import { type Sample, sampleHeaders, withQuery } from '../../core/events/sample.js';
import { isHeaderName } from '../../core/http/headers.js';
import type { OutgoingRequest } from '../../core/http/message.js';
import { identify } from '../../core/providers/batch.js';
import type { Challenge } from '../../core/providers/challenge.js';
import type { Provider } from '../../core/providers/model.js';
import { RequestReader } from '../../core/providers/read.js';
import { secretVariable } from '../../core/providers/variable.js';
import type { ScenarioStep } from '../../core/scenario/model.js';
import { keepValues, type ScenarioValues, stepEdits } from '../../core/scenario/values.js';
import { resign } from '../../core/signature/resign.js';
import type { Verdict } from '../../core/signature/verdict.js';
import { verifySignature } from '../../core/signature/verify.js';
import { splitUrl } from '../../io/target.js';
import { challengeDelivery, challengeJudge, challengeNamed, readyChallenge } from './challenge.js';
import type { WantedEvent } from './events.js';
import { type ExpectFlags, expectationOf } from './expectation.js';
import { headerFlags } from './headers.js';
import type { Job } from './sending.js';
import { type SecretFlags, type Session, verifyTokensOf } from './session.js';
import type { Simulation } from './simulation.js';
import { parseTime } from './time.js';

export interface ComposeFlags extends SecretFlags, ExpectFlags {
  readonly set?: readonly Edit[];
  readonly unset?: readonly Edit[];
  readonly data?: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly url?: string;
  readonly verifyToken?: string;
  readonly corrupt?: string;
  /** Without a signature, which is not worth a warning. */
  readonly unsigned?: boolean;
}

/** One kind of delivery to be sent, each time made afresh. */
export interface Composition extends WantedEvent {
  readonly input: ComposerInput;
  /** Makes what `input` says; read and edited when it is first asked for, and then for all. */
  composer(): Composer;
  /** What is sent in place of an event; null: an event. */
  readonly challenge: Challenge | null;
  readonly secrets: readonly string[];
  readonly verifyTokens: readonly string[];
  /** The step of a scenario that it is; null: it is none. */
  readonly step: ScenarioStep | null;
}

export interface Planned {
  readonly composition: Composition;
  /** Gives the same request each time it is asked. */
  compose(): Composed;
}

/**
 * Everything that each wanted event takes, but for what is fresh in each delivery.
 */
export async function composeAll(
  session: Session,
  flags: ComposeFlags,
  wanted: ReadonlyArray<WantedEvent & { readonly step?: ScenarioStep }>,
  target: string,
): Promise<Composition[]> {
  const { context, renderer } = session;
  const { readFixture } = await import('../../io/fixtures.js');
  const data = flags.data === undefined ? null : await readData(flags.data, context);
  const corrupt = corruptionOf(flags.corrupt);
  const headers = headerFlags(flags.header);
  const verifyTokens = verifyTokensOf(session, flags.verifyToken === undefined ? undefined : [flags.verifyToken]);
  const secretsByProvider = new Map<string, readonly string[]>();
  const compositions: Composition[] = [];
  for (const { provider, event, known, step = null } of wanted) {
    const challenge = challengeNamed(provider, event);
    let secrets = secretsByProvider.get(provider.name);
    if (secrets === undefined) {
      secrets = flags.unsigned ? [] : await session.secrets(provider, flags);
      secretsByProvider.set(provider.name, secrets);
      if (!flags.unsigned && secrets.length === 0 && provider.schemes.length > 0 && challenge?.signed !== false)
        warnUnsigned(session, provider);
    }
    const sample =
      data === null ? (await readFixture(provider.name, event, { projectDir: session.config.fixtures })).sample : sampleOf(data);
    const input: ComposerInput = {
      provider,
      event,
      payload: sample.body,
      fresh: data === null,
      exact: sample.form === 'http',
      sampleHeaders: data === null ? sampleHeaders(sample, provider.contentType) : [],
      edits: [...(flags.set ?? []), ...(flags.unset ?? [])],
      id: flags.id ?? null,
      timestamp: flags.timestamp === undefined ? null : parseTime(flags.timestamp, '--timestamp'),
      // What the provider does not sign goes out unsigned.
      secrets: challenge?.signed === false ? [] : secrets,
      url: withQuery(target, sample.query),
      signedUrl: flags.url === undefined ? null : withQuery(flags.url, sample.query),
      method: methodOf(flags.method ?? sample.method ?? 'POST'),
      headers,
      userAgent: `webhook-cli/${WEBHOOK_VERSION}`,
      corrupt: step?.corrupt ?? corrupt,
    };
    let made: Composer | null = null;
    const composer = (): Composer => {
      made ??= createComposer(input);
      return made;
    };
    compositions.push({ provider, event, known, input, composer, challenge, secrets, verifyTokens, step });
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
    hint: `Set ${secretVariable(provider.name)}, or pass --secret-file.`,
  });
}

/**
 * A fresh delivery. Of a step of a scenario, `values` are what the steps before it have left; it adds its own.
 *
 * @throws WebhookError where the payload cannot be made, edited or signed.
 */
export function composed(composition: Composition, context: Context, values: ScenarioValues): Composed {
  const { input, challenge, verifyTokens, step } = composition;
  // What a person sets on the command line comes last, and wins.
  const composer =
    step === null
      ? composition.composer()
      : createComposer({ ...input, edits: [...stepEdits(step, values), ...(input.edits ?? [])] });
  const made = composer(context.now(), context.random);
  if (step !== null) keepValues(step, made.request.body, values);
  if (challenge === null) return made;
  const request = readyChallenge(challenge, made.request, verifyTokens, Buffer.from(context.random(16)).toString('hex'));
  return { request, reader: new RequestReader({ ...request, path: request.url }) };
}

/** What is to be sent, in order; a step of a scenario is waited for. */
export async function* jobsOf(
  planned: Iterable<Planned>,
  {
    context,
    newId,
    timeoutMs,
    flags,
    simulation,
    pause,
  }: {
    context: Context;
    newId: () => string;
    timeoutMs: number | null;
    flags: ComposeFlags;
    simulation: Simulation;
    pause(ms: number): Promise<void>;
  },
): AsyncGenerator<Job> {
  const verdicts = new Map<Composition, Verdict>();
  let last: Planned['compose'] | null = null;
  for (const { composition, compose } of planned) {
    const { step } = composition;
    // The same delivery once more (--duplicate) follows at once.
    if (step !== null && step.delayMs > 0 && last !== compose) await pause(step.delayMs / simulation.timeScale);
    last = compose;
    const made = compose();
    const { request } = made;
    // What is lost was made all the same: later steps may need what it keeps.
    if (simulation.drops()) continue;
    const { provider, challenge, input } = composition;
    const sent = deliveryOf(composition, made, { id: newId(), receivedAt: context.now(), verdict: verdicts.get(composition) });
    // What is signed alike is as valid: it is verified once.
    if (sent.verdict.status === 'valid' && isSignedAlike(composition)) verdicts.set(composition, sent.verdict);
    const delivery = challenge === null ? sent : challengeDelivery(challenge, sent);
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

/** Where it behaves as the provider does (tries again, plays a scenario), what counts as delivered is what the provider counts. */
function judgeOf(composition: Composition, delivery: Delivery, flags: ComposeFlags, retried: boolean): Pick<Job, 'judge'> {
  const { challenge, provider, step } = composition;
  if (challenge !== null) return { judge: challengeJudge(challenge, delivery, composition, flags) };
  if (step !== null && step.expect !== null) return { judge: expectationOf({ ...flags, expect: step.expect }).judge };
  const asProvider = (retried || step !== null) && flags.expect === undefined;
  return asProvider ? { judge: expectationOf(flags, provider.success).judge } : {};
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

/** Whether the deliveries of a composition differ in nothing that verifying them would tell: a time that was asked for grows old. */
function isSignedAlike({ input, step }: Composition): boolean {
  return step === null && input.corrupt == null && input.timestamp == null;
}

/** @param known Its verdict, where it is known without verifying it. */
function deliveryOf(
  { input, event }: Composition,
  { request, reader }: Composed,
  { id, receivedAt, verdict: known }: { readonly id: string; readonly receivedAt: number; readonly verdict: Verdict | undefined },
): Delivery {
  const { provider, secrets } = input;
  const { path } = splitUrl(request.url);
  const identity = identify(provider, reader);
  const { headers, body, method } = request;
  const url = input.signedUrl ?? request.url;
  return {
    id,
    origin: 'triggered',
    receivedAt,
    provider: provider.name,
    event: identity.event ?? event,
    eventId: identity.eventId,
    duplicateOf: null,
    request: { method, path, headers, body },
    verdict: known ?? verifySignature(provider, { headers, body, secrets, now: receivedAt, method, path, url }, reader),
    response: null,
    attempts: [],
  };
}

async function readData(text: string, context: Context): Promise<Uint8Array> {
  const { readInput } = await import('../../io/files.js');
  if (text === '-') return readInput('-', context);
  if (text.startsWith('@')) return readInput(text.slice(1), context);
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
