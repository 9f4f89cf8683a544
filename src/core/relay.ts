/** receive -> verify -> keep -> forward -> answer. It knows no socket, file or terminal: what it needs is given, what happens is told. */
import { type Answer, type Attempt, attemptFailed, type Delivery } from './delivery/delivery.js';
import { messageOf, WebhookError } from './errors.js';
import { jsonAnswer } from './forward.js';
import { answerTo, type Delivering, type Handed, type HandoverOptions, handOver, USUAL_PATIENCE_MS } from './handover.js';
import type { HttpResponse } from './http/message.js';
import { type Arrival, type Identified, type IdentifyOptions, identify } from './identify.js';
import { createLimit } from './limit.js';
import type { Challenge, ChallengeAnswer } from './providers/challenge.js';
import type { Provider } from './providers/model.js';
import type { Send, SendOutcome } from './send.js';
import type { Finding, Verdict } from './signature/verdict.js';
import { unchecked, type VerifyInput } from './signature/verify.js';

/** Where deliveries are kept. `keep` resolves when the delivery is durably on disk, and not before. */
export interface Keeper {
  keep(delivery: Delivery): Promise<{ readonly duplicateOf: string | null }>;
  finish(
    id: string,
    result: { readonly response?: Answer; readonly attempts?: readonly Attempt[]; readonly diagnosis?: readonly Finding[] },
  ): Promise<void>;
}

export interface RelayOptions extends IdentifyOptions, Omit<HandoverOptions, 'send' | 'made'> {
  /** Answer and forward even what fails verification. */
  readonly allowInvalid: boolean;
  /** Only this path; others get 404. */
  readonly path: string | null;
  /** The targets of an event, in order; the first one's answer goes back to the sender. */
  targetsFor(event: string | null): readonly string[];
  /** Whether an event is shown and forwarded; all are kept. */
  shows(event: string | null): boolean;
  /** Null: nothing is kept. */
  readonly keeper: Keeper | null;
  readonly send: Send | null;
  /** Milliseconds to wait for a target; null: the provider's own timeout, else 10 s. */
  readonly timeoutMs: number | null;
  /** One forward at a time, in the order of arrival. */
  readonly ordered: boolean;
  readonly concurrency: number;
  /** The answer where there is no target. */
  readonly answer: HttpResponse;
  /** Waits before an answer; null: it does not. */
  readonly delay: (() => Promise<void>) | null;
  /** True for a delivery that is to fail with 503. */
  fails(): boolean;
  /** Says why a signature does not match, in a later turn: the sender has its answer by then. Null: nobody asks. */
  readonly explain: ((provider: Provider, verdict: Verdict, input: VerifyInput) => Promise<readonly Finding[]>) | null;
  /** The tokens that were agreed on with a provider, for challenges that repeat one; none: any will do. */
  readonly verifyTokens: readonly string[];
  /** Whether an address that confirms a subscription is visited. */
  readonly confirms: boolean;
  /** Does some work in a later turn, once the answers that are ready have gone out: their senders wait for them. */
  later(work: () => void): void;
  on(event: RelayEvent): void;
}

/** A challenge, once it is answered. */
export interface MetChallenge {
  readonly delivery: Delivery;
  readonly name: string;
  readonly outcome: ChallengeAnswer['outcome'];
  /** Why it was refused, or what is left to do. */
  readonly note: string | null;
  /** The signing secret that came with it, and whether deliveries from now on are checked with it. */
  readonly secret: { readonly value: string; readonly used: boolean } | null;
  /** The address that confirms it, and what came of visiting it: null where nobody did. */
  readonly confirm: { readonly url: string; readonly outcome: SendOutcome | null } | null;
}

/** What a delivery itself does not tell of how it was handed over. */
type NotTold = Pick<Handed, 'queued' | 'untriedMs'>;

export type RelayEvent =
  /** Once each is answered (and, with several targets, the last has). */
  | ({ readonly type: 'delivery'; readonly delivery: Delivery; readonly shown: boolean } & NotTold)
  | ({ readonly type: 'challenge' } & MetChallenge)
  | { readonly type: 'warning'; readonly code: string; readonly message: string; readonly hint?: string };

export interface RelayCounts {
  received: number;
  valid: number;
  invalid: number;
  unchecked: number;
  duplicates: number;
  forwarded: number;
  failed: number;
  /** These are not among the received. */
  challenges: number;
}

export interface Relay {
  /** Resolves with the answer to send, after the delivery is durably kept. */
  handle(arrival: Arrival): Promise<HttpResponse>;
  /** Resolves when everything begun is done: further targets answered, results recorded. */
  settled(): Promise<void>;
  readonly counts: Readonly<RelayCounts>;
}

/** Secrets of one provider that came with challenges: one a webhook. */
const MOST_HANDED_OVER = 100;

const NOT_HANDED: NotTold = { queued: false, untriedMs: null };

/** Deliveries that are explained at once. */
const MOST_EXPLAINED = 4;

export function createRelay(options: RelayOptions): Relay {
  const counts: RelayCounts = {
    received: 0,
    valid: 0,
    invalid: 0,
    unchecked: 0,
    duplicates: 0,
    forwarded: 0,
    failed: 0,
    challenges: 0,
  };
  const limit = createLimit(options.ordered ? 1 : options.concurrency);
  /** A provider that is met for the first time takes a moment longer: nobody overtakes it, where the order counts. */
  const inTurn = createLimit(options.ordered ? 1 : Number.POSITIVE_INFINITY);
  let underWay = 0;
  let onIdle: Array<() => void> = [];
  const { send } = options;
  const handover: HandoverOptions | null = send === null ? null : { ...options, send, made: count };
  let storeFailing = false;
  let explaining = 0;
  /** Secrets that came with challenges, by provider. */
  const handedOver = new Map<string, readonly string[]>();
  const secretsFor = (provider: Provider | null): readonly string[] => {
    const later = provider === null ? undefined : handedOver.get(provider.name);
    return later === undefined ? options.secretsFor(provider) : [...options.secretsFor(provider), ...later];
  };
  const identifying: IdentifyOptions = { ...options, secretsFor };

  function count(attempt: Attempt): void {
    counts.forwarded++;
    if (attemptFailed(attempt)) counts.failed++;
  }

  function handle(arrival: Arrival): Promise<HttpResponse> {
    const answer = receive(arrival);
    underWay++;
    // What fails in it is for the caller to hear, and here only that it is over.
    answer.then(ended, ended);
    return answer;
  }

  async function receive(arrival: Arrival): Promise<HttpResponse> {
    const began = options.elapsed();
    const { request } = arrival;
    if (options.path !== null && request.path.replace(/[?#].*$/s, '') !== options.path) {
      options.on({
        type: 'warning',
        code: 'path_not_served',
        message: `${request.method} ${request.path} got 404: only ${options.path} is served.`,
      });
      return jsonAnswer(404, { error: 'Not found' });
    }
    const identified = await inTurn(() => identify(identifying, arrival));
    const { delivery, provider, challenge } = identified;
    if (challenge !== null) return meet(challenge, identified, began);
    const shown = options.shows(delivery.event);
    const refused = identified.checked && delivery.verdict.status !== 'valid' && !options.allowInvalid;
    counts.received++;
    counts[delivery.verdict.status]++;

    const targets = refused || !shown || handover === null ? [] : options.targetsFor(delivery.event);
    const fails = !refused && options.fails();
    const immediate = refused
      ? jsonAnswer(401, { error: 'The signature is not valid.' })
      : fails
        ? jsonAnswer(503, { error: 'Failing on purpose.' })
        : targets.length === 0
          ? options.answer
          : null;

    if (immediate !== null) {
      if (options.delay !== null && !refused) await options.delay();
      const response: Answer = { ...immediate, durationMs: options.elapsed() - began };
      const kept = await keep({ ...delivery, response });
      if (kept === null) return unavailable();
      later(() => tell(kept, identified, shown));
      return immediate;
    }

    const keeping = keep(delivery);
    // The app has it while the disk writes: only the answer waits for both. What may have to be queued is kept first, and so
    // is everything while the store fails, lest the app gets what its sender is told to send again.
    const keptFirst = options.queue !== null || options.delay !== null || storeFailing;
    const ready = keptFirst ? keeping.then(delayed) : Promise.resolve(delivery);
    let lost = false;
    // In order, the place in the queue is taken on arrival: disks do not answer in order. Else none waits for a disk in one.
    if (!options.ordered) await ready;
    const patienceMs = provider?.timeoutMs ?? USUAL_PATIENCE_MS;
    const timeoutMs = options.timeoutMs ?? patienceMs;
    const sent = targets.map((target) =>
      limit(async () => {
        if ((await ready) === null || lost) return null;
        return hand({ arrival, delivery, target, timeoutMs, patienceMs });
      }),
    );
    const kept = await keeping;
    if (kept === null) {
      lost = true;
      track(Promise.all(sent).then((made) => warnOfUnkept(delivery, made)));
      return unavailable();
    }
    const first = await sent[0];
    if (first == null) return unavailable();
    const answer = answerTo(first);
    const response: Answer = { ...answer, durationMs: options.elapsed() - began };
    const finish = (made: ReadonlyArray<Handed | null>): void => {
      const handed = made.filter((one) => one !== null);
      const finished = { ...kept, response, attempts: handed.flatMap(({ attempts }) => attempts) };
      const queued = handed.some((one) => one.queued);
      const untriedMs = handed.find((one) => one.untriedMs !== null)?.untriedMs ?? null;
      tell(finished, identified, shown, { queued, untriedMs });
      track(record(kept.id, { response, attempts: finished.attempts }));
    };
    track(Promise.all(sent).then((made) => later(() => finish(made))));
    return answer;
  }

  async function meet(
    challenge: Challenge,
    { delivery, provider, input, reader }: Identified,
    began: number,
  ): Promise<HttpResponse> {
    const ignored = options.allowInvalid && delivery.verdict.status === 'invalid';
    const answer = challenge.answer({
      request: delivery.request,
      reader,
      secrets: input.secrets,
      verdict: ignored ? unchecked('no_secret', delivery.verdict.message) : delivery.verdict,
      verifyTokens: options.verifyTokens,
    });
    const response: Answer = { ...answer.response, durationMs: options.elapsed() - began };
    const kept = await keep({ ...delivery, response });
    if (kept === null) return unavailable();
    counts.challenges++;
    const { secret: value, confirm: url } = answer;
    const secret = value === undefined ? null : { value, used: useSecret(provider, value) };
    const { name } = challenge;
    track(
      visit(url ?? null).then((confirm) => {
        options.on({
          type: 'challenge',
          delivery: kept,
          name,
          outcome: answer.outcome,
          note: answer.note ?? null,
          secret,
          confirm,
        });
      }),
    );
    return answer.response;
  }

  /** Whether deliveries are checked with a secret from now on. Anybody can send one, so it does not stand beside one that is known. */
  function useSecret(provider: Provider | null, secret: string): boolean {
    if (provider === null || options.secretsFor(provider).length > 0) return false;
    const before = handedOver.get(provider.name) ?? [];
    handedOver.set(provider.name, [...before.filter((one) => one !== secret), secret].slice(-MOST_HANDED_OVER));
    return true;
  }

  async function visit(url: string | null): Promise<MetChallenge['confirm']> {
    if (url === null) return null;
    if (!options.confirms || options.send === null) return { url, outcome: null };
    const request = { method: 'GET', url, headers: [], body: Buffer.alloc(0) };
    return { url, outcome: await options.send(request, { timeoutMs: 10_000 }) };
  }

  async function keep(delivery: Delivery): Promise<Delivery | null> {
    if (options.keeper === null) return delivery;
    try {
      const { duplicateOf } = await options.keeper.keep(delivery);
      storeFailing = false;
      if (duplicateOf === null) return delivery;
      counts.duplicates++;
      return { ...delivery, duplicateOf };
    } catch (error) {
      warnOfStore(error);
      return null;
    }
  }

  async function delayed(kept: Delivery | null): Promise<Delivery | null> {
    if (kept !== null && options.delay !== null) await options.delay();
    return kept;
  }

  /** Null where it could not be queued: the store is failing. */
  async function hand(delivering: Delivering): Promise<Handed | null> {
    try {
      return handover === null ? null : await handOver(handover, delivering);
    } catch (error) {
      warnOfStore(error);
      return null;
    }
  }

  async function record(id: string, result: Parameters<Keeper['finish']>[1]): Promise<void> {
    try {
      await options.keeper?.finish(id, result);
    } catch (error) {
      warnOfStore(error);
    }
  }

  /** Tells of a delivery; of one whose signature does not match, after saying why. */
  function tell(delivery: Delivery, { provider, input }: Identified, shown: boolean, handed: NotTold = NOT_HANDED): void {
    const { verdict } = delivery;
    // Explaining costs far more than verifying, so a flood of forgeries is not explained one by one.
    if (verdict.status !== 'invalid' || provider === null || options.explain === null || explaining >= MOST_EXPLAINED) {
      options.on({ type: 'delivery', delivery, shown, ...handed });
      return;
    }
    explaining++;
    const asked = options.explain(provider, verdict, input).finally(() => explaining--);
    track(asked.then((diagnosis) => tellWhy(delivery, diagnosis, shown, handed)));
  }

  async function tellWhy(delivery: Delivery, diagnosis: readonly Finding[], shown: boolean, handed: NotTold): Promise<void> {
    const { verdict } = delivery;
    options.on({ type: 'delivery', delivery: { ...delivery, verdict: { ...verdict, diagnosis } }, shown, ...handed });
    if (diagnosis.length > 0) await record(delivery.id, { diagnosis });
  }

  /** Told once, not for every delivery that follows. */
  function warnOfStore(error: unknown): void {
    if (storeFailing) return;
    storeFailing = true;
    const hint = error instanceof WebhookError ? error.hint : null;
    const message = `${messageOf(error)} Senders get 503 until it works again.`;
    options.on({ type: 'warning', code: 'store_unwritable', message, ...(hint === null ? {} : { hint }) });
  }

  /** What an app got that is not kept: its sender got 503, and may send it again. */
  function warnOfUnkept({ id, event, eventId }: Delivery, made: ReadonlyArray<Handed | null>): void {
    const reached = made.flatMap((one) => one?.attempts ?? []).filter(mayHaveArrived);
    if (reached.length === 0) return;
    const targets = [...new Set(reached.map(({ target }) => target))].join(', ');
    options.on({
      type: 'warning',
      code: 'forwarded_not_kept',
      message: `${event ?? 'A delivery'} (${eventId ?? id}) reached ${targets}, but could not be kept; its sender got 503.`,
      hint: 'The sender may send it again: the app then gets it twice.',
    });
  }

  function later(work: () => void): void {
    underWay++;
    options.later(() => {
      try {
        work();
      } finally {
        ended();
      }
    });
  }

  function track(work: Promise<unknown>): void {
    underWay++;
    void work.finally(ended);
  }

  function ended(): void {
    underWay--;
    if (underWay > 0) return;
    const waiting = onIdle;
    onIdle = [];
    for (const resolve of waiting) resolve();
  }

  async function settled(): Promise<void> {
    while (underWay > 0) await new Promise<void>((resolve) => onIdle.push(resolve));
  }

  return { handle, settled, counts };
}

/** False only where there was nobody to take it. */
function mayHaveArrived(attempt: Attempt): boolean {
  return attempt.outcome === 'responded' || !['refused', 'dns', 'tls'].includes(attempt.reason);
}

function unavailable(): HttpResponse {
  return jsonAnswer(503, { error: 'The delivery could not be kept. Send it again later.' });
}
