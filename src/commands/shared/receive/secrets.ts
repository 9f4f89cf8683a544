import { WebhookError } from '../../../core/errors.js';
import { loadProvider } from '../../../core/providers/load.js';
import type { Provider } from '../../../core/providers/model.js';
import { certificateSource } from '../../../core/signature/certificate.js';
import { providersAtHand } from '../at-hand.js';
import type { SecretFlags, Session } from '../session.js';

export interface SecretLookup {
  secretsFor(provider: Provider | null): readonly string[];
  /** Whether there is one for any of those a delivery can be from. */
  readonly hasSecret: boolean;
}

/**
 * The secrets of each provider, found before the first delivery comes, so that a wrong one is told at the start.
 *
 * @param provider Whose deliveries they all are; null: each is told from its request.
 */
export async function secretLookup(
  session: Session,
  flags: SecretFlags,
  provider: Provider | null,
  fetchesCertificates: boolean,
): Promise<SecretLookup> {
  // What is missing of the secret comes with the certificate.
  const found = (one: Provider): Promise<readonly string[]> =>
    fetchesCertificates && certificateSource(one) !== null ? session.secretsOfAnyForm(one, flags) : session.secrets(one, flags);
  if (provider !== null) {
    const secrets = await found(provider);
    return { secretsFor: () => secrets, hasSecret: secrets.length > 0 };
  }
  const general = await session.secrets(null, flags);
  const byName = new Map<string, readonly string[]>();
  for (const { name } of await providersAtHand(session)) {
    // A secret for any provider need not have the form of each: it is one of theirs, and for the others it just does not match.
    const secrets = await found(await loadProvider(name, session.config.providers)).catch((error: unknown) => {
      if (error instanceof WebhookError && error.code === 'secret_malformed') return general;
      throw error;
    });
    byName.set(name, secrets);
  }
  return {
    secretsFor: (one) => (one === null ? general : (byName.get(one.name) ?? general)),
    hasSecret: [general, ...byName.values()].some(({ length }) => length > 0),
  };
}
