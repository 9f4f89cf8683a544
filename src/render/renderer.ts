import type { Output } from '../context.js';
import type { ArrivalReport } from '../core/arrivals.js';
import type { Redaction } from '../core/capture/capture.js';
import type { CheckReport, CheckResult } from '../core/check/model.js';
import type { Attempt, Delivery } from '../core/delivery/delivery.js';
import type { SecretPlaces } from '../core/delivery/redact.js';
import type { AttemptStatistics } from '../core/delivery/statistics.js';
import type { DeliverySummary } from '../core/delivery/summary.js';
import type { Differences } from '../core/diff/model.js';
import type { HeaderList } from '../core/http/headers.js';
import type { OutgoingRequest } from '../core/http/message.js';
import type { EventIdentity } from '../core/providers/batch.js';
import type { Provider } from '../core/providers/model.js';
import type { QueueState } from '../core/queue.js';
import type { MetChallenge } from '../core/relay.js';
import type { Verdict } from '../core/signature/verdict.js';

export type PrintPart = 'headers' | 'body' | 'response';

/** What `listen` says once it accepts connections. */
export interface ReadyInfo {
  readonly url: string;
  readonly publicUrl: string | null;
  /** The public URL as a QR code, dark modules true, to be shown with it; null: it is not asked for. */
  readonly qr: ReadonlyArray<readonly boolean[]> | null;
  /** Null: it is told from each request's headers. */
  readonly provider: string | null;
  readonly secretCount: number;
  /** The file in which deliveries are kept; null: nowhere. */
  readonly store: string | null;
  /** What gets the deliveries: URLs, or routes as `order.* → http://…`. */
  readonly targets: readonly string[];
  /** What to do with the URL, or anything else worth a line. */
  readonly note: string | null;
}

export interface ListenSummary {
  readonly received: number;
  readonly valid: number;
  readonly invalid: number;
  readonly unchecked: number;
  readonly duplicates: number;
  /** Attempts to hand a delivery to a target: retries, and each of several targets, count; what waits in the queue does not. */
  readonly forwarded: number;
  /** Those of them that got no answer, or one that is not 2xx. */
  readonly failed: number;
  /** Not among the received. */
  readonly challenges?: number;
}

export interface SendSummary {
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly durationMs: number;
  readonly details?: AttemptStatistics & { readonly dropped?: number };
  /** Kept deliveries that were not taken as they should be: the first of them. */
  readonly failures?: readonly SendFailure[];
  /** The command that does what is left, where it ended before its end. */
  readonly resume?: string;
}

export interface AttemptOutcome {
  readonly ok: boolean;
  /** What the mark says in place of that: of what was received, whether it is genuine. */
  readonly verdict?: Verdict['status'];
  /** What was wrong, as a clause. */
  readonly why: string | null;
  /** How the answer differs from the one it was compared with; absent: it was not. */
  readonly differences?: Differences;
}

/** What is shown with a delivery in full. */
export interface ShowMore {
  /** The events of a batch. */
  readonly items?: readonly EventIdentity[];
  /** The targets in whose queues it is. */
  readonly waitsFor?: readonly string[];
}

export interface DiffReport {
  /** What is compared with what. */
  readonly before: string;
  readonly after: string;
  readonly differences: Differences;
  /** What is said where nothing differs. */
  readonly same: string;
}

export interface SendFailure {
  readonly id: string;
  readonly event: string | null;
  readonly why: string;
}

export interface EventRow {
  readonly provider: string;
  readonly event: string;
  readonly summary: string;
}

/** A sample payload. */
export interface FixtureRow {
  readonly provider: string;
  readonly event: string;
  readonly path: string;
  readonly builtin: boolean;
  /** One of the project's own that stands for a built-in one. */
  readonly replaces: boolean;
}

/** Line and column from 1. */
export interface FileFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A way to a public URL. A trait is null where it depends on what is used. */
export interface TunnelRow {
  readonly name: string;
  readonly summary: string;
  readonly needs: string;
  readonly traits: {
    readonly bytesExact: boolean | null;
    readonly repliesPass: boolean | null;
    readonly urlStable: 'always' | 'asked' | 'never' | null;
    readonly account: boolean | null;
    readonly plaintextHop: boolean | null;
  };
  readonly ready: boolean;
  /** Why it is ready or not. */
  readonly detail: string;
}

/** A label, and one or more lines that belong to it. */
export type Fact = readonly [label: string, lines: readonly string[]];

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** A line that says how far something is; on a terminal only. */
export interface Progress {
  /** @param label One that has to be made is made where it is shown. */
  update(label: string | (() => string)): void;
  done(): void;
}

/** What a command says that shows no request: enough for small ones, and it loads a fifth of what a renderer does. */
export interface Speaker {
  /** True where it writes NDJSON. */
  readonly json: boolean;
  /** More that is not for people to see: a provider's signatures, and secrets that stand in its requests. */
  hide(places: SecretPlaces): void;
  signedHeaders(headers: HeaderList): void;
  verdict(
    verdict: Verdict,
    about: { readonly provider: string | null; readonly event?: string | null; readonly detail?: string | null },
  ): void;
  /** What was done: a sentence for a person, a record for a program. */
  done(sentence: string, record: Readonly<Record<string, unknown>>): void;
  warning(problem: Problem): void;
  error(problem: Problem): void;
  /** A remark for a person; programs do not get it. */
  info(text: string): void;
  progress(label: string): Progress;
  /** Settles when everything is out. To be awaited before the process ends. */
  flush(): Promise<void>;
}

/**
 * All that a command says. One is for people, one for programs (NDJSON on stdout and nothing else there); a command never
 * asks which it has. Results go to stdout; banner, summaries, progress, hints, warnings and errors to stderr.
 */
export interface Renderer extends Speaker {
  // listen and forward
  ready(info: ReadyInfo): void;
  delivery(delivery: Delivery, view: { readonly print: ReadonlySet<PrintPart>; readonly note?: string | null }): void;
  /** Not an event: the secret it brought is shown here, once. */
  challenge(challenge: MetChallenge): void;
  /** `reason`: why it is down, or what to do with a changed URL. */
  tunnel(state: { readonly state: 'up' | 'down' | 'changed'; readonly url: string; readonly reason: string | null }): void;
  /** What waits for a target: while it is down, once it is back, and when all has been handed on. */
  queue(state: QueueState): void;
  listenSummary(summary: ListenSummary): void;
  /** What was asserted of all that arrived. */
  arrivals(report: ArrivalReport): void;

  // trigger and replay
  attempt(delivery: Delivery, attempt: Attempt, outcome: AttemptOutcome): void;
  sendSummary(summary: SendSummary): void;
  /** What would be sent, with `--dry-run`. */
  request(request: OutgoingRequest): void;
  /** A command line to paste. */
  curl(command: string): void;

  // check
  checkResult(result: CheckResult): void;
  checkReport(report: CheckReport): void;
  /** Lines for the program that runs this one, such as a workflow runner; to stderr, as they are. */
  annotations(lines: readonly string[]): void;

  // what is kept
  /** A table. Settles when it has been handed over; rows are read no faster than they can be written. */
  list(rows: Iterable<DeliverySummary> | AsyncIterable<DeliverySummary>): Promise<void>;
  /** The same of whole deliveries; for programs, each in full. */
  deliveries(deliveries: Iterable<Delivery> | AsyncIterable<Delivery>): Promise<void>;
  /** `items`: the events of a batch. */
  show(delivery: Delivery, more?: ShowMore): void;

  diff(report: DiffReport): void;

  // fixtures
  fixtures(rows: readonly FixtureRow[]): void;
  /** A payload alone, to be looked at. */
  payload(message: { readonly headers: HeaderList; readonly body: Uint8Array }): void;
  /** What was replaced in one that is to be shown. */
  redactions(redactions: readonly Redaction[]): void;
  /** Something that is wrong in a file. */
  fault(fault: FileFault): void;

  // what is known
  providers(providers: Iterable<Provider>): void;
  provider(provider: Provider): void;
  events(events: Iterable<EventRow>): void;
  tunnels(tunnels: readonly TunnelRow[]): void;

  // anything else
  /** What there is to know: a label a line for a person, a record for a program. */
  facts(facts: readonly Fact[], record: Readonly<Record<string, unknown>>): void;
  /** Settles when there is room for more: to be awaited by who writes very many lines. */
  room(): Promise<void>;
}

export interface RendererOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  /** Null: as the environment and the stream say. */
  readonly color: boolean | null;
  /** No banner, summaries, remarks and progress. */
  readonly quiet: boolean;
  readonly showSecrets: boolean;
  /** Unix time in milliseconds. */
  now(): number;
  /** A path inside it is shown relative to it. */
  readonly cwd?: string;
  /** An IANA name; absent: the machine's own. */
  readonly timeZone?: string;
  /** Absent: this machine's. It decides about Unicode. */
  readonly platform?: NodeJS.Platform;
  /** Called once when nobody reads stdout any more (`| head`): time to stop. */
  readonly onClosed?: () => void;
}
