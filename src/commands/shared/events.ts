/** Finds the events that arguments name, or asks for one. */
import { WebhookError } from '../../core/errors.js';
import { nearest, orList } from '../../core/nearest.js';
import { loadProvider, providerOutlines } from '../../core/providers/load.js';
import type { Provider } from '../../core/providers/model.js';
import { eventNames, type Outline } from '../../core/providers/outline.js';
import { providersAtHand } from './at-hand.js';
import type { Session } from './session.js';

export interface WantedEvent {
  readonly provider: Provider;
  readonly event: string;
  /** False: a name the provider does not list, taken because a payload comes with it. */
  readonly known: boolean;
}

/**
 * Reads `order.created` (of the provider that is configured, else of one that has it: see `preferred`) and `stripe/invoice.paid`.
 *
 * @throws WebhookError `event_unknown`, with the nearest names.
 */
export async function resolveEvents(
  session: Session,
  provider: Provider | null,
  names: readonly string[],
  anyName: boolean,
): Promise<WantedEvent[]> {
  const found: WantedEvent[] = [];
  for (const name of names) found.push(await resolveEvent(session, provider, name, anyName));
  return found;
}

async function resolveEvent(session: Session, provider: Provider | null, name: string, anyName: boolean): Promise<WantedEvent> {
  const slash = name.indexOf('/');
  const all = provider === null || slash > 0 ? await providerOutlines(session.config.providers) : [];
  // Some providers have a slash in their events (orders/create): what stands before it is a provider only if one is called so.
  const prefix = all.find((candidate) => candidate.name === name.slice(0, slash));
  if (prefix !== undefined && (provider === null || !eventNames(provider).includes(name))) {
    return inProvider(session, await session.providerNamed(prefix.name), name.slice(slash + 1), anyName);
  }
  if (provider !== null) return inProvider(session, provider, name, anyName);
  const having = all.filter((candidate) => candidate.events.includes(name));
  const chosen = await preferred(having, session);
  if (chosen !== null) {
    const sender = await session.providerNamed(chosen.name);
    const others = having.filter((candidate) => candidate !== chosen).map((candidate) => `${candidate.name}/${name}`);
    if (others.length > 0) session.renderer.info(`Sending ${sender.title}’s ${name}; there is ${orList(others)} too.`);
    return { provider: sender, event: name, known: true };
  }
  if (slash > 0) await loadProvider(name.slice(0, slash), session.config.providers);
  throw unknownEvent(name, null, new Set(all.flatMap(({ events }) => events)));
}

/**
 * Of several providers that have an event, the one whose secret is at hand; else the first in the list, which begins with
 * those this program was made for.
 */
async function preferred(having: readonly Outline[], session: Session): Promise<Outline | null> {
  const atHand = await providersAtHand(session);
  return having.find((one) => atHand.some(({ name }) => name === one.name)) ?? having[0] ?? null;
}

async function inProvider(session: Session, provider: Provider, event: string, anyName: boolean): Promise<WantedEvent> {
  const known = eventNames(provider).includes(event);
  // A user's own provider need not list its events: its fixtures do. So do the project's own of any provider.
  if (known || anyName || provider.custom) return { provider, event, known };
  const { ownFixtures } = await import('../../io/fixtures.js');
  if (ownFixtures(session.config.fixtures, provider.name, event).length > 0) return { provider, event, known };
  throw unknownEvent(event, provider, eventNames(provider));
}

function unknownEvent(name: string, provider: Provider | null, candidates: Iterable<string>): WebhookError {
  const near = nearest(name, candidates);
  const where = provider === null ? 'No provider has' : `${provider.title} has no`;
  const list = `See them all with: webhook events${provider === null ? '' : ` ${provider.name}`}`;
  return new WebhookError('event_unknown', `${where} event '${name}'.`, {
    hint: near.length > 0 ? `Did you mean ${orList(near)}?` : list,
  });
}

/**
 * Offers a searchable list on a terminal.
 *
 * @throws WebhookError `usage` where there is no terminal to ask on.
 */
export async function chooseEvent(session: Session, provider: Provider | null): Promise<WantedEvent> {
  const { ask } = await import('./ask.js');
  const all = provider === null ? await session.providers() : [provider];
  const choices = all.flatMap((candidate) =>
    Object.entries(candidate.events).map(([event, summary]) => ({
      name: provider === null ? `${candidate.name}/${event}` : event,
      description: summary,
      value: { provider: candidate, event, known: true },
    })),
  );
  return ask(session.context, 'Which event?', choices, 'No event is named.', 'Name one, or --all. The names: webhook events');
}
