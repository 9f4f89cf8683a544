/**
 * The library: sign, verify and compose webhooks of any provider, on bytes, without a file, socket or clock of its own.
 *
 * @example
 * import { verify } from 'webhook-cli';
 *
 * // The raw bytes: what a JSON parser gave, or text that was decoded on the way, is not what was signed.
 * const body = await request.arrayBuffer();
 * const verdict = verify({ provider: 'connect2print', body, headers: request.headers, secret });
 * if (verdict.status !== 'valid') return new Response(verdict.message, { status: 401 });
 *
 * @packageDocumentation
 */

export {
  type ConfigProvider,
  type ConfigScheme,
  defineConfig,
  type ListenConfig,
  type RetainConfig,
  type WebhookConfig,
} from './core/config.js';
export type { Answer, Attempt, Delivery, FailureReason, Origin } from './core/delivery/delivery.js';
export { type DeliveryJson, deliveryFromJson, deliveryToJson } from './core/delivery/json.js';
export { type ErrorCode, WebhookError } from './core/errors.js';
export type { HeaderList } from './core/http/headers.js';
export type { HttpRequest, HttpResponse, OutgoingRequest } from './core/http/message.js';
export {
  type ComposedRequest,
  type ComposeOptions,
  compose,
  type SignOptions,
  sign,
  type VerifyOptions,
  verify,
} from './core/library.js';
export { defineProvider } from './core/providers/define.js';
export { builtinProviders as providers } from './core/providers/list.js';
export type { Provider, ProviderDefinition, Scheme, SchemeDefinition } from './core/providers/model.js';
export type { Finding, Verdict, VerdictReason } from './core/signature/verdict.js';
