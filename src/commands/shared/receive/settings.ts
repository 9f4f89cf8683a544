import { type Arrivals, createArrivals, parseExpected } from '../../../core/arrivals.js';
import { WebhookError } from '../../../core/errors.js';
import { eventMatcher } from '../../../core/events/patterns.js';
import type { HeaderList } from '../../../core/http/headers.js';
import type { HttpResponse } from '../../../core/http/message.js';
import type { Provider } from '../../../core/providers/model.js';
import { listed, type ProviderSource } from '../../../core/providers/source.js';
import { parseRetry, type RetrySchedule } from '../../../core/retry.js';
import { parseDuration, parseSize } from '../../../core/units.js';
import { parsePublicUrl } from '../../../io/target.js';
import type { PrintPart } from '../../../render/renderer.js';
import { knownProviders } from '../detection.js';
import { headerFlags } from '../headers.js';
import { durationOf, filled, type Session, verifyTokensOf, wholeNumber } from '../session.js';
import { answerOf, failures } from './answer.js';
import type { ReceiveFlags } from './flags.js';
import { type Routing, routingOf } from './routing.js';
import { type SecretLookup, secretLookup } from './secrets.js';

/** What flags, environment and config say, read and checked. Durations are milliseconds; null: nothing says. */
export interface ReceiveSettings extends SecretLookup {
  readonly provider: Provider | null;
  /** Those a delivery can be from. */
  readonly providers: ProviderSource;
  readonly tolerance: number | null;
  readonly allowInvalid: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string | null;
  readonly maxBody: number;
  readonly publicUrl: string | null;
  readonly routing: Routing;
  shows(event: string | null): boolean;
  readonly timeoutMs: number | null;
  readonly ordered: boolean;
  readonly concurrency: number;
  readonly headers: HeaderList;
  readonly retry: RetrySchedule;
  readonly verifyTokens: readonly string[];
  readonly answer: HttpResponse;
  readonly delay: number | null;
  fails(): boolean;
  readonly print: ReadonlySet<PrintPart>;
  readonly exitAfter: number | null;
  /** Null: nothing is asserted. */
  readonly arrivals: Arrivals | null;
  readonly lifetime: number | null;
}

/** @throws WebhookError `usage` and what reading secrets and files throws. */
export async function settingsOf(session: Session, flags: ReceiveFlags): Promise<ReceiveSettings> {
  const { context, config } = session;
  const { listen } = config;
  const provider = await session.provider(flags.provider);
  const providers = provider === null ? await knownProviders(session) : listed([provider]);
  const events = flags.events ?? listen.events;
  const port = flags.port ?? filled(context.env.WEBHOOK_PORT) ?? String(listen.port ?? 4400);
  return {
    provider,
    providers,
    ...(await secretLookup(session, flags, provider, flags.fetchCertificate ?? false)),
    tolerance: durationOf(flags.tolerance, 'tolerance', config.toleranceMs),
    allowInvalid: flags.allowInvalid ?? listen.allowInvalid ?? false,
    host: flags.host ?? listen.host ?? '127.0.0.1',
    port: wholeNumber(port, '--port', 0, 65_535),
    path: flags.path ?? listen.path,
    maxBody: flags.maxBody === undefined ? (listen.maxBodyBytes ?? 25_000_000) : parseSize(flags.maxBody),
    publicUrl: publicUrlOf(flags.publicUrl ?? listen.publicUrl),
    routing: routingOf(session, flags),
    // Without --events, a delivery whose event is not known is shown like any other.
    shows: events === null ? () => true : eventMatcher(events),
    timeoutMs: durationOf(flags.timeout, 'timeout', config.timeoutMs),
    ordered: flags.ordered ?? listen.ordered ?? false,
    concurrency:
      flags.concurrency === undefined ? (listen.concurrency ?? 64) : wholeNumber(flags.concurrency, '--concurrency', 1, 10_000),
    headers: headerFlags(flags.header),
    retry: flags.retry === undefined ? [] : parseRetry(flags.retry),
    verifyTokens: verifyTokensOf(session, flags.verifyToken),
    answer: await answerOf(session, flags),
    delay: flags.delay === undefined ? null : parseDuration(flags.delay),
    fails: failures(flags.fail, context),
    print: printParts(flags.print ?? listen.print ?? 'body'),
    arrivals: arrivalsOf(flags, flags.allowInvalid ?? listen.allowInvalid ?? false),
    exitAfter: flags.exitAfter === undefined ? null : wholeNumber(flags.exitAfter, '--exit-after', 1),
    lifetime: flags.for === undefined ? null : parseDuration(flags.for),
  };
}

function publicUrlOf(text: string | null): string | null {
  return text === null ? null : parsePublicUrl(text);
}

function arrivalsOf({ expect, assertValid = false }: ReceiveFlags, countsInvalid: boolean): Arrivals | null {
  if (expect === undefined && !assertValid) return null;
  return createArrivals({ expected: expect === undefined ? null : parseExpected(expect), allValid: assertValid, countsInvalid });
}

function printParts(text: string): ReadonlySet<PrintPart> {
  const parts = new Set<PrintPart>();
  for (const part of text.split(',').map((word) => word.trim())) {
    if (part === 'headers' || part === 'body' || part === 'response') parts.add(part);
    else if (part !== 'none') throw new WebhookError('usage', `--print takes headers, body, response or none, not '${part}'.`);
  }
  return parts;
}
