import type { SecretPlaces } from '../delivery/redact.js';
import { signatureHeaderNames } from '../signature/sign.js';
import { inItem } from './batch.js';
import type { Provider } from './model.js';

/** What of a provider's requests is not for people to see: signatures, and secrets that stand in them or come with challenges. */
export function secretPlaces({ schemes, challenges, hidden, batch }: Provider): SecretPlaces {
  const signatures = schemes.flatMap(({ at }) => at);
  const given = [...hidden, ...signatures, ...challenges.flatMap(({ secretAt }) => secretAt ?? [])];
  const places = given.map((place) => (batch === null ? place : inItem(place, batch, '*')));
  const named = (kind: string): string[] =>
    places.filter((place) => place.startsWith(kind)).map((place) => place.slice(kind.length));
  return {
    headers: [...new Set([...signatureHeaderNames({ schemes }), ...named('header:')])],
    parameters: named('query:'),
    body: places.filter((place) => /^(body|form):/.test(place)),
  };
}
