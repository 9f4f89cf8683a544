/** The names and payloads of each provider's events, as the compiler sees them. */
import type { Provider } from '../core/providers/model.js';
import type { Payloads } from './payloads.js';

/** A provider that comes along. */
export type ProviderName = keyof Payloads;

/** A provider that comes along by its name, or one that `defineProvider` gave. */
export type ProviderLike = ProviderName | (string & {}) | Provider;

/** The events of a provider; any text where it is not one that comes along. */
export type EventName<P> = P extends ProviderName ? keyof Payloads[P] & string : string;

/** What an event's JSON holds, as its sample shows it; unknown where there is none, undefined where it is not sent as JSON. */
export type Payload<P, E> = P extends ProviderName ? (E extends keyof Payloads[P] ? Payloads[P][E] : unknown) : unknown;
