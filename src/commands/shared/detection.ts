import { providerOutlines } from '../../core/providers/load.js';
import { loadedOnDemand } from '../../core/providers/on-demand.js';
import type { ProviderSource } from '../../core/providers/source.js';
import type { Speaker } from '../../render/renderer.js';
import type { Session } from './session.js';

/** Those a request can be from where nothing says whose it is. People are shown the secrets of none of them. */
export async function knownProviders({ config, renderer }: Session<Speaker>): Promise<ProviderSource> {
  for (const { secretPlaces } of await providerOutlines(config.providers)) renderer.hide(secretPlaces);
  return loadedOnDemand(config.providers);
}
