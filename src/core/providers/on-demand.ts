import { carries } from '../signature/carrier.js';
import { loadProvider, loadProviders, type OwnProviders, providerOutlines } from './load.js';
import type { Provider } from './model.js';
import { type Readable, RequestReader } from './read.js';
import { createSieve, type Sieve } from './sieve.js';
import type { ProviderSource } from './source.js';

/** Those whose signature could stand in a request, which is all that can have signed it, clues or none. */
export async function signersOf(request: Readable, own: OwnProviders): Promise<readonly Provider[]> {
  const reader = new RequestReader(request);
  const carrying = (await providerOutlines(own)).filter(({ at }) => at.some((place) => carries(place, reader)));
  return Promise.all(carrying.map(({ name }) => loadProvider(name, own)));
}

/** The user's own and the built-in providers, each loaded when there is a request that can be from it. */
export function loadedOnDemand(own: OwnProviders): ProviderSource {
  const loaded = new Map<string, Promise<Provider>>();
  const load = (name: string): Promise<Provider> => {
    const provider = loaded.get(name) ?? loadProvider(name, own);
    loaded.set(name, provider);
    return provider;
  };
  let sieve: Sieve | null = null;
  return {
    async fitting(reader) {
      sieve ??= createSieve(await providerOutlines(own));
      return Promise.all(sieve(reader).map(({ name }) => load(name)));
    },
    all: () => loadProviders(own),
  };
}
