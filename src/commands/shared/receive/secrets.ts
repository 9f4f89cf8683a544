import { WebhookError } from '../../../core/errors.js';
import type { Provider } from '../../../core/providers/model.js';
import { certificateSource } from '../../../core/signature/certificate.js';
import type { SecretFlags, Session } from '../session.js';

/** The secrets of each provider, found before the first delivery comes, so that a wrong one is told at the start. */
export async function secretLookup(
  session: Session,
  flags: SecretFlags,
  provider: Provider | null,
  known: readonly Provider[],
  fetchesCertificates: boolean,
): Promise<(provider: Provider | null) => readonly string[]> {
  if (provider !== null) {
    // What is missing of the secret comes with the certificate.
    const partial = fetchesCertificates && certificateSource(provider) !== null;
    const secrets = await (partial ? session.secretsOfAnyForm : session.secrets)(provider, flags);
    return () => secrets;
  }
  const general = await session.secrets(null, flags);
  const byName = new Map<string, readonly string[]>();
  for (const one of known) {
    // A secret for any provider need not have the form of each: it is one of theirs, and for the others it just does not match.
    if (fetchesCertificates && certificateSource(one) !== null) {
      byName.set(one.name, await session.secretsOfAnyForm(one, flags));
      continue;
    }
    const secrets = await session.secrets(one, flags).catch((error: unknown) => {
      if (error instanceof WebhookError && error.code === 'secret_malformed') return general;
      throw error;
    });
    byName.set(one.name, secrets);
  }
  return (one) => (one === null ? general : (byName.get(one.name) ?? general));
}
