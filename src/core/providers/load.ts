/** Finds providers by name, loading no more of them than asked for: a definition costs nothing until it is needed. */
import { WebhookError } from '../errors.js';
import { nearest, orList } from '../nearest.js';
import type { Provider } from './model.js';

/** Providers of the user's own config, by name. They win over built-in ones of the same name. */
export type OwnProviders = ReadonlyMap<string, Provider>;

/**
 * @throws WebhookError `provider_unknown`, with the nearest names.
 */
export async function loadProvider(name: string, own: OwnProviders = new Map()): Promise<Provider> {
  const mine = own.get(name);
  if (mine !== undefined) return mine;
  const all = await loadProviders(own);
  const found = all.find((provider) => provider.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    all.map((provider) => provider.name),
  );
  throw new WebhookError('provider_unknown', `There is no provider '${name}'.`, {
    hint: near.length > 0 ? `Did you mean ${orList(near)}?` : 'See them all with: webhook providers',
  });
}

/** The user's own and the built-in ones. */
export async function loadProviders(own: OwnProviders = new Map()): Promise<readonly Provider[]> {
  const { builtinProviders } = await import('./list.js');
  return [...own.values(), ...builtinProviders.filter((provider) => !own.has(provider.name))];
}
