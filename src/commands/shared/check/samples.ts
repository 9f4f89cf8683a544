/** What an endpoint is checked with. */
import type { BenchOptions, EventSample } from '../../../core/check/bench.js';
import { bareSample } from '../../../core/check/sample.js';
import { WebhookError } from '../../../core/errors.js';
import type { Provider } from '../../../core/providers/model.js';
import { resolveEvents } from '../events.js';
import type { Session } from '../session.js';

/** The events to send, with their payloads; of a provider of one's own that has none, one that its description makes up. */
export async function samplesOf(
  session: Session,
  provider: Provider,
  names: readonly string[],
): Promise<readonly [EventSample, ...EventSample[]]> {
  const { listFixtures, readFixture } = await import('../../../io/fixtures.js');
  const folders = { projectDir: session.config.fixtures };
  const events =
    names.length > 0
      ? (await resolveEvents(session, provider, names, false)).map(({ event }) => event)
      : Object.keys(provider.events);
  if (events.length === 0) events.push(...(await listFixtures(provider.name, folders)).map(({ name }) => name));
  const samples: EventSample[] = [];
  for (const event of events) samples.push(await sampleOf(event));
  const [first = { event: 'test', sample: bareSample(provider, 'test') }, ...others] = samples;
  return [first, ...others];

  async function sampleOf(event: string): Promise<EventSample> {
    try {
      return { event, sample: (await readFixture(provider.name, event, folders)).sample };
    } catch (error) {
      if (provider.custom && error instanceof WebhookError && error.code === 'event_unknown') {
        return { event, sample: bareSample(provider, event) };
      }
      throw error;
    }
  }
}

/** The provider's challenges that there is a sample of. */
export async function challengesOf(session: Session, provider: Provider): Promise<BenchOptions['challenges']> {
  const { readFixture } = await import('../../../io/fixtures.js');
  const found: Array<BenchOptions['challenges'][number]> = [];
  for (const challenge of provider.challenges) {
    const { sample } = await readFixture(provider.name, challenge.name, { projectDir: session.config.fixtures });
    found.push({ challenge, sample });
  }
  return found;
}
