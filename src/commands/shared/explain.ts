/** Looks for what explains a verdict: the diagnosis, with all that this run knows of other providers and secrets. */
import { loadProvider } from '../../core/providers/load.js';
import type { Provider } from '../../core/providers/model.js';
import { signersOf } from '../../core/providers/on-demand.js';
import type { Diagnosis, NamedSecret } from '../../core/signature/diagnosis/diagnose.js';
import type { Verdict } from '../../core/signature/verdict.js';
import type { VerifyInput } from '../../core/signature/verify.js';
import type { Speaker } from '../../render/renderer.js';
import { providersAtHand } from './at-hand.js';
import { filled, type Session } from './session.js';

/** How long a diagnosis may take, in milliseconds, with all that is loaded for it; and how long at the least, where loading is slow. */
const BUDGET = 340;
const LEAST = 100;

export async function explain(
  session: Session<Speaker>,
  provider: Provider,
  verdict: Verdict,
  input: VerifyInput,
): Promise<Diagnosis> {
  const { elapsed } = session.context;
  const startedAt = elapsed();
  const { diagnose } = await import('../../core/signature/diagnosis/diagnose.js');
  const own = session.config.providers;
  const providers = await signersOf({ ...input, path: input.url ?? input.path ?? '/' }, own);
  const otherSecrets = await secretsOfOthers(session, input.secrets);
  const budgetMs = Math.max(LEAST, BUDGET - (elapsed() - startedAt));
  return diagnose(provider, verdict, input, { providers, otherSecrets, elapsed, budgetMs });
}

/** Every other secret that environment and config hold, by the name a person knows it under. */
async function secretsOfOthers(session: Session<Speaker>, own: readonly string[]): Promise<NamedSecret[]> {
  const {
    context: { env },
    config,
  } = session;
  const named: NamedSecret[] = [];
  for (const { name, variable, secret } of await providersAtHand(session)) {
    const { title } = await loadProvider(name, config.providers);
    named.push({ name: `${title} (${variable})`, secret });
  }
  const general = filled(env.WEBHOOK_SECRET);
  if (general !== undefined) named.push({ name: 'WEBHOOK_SECRET', secret: general });
  try {
    for (const secret of config.secrets()) named.push({ name: 'the config', secret });
  } catch {
    // A variable the config names is not set: then there is no such secret to try.
  }
  return named.filter(({ secret }) => !own.includes(secret));
}
