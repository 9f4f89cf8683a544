/** What most commands begin with: the config, a renderer, and the provider, secrets and store that flags, environment and config name. */
import { isAbsolute, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { WebhookError } from '../../core/errors.js';
import { loadProvider, loadProviders } from '../../core/providers/load.js';
import type { Provider } from '../../core/providers/model.js';
import { secretPlaces } from '../../core/providers/secret-places.js';
import { assertSecretsFit } from '../../core/signature/keys.js';
import { parseDuration } from '../../core/units.js';
import { type Config, loadConfig } from '../../io/config.js';
import { resolveSecrets } from '../../io/secrets.js';
import type { OpenKeeper } from '../../io/store/keeper.js';
import type { Store } from '../../io/store/store.js';
import { createRenderer } from '../../render/create.js';
import type { Progress, Renderer, RendererOptions, Speaker } from '../../render/renderer.js';
import type { CommonFlags } from './verb.js';

export interface SecretFlags {
  readonly secret?: readonly string[];
  readonly secretFile?: readonly string[];
}

export interface Session<R extends Speaker = Renderer> {
  readonly context: Context;
  readonly config: Config;
  readonly renderer: R;
  /** The provider that flag, environment (WEBHOOK_PROVIDER) or config names; null where none does. */
  provider(name: string | undefined): Promise<Provider | null>;
  providerNamed(name: string): Promise<Provider>;
  /** The user's own and the built-in ones. */
  providers(): Promise<readonly Provider[]>;
  /**
   * The secrets for a provider.
   *
   * @throws WebhookError `secret_malformed` where one cannot be that provider's.
   */
  secrets(provider: Provider | null, flags: SecretFlags): Promise<readonly string[]>;
  /** The same of whatever form: what is missing of them comes from elsewhere. */
  secretsOfAnyForm(provider: Provider | null, flags: SecretFlags): Promise<readonly string[]>;
  /** Where deliveries are kept: flag, environment (WEBHOOK_STORE), config, else the project's or the user's own folder. */
  storePath(): Promise<string>;
  openStore(options?: { readonly mustExist?: boolean; readonly readOnly?: boolean }): Promise<Store>;
  /** The same store, to keep what arrives: it writes in a thread of its own. */
  openKeeper(): Promise<OpenKeeper>;
}

export async function openSession(context: Context, flags: CommonFlags): Promise<Session>;
/** @param create Gives what the command speaks with, where that need not be all of a renderer. */
export async function openSession<R extends Speaker>(
  context: Context,
  flags: CommonFlags,
  create: (options: RendererOptions) => Promise<R>,
): Promise<Session<R>>;
export async function openSession(
  context: Context,
  flags: CommonFlags,
  create: (options: RendererOptions) => Promise<Speaker> = createRenderer,
): Promise<Session<Speaker>> {
  const { env, cwd } = context;
  const [config, renderer] = await Promise.all([
    loadConfig({ cwd, env, explicitPath: flags.config ?? filled(env.WEBHOOK_CONFIG) }),
    create({
      stdout: context.stdout,
      stderr: context.stderr,
      env,
      json: flags.json ?? false,
      color: flags.color ? null : false,
      quiet: flags.quiet ?? false,
      showSecrets: flags.showSecrets ?? false,
      now: context.now,
      cwd,
    }),
  ]);
  const storePath = async (): Promise<string> => {
    const given = flags.store ?? filled(env.WEBHOOK_STORE);
    if (given !== undefined) return isAbsolute(given) ? given : resolve(cwd, given);
    if (config.store !== null) return config.store;
    const { defaultStorePath } = await import('../../io/project.js');
    return defaultStorePath({ cwd, env });
  };
  const secretsOfAnyForm: Session['secretsOfAnyForm'] = async (provider, given) => {
    const { secret = [], secretFile = [] } = given;
    const sources = { flags: secret, files: secretFile, env, provider: provider?.name ?? null, config, cwd };
    return (await resolveSecrets(sources)).secrets;
  };
  const providerNamed = async (name: string): Promise<Provider> => {
    const provider = await loadProvider(name, config.providers);
    renderer.hide(secretPlaces(provider));
    return provider;
  };
  return {
    context,
    config,
    renderer,
    async provider(name) {
      const wanted = name ?? filled(env.WEBHOOK_PROVIDER) ?? config.provider;
      return wanted === null ? null : providerNamed(wanted);
    },
    providerNamed,
    async providers() {
      const all = await loadProviders(config.providers);
      for (const provider of all) renderer.hide(secretPlaces(provider));
      return all;
    },
    async secrets(provider, given) {
      const secrets = await secretsOfAnyForm(provider, given);
      if (provider !== null) assertSecretsFit(provider, secrets);
      return secrets;
    },
    secretsOfAnyForm,
    storePath,
    async openStore(options) {
      const { openStore } = await import('../../io/store/store.js');
      let progress: Progress | null = null;
      const onIndexing = (indexed: number, total: number): void => {
        progress ??= renderer.progress('Indexing');
        if (indexed < total) progress.update(`Indexing ${Math.floor((100 * indexed) / total)} %`);
        else progress.done();
      };
      return openStore(await storePath(), { ...options, onIndexing });
    },
    async openKeeper() {
      const { openKeeper } = await import('../../io/store/keeper.js');
      const { days, count, bytes } = config.retain;
      if (days === null && count === null && bytes === null) return openKeeper(await storePath());
      let told = false;
      const onRemoved = (removed: number): void => {
        if (!told) renderer.info(`Deleted ${removed} kept deliver${removed === 1 ? 'y' : 'ies'}, as the config's 'retain' says.`);
        told = true;
      };
      return openKeeper(await storePath(), { retention: config.retain, onRemoved });
    },
  };
}

/** The provider of a command that cannot do without one. */
export function requireProvider(provider: Provider | null): Provider {
  if (provider !== null) return provider;
  throw new WebhookError('usage', 'It is not said whose deliveries these are.', {
    hint: "Add --provider <name>, or set 'provider' in the config. The names: webhook providers",
  });
}

/** The tokens that were agreed on for challenges: flag, environment (WEBHOOK_VERIFY_TOKEN), config. */
export function verifyTokensOf({ context, config }: Session, flag: readonly string[] | undefined): readonly string[] {
  const named = filled(context.env.WEBHOOK_VERIFY_TOKEN);
  return flag ?? (named === undefined ? config.listen.verifyTokens : [named]);
}

/** An environment variable that is empty counts as unset. */
export function filled(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}

/** A duration flag, else what the config says. Milliseconds; null: neither says. */
export function durationOf(flag: string | undefined, name: string, configured: number | null): number | null {
  return flag === undefined ? configured : parseDuration(flag, name);
}

/** A whole number within bounds. */
export function wholeNumber(text: string, name: string, from: number, to: number = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  const range = to === Number.MAX_SAFE_INTEGER ? `${from} or more` : `${from} to ${to}`;
  throw new WebhookError('usage', `${name} takes a whole number from ${range}, not '${text}'.`);
}
