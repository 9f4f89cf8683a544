/** What the library offers: the same heart as the program's, with names and forms that are pleasant in an app. */
import { randomBytes } from 'node:crypto';
import { WebhookError } from './errors.js';
import { compose as composeRequest } from './events/compose.js';
import type { Edit } from './events/edits.js';
import type { HeaderList } from './http/headers.js';
import { nearest, orList } from './nearest.js';
import { builtinProviders } from './providers/list.js';
import type { Provider } from './providers/model.js';
import { assertSecretsFit } from './signature/keys.js';
import { signRequest } from './signature/sign.js';
import type { Verdict } from './signature/verdict.js';
import { verifySignature } from './signature/verify.js';

/** Headers in any of the forms that servers give: Node's object, Fetch's `Headers`, pairs. */
export type HeadersLike =
  | HeaderList
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

interface Common {
  /** A built-in provider's name, or what `defineProvider` gave. */
  readonly provider: string | Provider;
  /** The raw bytes. A string stands for its UTF-8 bytes; what a JSON parser gave cannot be signed or verified. */
  readonly body: Uint8Array | ArrayBuffer | string;
  /** The signing secret; several during a rotation. */
  readonly secret: string | readonly string[];
  readonly headers?: HeadersLike;
  /** Default `POST`. */
  readonly method?: string;
  /** The absolute URL as the sender knows it, for schemes that sign it. */
  readonly url?: string;
}

export interface VerifyOptions extends Common {
  readonly headers: HeadersLike;
  /** The clock: Unix time in milliseconds, or a Date. Default: now. */
  readonly now?: number | Date;
  /** Milliseconds a timestamp may be off, both ways, in place of the provider's own. */
  readonly tolerance?: number;
}

export interface SignOptions extends Common {
  /** The id for schemes that sign one. Default: a fresh one. */
  readonly id?: string;
  /** Unix time in milliseconds, or a Date. Default: now. */
  readonly timestamp?: number | Date;
}

export interface ComposeOptions extends Omit<Common, 'body' | 'secret'> {
  readonly event: string;
  /** The payload: bytes, JSON text, or a value that is written as JSON. */
  readonly payload: unknown;
  readonly url: string;
  /** Without one it goes unsigned. */
  readonly secret?: string | readonly string[];
  readonly id?: string;
  readonly timestamp?: number | Date;
  /** Values to set, as paths and JSON text that keeps its spelling: `{ 'data.order.total': '12.50' }`. */
  readonly set?: Readonly<Record<string, string>>;
}

/** A request in the form that `fetch(request.url, request)` takes. */
export interface ComposedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Array<[name: string, value: string]>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Says whether a request is genuine.
 *
 * @returns A verdict: `valid`, `invalid` with a reason, or `unchecked`. Whatever came from outside gives a verdict.
 * @throws WebhookError only on misuse: an unknown provider, a secret of the wrong form, no secret, a parsed body.
 * @example
 * const { status, message } = verify({ provider: 'printone', body: rawBody, headers: request.headers, secret });
 */
export function verify(options: VerifyOptions): Verdict {
  const provider = providerOf(options.provider);
  const secrets = secretsOf(provider, options.secret);
  return verifySignature(provider, {
    headers: headerListOf(options.headers),
    body: bytesOf(options.body),
    secrets,
    now: timeOf(options.now) ?? Date.now(),
    method: options.method ?? 'POST',
    url: options.url ?? null,
    tolerance: options.tolerance ?? null,
  });
}

/**
 * The headers a provider would sign this body with.
 *
 * @throws WebhookError `signing_impossible`, `secret_malformed`, `provider_unknown`.
 * @example
 * const body = '{"type":"user.created"}';
 * const headers = sign({ provider: 'standard-webhooks', body, secret: process.env.WEBHOOK_SECRET ?? '' });
 * await fetch(url, { method: 'POST', body, headers });
 */
export function sign(options: SignOptions): Array<[name: string, value: string]> {
  const provider = providerOf(options.provider);
  const { headers } = signRequest(provider, {
    headers: headerListOf(options.headers ?? []),
    body: bytesOf(options.body),
    secrets: secretsOf(provider, options.secret),
    id: options.id ?? `msg_${randomBytes(16).toString('hex')}`,
    timestamp: timeOf(options.timestamp) ?? Date.now(),
    method: options.method ?? 'POST',
    url: options.url ?? null,
  });
  return headers.map(([name, value]) => [name, value]);
}

/**
 * A whole delivery as the provider would send it: payload with a fresh id and time, the provider's headers, the signature.
 *
 * @throws WebhookError `edit_failed`, `signing_impossible`, `secret_malformed`, `provider_unknown`.
 * @example
 * const request = compose({ provider: 'connect2print', event: 'order.created', payload: order, url, secret });
 * await fetch(request.url, request);
 */
export function compose(options: ComposeOptions): ComposedRequest {
  const provider = providerOf(options.provider);
  const { payload } = options;
  const edits = Object.entries(options.set ?? {}).map(([path, json]): Edit => ({ kind: 'set', path, json }));
  const { method, url, headers, body } = composeRequest({
    provider,
    event: options.event,
    payload: typeof payload === 'string' || isBytes(payload) ? bytesOf(payload) : bytesOf(JSON.stringify(payload)),
    fresh: true,
    edits,
    id: options.id ?? null,
    timestamp: timeOf(options.timestamp),
    secrets: options.secret === undefined ? [] : secretsOf(provider, options.secret),
    url: options.url,
    method: options.method ?? 'POST',
    headers: headerListOf(options.headers ?? []),
    userAgent: 'webhook-cli',
    now: Date.now(),
    random: (size) => randomBytes(size),
  });
  return { method, url, headers: headers.map(([name, value]) => [name, value]), body: Buffer.from(body) };
}

/** @throws WebhookError `provider_unknown` */
export function providerOf(provider: string | Provider): Provider {
  if (typeof provider !== 'string') return provider;
  const found = builtinProviders.find(({ name }) => name === provider);
  if (found !== undefined) return found;
  const near = nearest(
    provider,
    builtinProviders.map(({ name }) => name),
  );
  throw new WebhookError('provider_unknown', `There is no provider '${provider}'.`, {
    hint: near.length > 0 ? `Did you mean ${orList(near)}?` : 'Describe it with defineProvider().',
  });
}

/**
 * @param provider Whose form the secrets have to have; null: any.
 * @throws WebhookError `secret_missing`, `secret_malformed`
 */
export function secretsOf(provider: Provider | null, secret: string | readonly string[] | undefined): readonly string[] {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.length === 0 || secrets.some((one) => typeof one !== 'string' || one === '')) {
    throw new WebhookError('secret_missing', 'There is no secret.', { hint: 'Is the environment variable that holds it set?' });
  }
  if (provider !== null) assertSecretsFit(provider, secrets);
  return secrets;
}

export function bytesOf(body: Uint8Array | ArrayBuffer | string): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (isBytes(body)) return ArrayBuffer.isView(body) ? body : new Uint8Array(body);
  throw new WebhookError('usage', 'The body has to be the raw bytes (or the raw text), not what a parser made of it.', {
    hint: 'Get the body before any JSON middleware: express.raw(), await request.arrayBuffer(), rawBody.',
  });
}

/** Asked so that bytes of another realm (a test runner's, a VM's) are bytes too. */
export function isBytes(value: unknown): value is Uint8Array | ArrayBuffer {
  return ['[object Uint8Array]', '[object ArrayBuffer]'].includes(Object.prototype.toString.call(value));
}

function headerListOf(headers: HeadersLike): HeaderList {
  if (typeof headers !== 'object' || headers === null) {
    throw new WebhookError('usage', 'There are no headers.', { hint: 'Give those of the request: request.headers.' });
  }
  if (Symbol.iterator in headers) return [...(headers as Iterable<readonly [string, string]>)];
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : typeof value === 'string' ? [[name, value] as const] : value.map((one) => [name, one] as const),
  );
}

export function timeOf(time: number | Date | undefined): number | null {
  return time === undefined ? null : Number(time);
}
