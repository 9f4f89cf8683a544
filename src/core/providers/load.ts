/** Finds providers by name, loading no more of them than asked for: a definition costs nothing until it is needed. */
import { WebhookError } from '../errors.js';
import { nearest, orList } from '../nearest.js';
import type { Provider } from './model.js';
import { type Outline, outlineOf } from './outline.js';

/** Providers of the user's own config, by name. They win over built-in ones of the same name. */
export type OwnProviders = ReadonlyMap<string, Provider>;

/** @throws WebhookError `provider_unknown`, with the nearest names. */
export async function loadProvider(name: string, own: OwnProviders = new Map()): Promise<Provider> {
  const found = own.get(name) ?? (await loadBuiltin(name));
  if (found !== null) return found;
  const near = nearest(
    name,
    (await providerOutlines(own)).map((provider) => provider.name),
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

/** What is known of them without loading them, in the same order. */
export async function providerOutlines(own: OwnProviders = new Map()): Promise<readonly Outline[]> {
  const { builtinOutlines } = await import('./outlines.js');
  if (own.size === 0) return builtinOutlines;
  return [...[...own.values()].map(outlineOf), ...builtinOutlines.filter(({ name }) => !own.has(name))];
}

/** The one file of that name; the bundler makes of this a table of every file in the folder. */
async function loadBuiltin(name: string): Promise<Provider | null> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return null;
  try {
    const module: { default: Provider } = await import(`./catalogue/${name}.ts`);
    return module.default;
  } catch {
    return null;
  }
}
