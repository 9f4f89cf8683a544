import type { Context } from '../context.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { EVERYTHING } from '../core/delivery/selector.js';
import { WebhookError } from '../core/errors.js';
import { orList } from '../core/nearest.js';
import type { Provider, TestEvent } from '../core/providers/model.js';
import { apiUrlVariable } from '../core/providers/variable.js';
import { keyKind, testEventRefusal, testEventRequest } from '../core/test-event.js';
import { formatDuration, parseDuration, timerMs } from '../core/units.js';
import { createSender } from '../io/sender.js';
import type { Store } from '../io/store/store.js';
import { isLoopback, parseTarget } from '../io/target.js';
import { confirmed } from './shared/ask.js';
import { following } from './shared/following.js';
import { durationOf, filled, openSession, type Session } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface TestEventFlags extends CommonFlags {
  readonly provider?: string;
  readonly apiUrl?: string;
  readonly yes?: boolean;
  readonly waitFor?: string;
  readonly timeout?: string;
}

/** What an API says of a test event is short. */
const MOST_READ = 1_000_000;

export const testEvent: Verb = verb<TestEventFlags>({
  define: (command) =>
    command
      .argument('<webhook-id>', "the webhook's id, as the provider's settings show it")
      .option('--provider <name>', 'whose (the configured one, else the one that offers this)')
      .option(
        '--api-url <url>',
        "where its API is, in place of the published address (else CONNECT2PRINT_API_URL, the config's api)",
      )
      .option('--yes', 'with a live key: do not ask')
      .option('--wait-for <duration>', 'wait so long until a running forward or listen has received it')
      .option('--timeout <duration>', 'how long to wait for the answer of the API', '30s')
      .addHelpText(
        'after',
        `\nThe API key is read from CONNECT2PRINT_API_KEY, or from the config's api.\nIt goes to that API and nowhere else.\n${examples(
          ['webhook test-event 42', 'Connect2Print sends its test event to that webhook'],
          [
            'webhook test-event 42 --wait-for 30s',
            "while 'webhook forward' runs: until it has arrived, and whether it is genuine",
          ],
        )}`,
      ),

  async run(context, flags, [id = '']) {
    const session = await openSession(context, flags);
    const { renderer } = session;
    const [provider, api] = await providerOf(session, flags.provider);
    const settings = session.config.api(provider.name);
    const key = keyOf(session, api, settings.key);
    const kind = keyKind(provider, api, key);
    const given = flags.apiUrl ?? filled(context.env[apiUrlVariable(provider.name)]) ?? settings.url;
    const apiUrl = given === null ? null : addressOf(given);
    const request = testEventRequest(api, { id, key, apiUrl, userAgent: `webhook-cli/${WEBHOOK_VERSION}` });
    mustBeSafe(request.url);
    const waitMs = flags.waitFor === undefined ? null : parseDuration(flags.waitFor, 'duration for --wait-for');
    const timeoutMs = durationOf(flags.timeout, 'timeout', null) ?? 30_000;
    const shown = parseTarget(request.url).shown;
    if (kind === 'live' && !flags.yes && !(await agreed(context, provider, id))) {
      renderer.info('Nothing was sent.');
      await renderer.flush();
      return 0;
    }

    const store = waitMs === null ? null : await session.openStore({ mustExist: true, readOnly: true });
    const sender = createSender({ now: context.now });
    const over = new AbortController();
    const arriving = store === null ? null : firstReceived(store, provider, over.signal, context);
    // What fails in it is heard where it is waited for.
    arriving?.catch(() => null);
    try {
      const { signal } = context;
      const answer = await sender.send(request, { timeoutMs, signal, maxResponseBody: MOST_READ });
      if (signal.aborted) return 130;
      if (answer.outcome === 'failed') {
        throw new WebhookError('target_unreachable', answer.message, {
          hint: `Is the network up, and is ${shown} right? --api-url gives another address.`,
        });
      }
      const refusal = testEventRefusal(provider, api, { id, key }, answer, context.now());
      if (refusal !== null) throw refusal;
      renderer.done(`${provider.title} took the request for a test event to webhook ${id} (${answer.status}).`, {
        type: 'test_event',
        provider: provider.name,
        webhook: id,
        url: shown,
        status: answer.status,
        mode: kind,
      });
      if (arriving === null || waitMs === null) return 0;
      const time = setTimeout(() => over.abort(), timerMs(waitMs));
      signal.addEventListener('abort', () => over.abort(), { once: true });
      const delivery = await arriving.finally(() => clearTimeout(time));
      if (signal.aborted) return 130;
      if (delivery === null) throw notArrived(provider, waitMs);
      renderer.delivery(delivery, { print: new Set(), note: null });
      return delivery.verdict.status === 'invalid' ? 3 : 0;
    } finally {
      over.abort();
      await arriving?.catch(() => null);
      await renderer.flush();
      await sender.close();
      await store?.close();
    }
  },
});

function agreed(context: Context, { title }: Provider, id: string): Promise<boolean> {
  return confirmed(
    context,
    `This is a live key. Have ${title} send a test event to webhook ${id}?`,
    'This is a live key: its webhooks belong to a system in use.',
    'Add --yes where that is what you want, or use a test key.',
  );
}

/** What the store gets of a provider from now on: the first delivery, once its sender is answered. Null where none comes. */
async function firstReceived(
  store: Store,
  { name }: Provider,
  signal: AbortSignal,
  { elapsed }: Context,
): Promise<Delivery | null> {
  const selector = { ...EVERYTHING, provider: name };
  for await (const delivery of following(store, selector, (one) => store.select(one), { signal, elapsed })) {
    if (delivery.origin === 'received') return delivery;
  }
  return null;
}

/** The provider that is named; else, where only one offers test events, that one. */
async function providerOf(session: Session, name: string | undefined): Promise<readonly [Provider, TestEvent]> {
  const named = await session.provider(name);
  if (named !== null) {
    if (named.testEvent !== null) return [named, named.testEvent];
    throw new WebhookError('usage', `${named.title} has no API for test events that is known here.`, {
      hint: `Send a sample instead: webhook trigger --provider ${named.name}`,
    });
  }
  const offering = (await session.providers()).filter((provider) => provider.testEvent !== null);
  const [only, ...others] = offering;
  if (only?.testEvent != null && others.length === 0) return [only, only.testEvent];
  throw new WebhookError('usage', 'It is not said whose webhook this is.', {
    hint: `Add --provider: ${orList(offering.map(({ name: one }) => one))}.`,
  });
}

function keyOf({ context }: Session, { keyVariable, docs }: TestEvent, configured: () => string | null): string {
  const key = filled(context.env[keyVariable]) ?? configured();
  if (key !== null && key !== undefined && key.trim() !== '') return key.trim();
  throw new WebhookError('secret_missing', 'There is no API key.', {
    hint: `Set ${keyVariable}, or 'api' in the config. How to get one: ${docs}`,
  });
}

/** @throws WebhookError `usage` where it is more than an address. */
function addressOf(text: string): string {
  const target = parseTarget(text);
  if (target.authorization === null && !/[?#]/.test(text)) return target.url;
  throw new WebhookError('usage', 'The address of the API has a password, a query or a fragment in it.', {
    hint: 'Write it like https://staging.example.com.',
  });
}

/** @throws WebhookError `usage` where a key that is sent there could be read by others. */
function mustBeSafe(url: string): void {
  const target = parseTarget(url);
  if (target.protocol === 'https:' || isLoopback(target)) return;
  throw new WebhookError('usage', `${target.origin} is plain http: the API key could be read on its way.`, {
    hint: 'Write it with https://.',
  });
}

function notArrived(provider: Provider, waitMs: number): WebhookError {
  return new WebhookError(
    'expectation_failed',
    `The test event did not arrive within ${formatDuration(waitMs)}: nothing of ${provider.title} was received and answered since.`,
    {
      hint: `Is 'webhook forward' running in this project, and is its public URL the one of this webhook?`,
    },
  );
}
