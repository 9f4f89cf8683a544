/** Where detection takes providers from. */
import type { Provider } from './model.js';
import type { RequestReader } from './read.js';

export interface ProviderSource {
  /** At least those whose request it can be, in their order; the others' descriptions do not fit it at all. */
  fitting(reader: RequestReader): Promise<readonly Provider[]>;
  all(): Promise<readonly Provider[]>;
}

/** Just these. */
export function listed(providers: readonly Provider[]): ProviderSource {
  const given = Promise.resolve(providers);
  return { fitting: () => given, all: () => given };
}
