/** Whose request it is, what it says, and whether it is genuine: what is known before anything is done with it. */
import type { Delivery } from './delivery/delivery.js';
import { targetUrl } from './forward.js';
import type { HttpRequest } from './http/message.js';
import { orList } from './nearest.js';
import { identify as identifyEvents } from './providers/batch.js';
import { type Challenge, findChallenge } from './providers/challenge.js';
import { type Detection, detectProvider } from './providers/detect.js';
import type { Provider } from './providers/model.js';
import { RequestReader } from './providers/read.js';
import type { ProviderSource } from './providers/source.js';
import type { Verdict } from './signature/verdict.js';
import { unchecked, type VerifyInput, verifySignature } from './signature/verify.js';

export interface IdentifyOptions {
  /** Null: it is detected from each request among `providers`. */
  readonly provider: Provider | null;
  readonly providers: ProviderSource;
  /** The secrets for a provider; for null, those that belong to none in particular. */
  secretsFor(provider: Provider | null): readonly string[];
  /** Milliseconds, in place of the provider's own; null: the provider's. */
  readonly tolerance: number | null;
  /** The URL the provider was given, for schemes that sign it; null: not known. */
  publicUrl(): string | null;
  /** Whether challenges are answered here, and not taken for events. */
  readonly challenges: boolean;
  newId(): string;
}

/** What a request came with beside its bytes. */
export interface Arrival {
  readonly request: HttpRequest;
  readonly receivedAt: number;
  readonly remoteAddress: string;
  readonly protocol: 'http' | 'https';
}

export interface Identified {
  readonly delivery: Delivery;
  readonly provider: Provider | null;
  /** What it is in place of an event; null: an event. */
  readonly challenge: Challenge | null;
  /** There was a secret to check it with. */
  readonly checked: boolean;
  readonly input: VerifyInput;
  readonly reader: RequestReader;
}

export async function identify(options: IdentifyOptions, arrival: Arrival): Promise<Identified> {
  const { request } = arrival;
  const reader = new RequestReader(request);
  const detection: Detection =
    options.provider === null
      ? detectProvider(reader, await options.providers.fitting(reader))
      : { status: 'detected', provider: options.provider };
  const detected = detection.status === 'detected' ? detection.provider : null;
  const met = options.challenges
    ? findChallenge(detected === null ? await options.providers.all() : [detected], { request, reader })
    : null;
  const challenge = met?.challenge ?? null;
  const provider = detected ?? met?.provider ?? null;
  const secrets = options.secretsFor(provider);
  const base = options.publicUrl();
  const input: VerifyInput = {
    headers: request.headers,
    body: request.body,
    secrets,
    now: arrival.receivedAt,
    method: request.method,
    path: request.path,
    url: base === null ? null : targetUrl(base, request.path),
    tolerance: options.tolerance,
  };
  const identity = provider === null ? { event: null, eventId: null } : identifyEvents(provider, reader);
  const delivery: Delivery = {
    id: options.newId(),
    origin: 'received',
    receivedAt: arrival.receivedAt,
    provider: provider?.name ?? null,
    event: challenge?.name ?? identity.event,
    // A challenge is no event that could come twice.
    eventId: challenge === null ? identity.eventId : null,
    duplicateOf: null,
    request,
    verdict: verdictOn(provider, challenge, detection, input, reader),
    response: null,
    attempts: [],
  };
  // What is never signed cannot be refused for that.
  const checked =
    secrets.length > 0 && (provider === null || (provider.schemes.length > 0 && delivery.verdict.reason !== 'no_secret'));
  return { delivery, provider, challenge, checked, input, reader };
}

function verdictOn(
  provider: Provider | null,
  challenge: Challenge | null,
  detection: Detection,
  input: VerifyInput,
  reader: RequestReader,
): Verdict {
  if (challenge !== null && !challenge.signed) {
    return unchecked('no_secret', `A ${challenge.name} challenge is not signed, so there is nothing to check.`);
  }
  return provider === null ? unchecked('unknown_provider', whyUnknown(detection)) : verifySignature(provider, input, reader);
}

function whyUnknown(detection: Detection): string {
  if (detection.status !== 'ambiguous') return 'No provider’s signature was recognised in it.';
  return `It could be from ${orList(detection.candidates.map(({ name }) => name))}: say which with --provider.`;
}
