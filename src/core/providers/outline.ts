/**
 * The outline of a provider: what is known of every one of them without loading its definition. That is enough to tell whose a
 * request cannot be, who has an event, and what is not for people to see.
 */
import type { SecretPlaces } from '../delivery/redact.js';
import type { Locator } from './locator.js';
import type { Clues, Provider } from './model.js';
import { secretPlaces } from './secret-places.js';

export interface Outline {
  readonly name: string;
  readonly clues: Clues;
  /** Every place its signatures may stand at. */
  readonly at: readonly Locator[];
  /** It sends requests without a signature, which its User-Agent tells. */
  readonly hasUnsigned: boolean;
  /** What can be asked for of it: see {@link eventNames}. */
  readonly events: readonly string[];
  /** Milliseconds; null where it is not published. */
  readonly timeoutMs: number | null;
  readonly secretPlaces: SecretPlaces;
}

/** Its events and its challenges: both are asked for by name. */
export function eventNames({ events, challenges }: Provider): string[] {
  return [...Object.keys(events), ...challenges.map(({ name }) => name)];
}

export function outlineOf(provider: Provider): Outline {
  return {
    name: provider.name,
    clues: provider.clues,
    at: [...new Set(provider.schemes.flatMap(({ at }) => at))],
    hasUnsigned: provider.unsigned !== null,
    events: eventNames(provider),
    timeoutMs: provider.timeoutMs,
    secretPlaces: secretPlaces(provider),
  };
}
