/** What a delivery is called: its event and the provider's own id, of one event or of several in one body. */
import { readPointer } from '../events/json-pointer.js';
import type { Expression, Locator } from './locator.js';
import type { Provider } from './model.js';
import type { RequestReader } from './read.js';

export interface EventIdentity {
  readonly event: string | null;
  readonly eventId: string | null;
}

export interface Identity extends EventIdentity {
  /** Each event of a batch, in order; empty where the provider sends them one at a time. */
  readonly items: readonly EventIdentity[];
}

/** A body does not get to make us list its events without end. */
const MOST_ITEMS = 1_000;

/**
 * Reads event and id out of a request. Of a batch, `event` and `eventId` name each different value once: all of them up to three,
 * else two and how many more there are (`delivered, open +3`).
 */
export function identify(provider: Pick<Provider, 'event' | 'eventId' | 'batch'>, reader: RequestReader): Identity {
  const { batch } = provider;
  if (batch === null) return { event: reader.evaluate(provider.event), eventId: reader.evaluate(provider.eventId), items: [] };
  const items = Array.from({ length: Math.min(batchLength(batch, reader), MOST_ITEMS) }, (_, index) => ({
    event: reader.evaluate(provider.event.map((expression) => inItem(expression, batch, index))),
    eventId: reader.evaluate(provider.eventId.map((expression) => inItem(expression, batch, index))),
  }));
  return { event: listed(items.map(({ event }) => event)), eventId: listed(items.map(({ eventId }) => eventId)), items };
}

/** How many events a body holds; 0 where there is no array. */
export function batchLength(batch: Locator, reader: RequestReader): number {
  const list = readPointer(reader.json, batch.slice('body:'.length));
  return Array.isArray(list) ? list.length : 0;
}

/** `each:/type` as it reads for one event: `body:/events/0/type`. */
export function inItem(expression: Expression, batch: Locator, index: number | '*'): Expression {
  return expression.replace(/(^|\{\??)each:/g, `$1${batch}/${index}`);
}

function listed(values: ReadonlyArray<string | null>): string | null {
  const different = [...new Set(values.filter((value) => value !== null))];
  if (different.length === 0) return null;
  return different.length <= 3 ? different.join(', ') : `${different.slice(0, 2).join(', ')} +${different.length - 2}`;
}
