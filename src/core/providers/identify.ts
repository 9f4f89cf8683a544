import type { Delivery } from '../delivery/delivery.js';
import { identify } from './batch.js';
import { detectProvider } from './detect.js';
import type { Provider } from './model.js';
import { RequestReader } from './read.js';
import type { ProviderSource } from './source.js';

/**
 * Finds out whose a delivery is and what it says, where that is not known yet.
 *
 * @param given Whose it is for certain, in place of one of `providers`.
 */
export async function identified(
  delivery: Delivery,
  providers: ProviderSource,
  given: Provider | null = null,
): Promise<Delivery> {
  if (delivery.provider !== null) return delivery;
  const reader = new RequestReader(delivery.request);
  const provider = given ?? (await detected(reader, providers));
  if (provider === null) return delivery;
  const { event, eventId } = identify(provider, reader);
  return { ...delivery, provider: provider.name, event, eventId };
}

async function detected(reader: RequestReader, providers: ProviderSource): Promise<Provider | null> {
  const detection = detectProvider(reader, await providers.fitting(reader));
  return detection.status === 'detected' ? detection.provider : null;
}
