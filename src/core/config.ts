import type { ProviderDefinition, SchemeDefinition } from './providers/model.js';

/** A scheme as a config writes it down: everything but the code escape. */
export type ConfigScheme = Omit<SchemeDefinition, 'kind' | 'custom'> & {
  readonly kind?: Exclude<NonNullable<SchemeDefinition['kind']>, 'custom'>;
};

/** A provider of one's own. Its name is the key it stands under. */
export type ConfigProvider = Omit<
  ProviderDefinition,
  'name' | 'signature' | 'family' | 'challenges' | 'confidence' | 'allEvents'
> & {
  readonly signature?: ConfigScheme | readonly ConfigScheme[];
};

/** What `listen` and `forward` take from a config; each key is the flag of the same name. */
export interface ListenConfig {
  /** Default 4400; 0: any free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Only this path is served; others get 404. */
  readonly path?: string;
  readonly forwardTo?: string | readonly string[];
  /** Event pattern -> target, the first match wins. */
  readonly routes?: Readonly<Record<string, string>>;
  /** Only these are shown and forwarded: `order.*,!order.updated`. */
  readonly events?: string | readonly string[];
  /** `25mb`, or a number of bytes. */
  readonly maxBody?: string | number;
  /** The status to answer with where nothing is forwarded to. */
  readonly respond?: number;
  /** Text, or `@file` (relative to the config's folder). */
  readonly respondBody?: string;
  readonly allowInvalid?: boolean;
  /** Any of `headers`, `body`, `response`; or `none`. */
  readonly print?: string | readonly string[];
  /** One at a time, in the order of arrival. */
  readonly ordered?: boolean;
  /** How many deliveries are forwarded at once. */
  readonly concurrency?: number;
  /** True, or the name of a driver. */
  readonly tunnel?: boolean | string;
  /** The tunnel's server or service, as the driver takes it. */
  readonly tunnelHost?: string;
  /** The name to ask a tunnel's server for. */
  readonly subdomain?: string;
  readonly publicUrl?: string;
  /** The token agreed on with Meta for its challenge. */
  readonly verifyToken?: string | readonly string[];
}

/** How a provider's own API is reached, for `test-event`. */
export interface ApiConfig {
  /** Where it is, in place of the published address: `https://staging.example.com`. */
  readonly url?: string;
  readonly key?: string;
}

/** What the store keeps; what is older or more is pruned. */
export interface RetainConfig {
  readonly days?: number;
  readonly count?: number;
  /** `2gb`, or a number of bytes. */
  readonly bytes?: string | number;
}

/**
 * A config file's content. In every string `${NAME}` stands for an environment variable (`$${NAME}` for the text
 * itself); relative paths start at the config file's folder.
 */
export interface WebhookConfig {
  /** The provider where no flag names one. */
  readonly provider?: string;
  /** The signing secret; several during a rotation. */
  readonly secret?: string | readonly string[];
  /** Where `trigger` and `replay` send to. */
  readonly to?: string;
  /** The file deliveries are kept in. */
  readonly store?: string;
  /** The folder with fixtures of one's own: `<folder>/<provider>/<event>.json`. */
  readonly fixtures?: string;
  /** How far a signed timestamp may be from now: `5m`. */
  readonly tolerance?: string;
  /** How long a target may take to answer: `10s`. */
  readonly timeout?: string;
  readonly listen?: ListenConfig;
  readonly providers?: Readonly<Record<string, ConfigProvider>>;
  /** Provider -> its API. */
  readonly api?: Readonly<Record<string, ApiConfig>>;
  readonly retain?: RetainConfig;
}

/**
 * Gives back what it is given: it only lets an editor complete and check a `webhook.config.js` or `.ts`.
 *
 * @example
 * export default defineConfig({ provider: 'connect2print', secret: '${CONNECT2PRINT_WEBHOOK_SECRET}' });
 */
export function defineConfig(config: WebhookConfig): WebhookConfig {
  return config;
}
