import { WebhookError } from '../../../core/errors.js';
import type { Provider } from '../../../core/providers/model.js';
import type { SecretFlags, Session } from '../session.js';

/** The secrets of each provider, found before the first delivery comes, so that a wrong one is told at the start. */
export async function secretLookup(
  session: Session,
  flags: SecretFlags,
  provider: Provider | null,
  known: readonly Provider[],
): Promise<(provider: Provider | null) => readonly string[]> {
  if (provider !== null) {
    const secrets = await session.secrets(provider, flags);
    return () => secrets;
  }
  const general = await session.secrets(null, flags);
  const byName = new Map<string, readonly string[]>();
  for (const one of known) {
    // A secret for any provider need not have the form of each: it is one of theirs, and for the others it just does not match.
    const secrets = await session.secrets(one, flags).catch((error: unknown) => {
      if (error instanceof WebhookError && error.code === 'secret_malformed') return general;
      throw error;
    });
    byName.set(one.name, secrets);
  }
  return (one) => (one === null ? general : (byName.get(one.name) ?? general));
}
