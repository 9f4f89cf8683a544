import { providerOutlines } from '../../core/providers/load.js';
import { secretVariable } from '../../core/providers/variable.js';
import type { Speaker } from '../../render/renderer.js';
import { filled, type Session } from './session.js';

/** A provider whose secret the environment holds. */
export interface AtHand {
  readonly name: string;
  readonly variable: string;
  readonly secret: string;
}

/** Those that are meant where nothing says whose deliveries these are; in the order of all providers. */
export async function providersAtHand({ context: { env }, config }: Session<Speaker>): Promise<AtHand[]> {
  const all = await providerOutlines(config.providers);
  return all.flatMap(({ name }) => {
    const variable = secretVariable(name);
    const secret = filled(env[variable]);
    return secret === undefined ? [] : [{ name, variable, secret }];
  });
}
