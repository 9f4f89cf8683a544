import { WebhookError } from '../errors.js';
import { type ComposeInput, compose } from '../events/compose.js';
import { type Sample, sampleHeaders, withQuery } from '../events/sample.js';
import { type HeaderList, headerValue } from '../http/headers.js';
import type { OutgoingRequest } from '../http/message.js';
import type { Challenge } from '../providers/challenge.js';
import type { Provider } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import type { SendOutcome } from '../send.js';
import { resign } from '../signature/resign.js';
import { isUnsigned } from '../signature/unsigned.js';
import type { Verdict } from '../signature/verdict.js';
import { verifySignature } from '../signature/verify.js';
import { createNotes, type Notes } from './notes.js';
import type { BodyStyle } from './restyle.js';

/** Connections to the endpoint, as many as were asked for. */
export interface Wire {
  /** One request, once; what the network does wrong is an outcome. Answers are cut off where they are too large. */
  send(request: OutgoingRequest, timeoutMs: number): Promise<SendOutcome>;
  /** How many connections have been opened. */
  opened(): number;
  close(): Promise<void>;
}

/** What a check needs of the world. */
export interface Outside {
  open(connections: number): Wire;
  /** Waits until the endpoint accepts connections; false where it does not in time. */
  accepts(timeoutMs: number): Promise<boolean>;
  sleep(ms: number): Promise<void>;
  /** Unix time in milliseconds. */
  now(): number;
  /** Milliseconds from any start, never going back. */
  elapsed(): number;
  random(size: number): Uint8Array;
}

/** An event with what it is sent as. */
export interface EventSample {
  readonly event: string;
  readonly sample: Sample;
}

export interface BenchOptions {
  readonly provider: Provider;
  /** Null: the provider does not sign. */
  readonly secret: string | null;
  /** A secret of the same form that is not the endpoint's; null: none could be made. */
  readonly otherSecret: string | null;
  readonly url: string;
  /** The URL that is signed where the scheme signs one and it is not `url`. */
  readonly signedUrl: string | null;
  /** At least one; most is tried with the first. */
  readonly samples: readonly [EventSample, ...EventSample[]];
  readonly challenges: ReadonlyArray<{ readonly challenge: Challenge; readonly sample: Sample }>;
  /** The tokens that were agreed on with the provider, for challenges that repeat one. */
  readonly verifyTokens: readonly string[];
  readonly edits: NonNullable<ComposeInput['edits']>;
  readonly headers: HeaderList;
  readonly userAgent: string;
  /** How long an answer may take. Milliseconds. */
  readonly timeoutMs: number;
  /** How long all of it may take. Milliseconds. */
  readonly limitMs: number;
  readonly outside: Outside;
}

/** What makes a delivery other than the usual. */
export interface Wish {
  readonly sample?: EventSample;
  readonly timestamp?: number;
  readonly edits?: ComposeInput['edits'];
  readonly event?: string;
  /** True: without a signature. */
  readonly unsigned?: boolean;
}

/** Over so many connections at most. */
export const CONNECTIONS = 50;
/** After so many answers that never came, it is waited less long for the next. */
const PATIENT_TIMES = 3;
const IMPATIENT_MS = 2_000;
/** How long a server that went down may take to come back. */
const RESTART_MS = 5_000;
/** A server that asks for more time than this does not get it. */
const LONGEST_PAUSE_MS = 5_000;

/** Makes deliveries, right and wrong, and sends them to the one endpoint that is looked at. */
export class Bench {
  readonly options: BenchOptions;
  readonly provider: Provider;
  readonly notes: Notes;
  /** How long answers to deliveries that were taken took, one at a time. Milliseconds. */
  readonly takenMs: number[] = [];
  /** Events that were refused though they were genuine. */
  readonly refusedEvents: Set<string> = new Set();
  requests = 0;
  /** How the body is spelled in what the endpoint takes; null: as the provider spells it. */
  style: BodyStyle | null = null;

  readonly #wire: Wire;
  readonly #began: number;
  readonly #unsignedUrls = new WeakMap<OutgoingRequest, string>();
  readonly #memo = new Map<string, Promise<unknown>>();
  #timeouts = 0;
  #shaken = false;

  constructor(options: BenchOptions) {
    // What a provider never signs proves nothing: an endpoint may take it or not.
    const [first, ...others] = options.samples.filter(({ sample }) => !isUnsigned(options.provider, sample.body));
    this.options = first === undefined ? options : { ...options, samples: [first, ...others] };
    this.provider = options.provider;
    this.notes = createNotes(options.secret, options.provider);
    this.#wire = options.outside.open(CONNECTIONS);
    this.#began = options.outside.elapsed();
  }

  get signs(): boolean {
    return this.provider.schemes.length > 0 && this.options.secret !== null;
  }

  get secrets(): readonly string[] {
    return this.options.secret === null ? [] : [this.options.secret];
  }

  get timeIsUp(): boolean {
    return this.#left() <= 0;
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  /** The same promise each time it is asked under this name. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    let made = this.#memo.get(name);
    if (made === undefined) {
      made = make();
      this.#memo.set(name, made);
    }
    // What stands under a name was put there by the same call.
    return made as Promise<T>;
  }

  /** True once `once` was asked for something under this name. */
  has(name: string): boolean {
    return this.#memo.has(name);
  }

  /** A delivery as the provider would send it. */
  asSent(wish: Wish = {}): OutgoingRequest {
    const { options } = this;
    const { event, sample } = wish.sample ?? options.samples[0];
    const url = withQuery(options.url, sample.query);
    const request = compose({
      provider: this.provider,
      event: wish.event ?? event,
      payload: sample.body,
      fresh: true,
      exact: sample.form === 'http',
      sampleHeaders: sampleHeaders(sample, this.provider.contentType),
      edits: [...options.edits, ...(wish.edits ?? [])],
      timestamp: wish.timestamp ?? null,
      secrets: wish.unsigned === true ? [] : this.secrets,
      url,
      signedUrl: options.signedUrl === null ? null : withQuery(options.signedUrl, sample.query),
      method: sample.method ?? 'POST',
      headers: options.headers,
      userAgent: options.userAgent,
      now: options.outside.now(),
      random: options.outside.random,
    });
    this.#unsignedUrls.set(request, url);
    return request;
  }

  /** A delivery that the endpoint should take: as the provider would send it, but for the spelling this endpoint was found to need. */
  right(wish: Wish = {}): OutgoingRequest {
    const request = this.asSent(wish);
    const body = this.style?.write(request.body) ?? null;
    return body === null ? request : this.signedAnew(request, { body, ...wish });
  }

  /** The same delivery with another body, time or secret, rightly signed for it. */
  signedAnew(
    request: OutgoingRequest,
    change: { body?: Uint8Array; timestamp?: number; secrets?: readonly string[]; provider?: Provider },
  ): OutgoingRequest {
    const provider = change.provider ?? this.provider;
    const body = change.body ?? request.body;
    const secrets = change.secrets ?? this.secrets;
    const { outside, signedUrl } = this.options;
    // Some schemes add to the URL what they know of the body.
    const url = this.#unsignedUrls.get(request) ?? request.url;
    const made = resign(provider, request, {
      body,
      secrets,
      id: Buffer.from(outside.random(16)).toString('hex'),
      timestamp: change.timestamp ?? outside.now(),
      url,
      signedUrl,
    });
    this.#unsignedUrls.set(made, url);
    return made;
  }

  /** Whether a request is genuine by the provider's own rules: what is not, the endpoint has to refuse. */
  isGenuine(request: OutgoingRequest): boolean {
    return this.verdictOn(request).status === 'valid';
  }

  verdictOn({ headers, body, method, url: sentTo }: OutgoingRequest): Verdict {
    const url = this.options.signedUrl ?? sentTo;
    const now = this.options.outside.now();
    return verifySignature(this.provider, { headers, body, method, url, secrets: this.secrets, now });
  }

  read(request: OutgoingRequest): RequestReader {
    return new RequestReader({ headers: request.headers, body: request.body, path: request.url });
  }

  /**
   * Sends a request and looks at what came back. Where the connection breaks it is sent once more on a new one, since an old
   * one may have ended just then; where the endpoint asks for a moment (429), it gets it.
   *
   * @param genuine The same delivery as it would be right, where this one is not: what its answer must not give away.
   */
  async send(request: OutgoingRequest, genuine: OutgoingRequest | null = null): Promise<SendOutcome> {
    let answer = await this.#sendOn(this.#wire, request);
    if (answer.outcome === 'failed' && answer.reason === 'reset') answer = await this.#onNewConnection(request);
    const pause = answer.outcome === 'responded' && answer.status === 429 ? pauseOf(answer.headers) : null;
    if (pause !== null && pause < this.#left()) {
      await this.options.outside.sleep(pause);
      answer = await this.#sendOn(this.#wire, request);
    }
    this.#shaken = answer.outcome === 'failed' && answer.reason !== 'timeout';
    this.notes.take(request, answer, genuine);
    return answer;
  }

  /** Sends a delivery that should be taken. */
  async deliver(request: OutgoingRequest): Promise<SendOutcome> {
    const answer = await this.send(request);
    if (isTaken(answer)) this.takenMs.push(answer.durationMs);
    return answer;
  }

  /** Sends requests all at once, over at most so many connections. Answers are kept without their bodies. */
  volley(requests: readonly OutgoingRequest[]): Promise<SendOutcome[]> {
    return Promise.all(
      requests.map(async (request) => {
        const answer = await this.#sendOn(this.#wire, request);
        return answer.outcome === 'responded' ? { ...answer, body: Buffer.alloc(0) } : answer;
      }),
    );
  }

  /** Sends requests one after another over one connection; `opened`: how many it took. */
  async inARow(requests: readonly OutgoingRequest[]): Promise<{ answers: SendOutcome[]; opened: number }> {
    const wire = this.options.outside.open(1);
    try {
      const answers: SendOutcome[] = [];
      for (const request of requests) answers.push(await this.#sendOn(wire, request));
      return { answers, opened: wire.opened() };
    } finally {
      await wire.close();
    }
  }

  /** False where the last request broke the connection and nothing listens any more, not even after a moment. */
  async stillThere(): Promise<boolean> {
    if (!this.#shaken) return true;
    const there = await this.options.outside.accepts(Math.min(RESTART_MS, Math.max(0, this.#left())));
    if (there) this.#shaken = false;
    return there;
  }

  async #onNewConnection(request: OutgoingRequest): Promise<SendOutcome> {
    const { answers } = await this.inARow([request]);
    return answers[0] as SendOutcome;
  }

  async #sendOn(wire: Wire, request: OutgoingRequest): Promise<SendOutcome> {
    this.requests++;
    const answer = await wire.send(request, this.#patience());
    if (answer.outcome === 'failed' && answer.reason === 'timeout') this.#timeouts++;
    return answer;
  }

  #patience(): number {
    const { timeoutMs } = this.options;
    const patience = this.#timeouts < PATIENT_TIMES ? timeoutMs : Math.max(IMPATIENT_MS, 3 * Math.max(0, ...this.takenMs));
    return Math.max(250, Math.min(timeoutMs, patience, this.#left()));
  }

  #left(): number {
    return this.#began + this.options.limitMs - this.options.outside.elapsed();
  }
}

/** True for a 2xx. */
export function isTaken(answer: SendOutcome): boolean {
  return answer.outcome === 'responded' && answer.status >= 200 && answer.status <= 299;
}

/** True where compose says that the provider has no place for what was asked (a timestamp). */
export function isMisfit(error: unknown): boolean {
  return error instanceof WebhookError && (error.code === 'usage' || error.code === 'signing_impossible');
}

function pauseOf(headers: HeaderList): number {
  const seconds = Number(headerValue(headers, 'retry-after') ?? '1');
  return Math.min(LONGEST_PAUSE_MS, seconds >= 0 ? seconds * 1_000 : 1_000);
}
