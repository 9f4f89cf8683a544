import { WebhookError } from '../core/errors.js';

/** Where requests go: the part of a URL that names a server. */
export interface Server {
  /** `http://localhost:3000`, host in lower case and Punycode, the scheme's own port left out. */
  readonly origin: string;
  readonly protocol: 'http:' | 'https:';
  /** Without the brackets of an IPv6 address: what a socket connects to. */
  readonly hostname: string;
  readonly port: number;
  /** What stands in `Host`. */
  readonly host: string;
  /** The `Authorization` that user and password of the URL ask for; null where it has none. */
  readonly authorization: string | null;
}

/** A URL that gets deliveries. */
export interface Target extends Server {
  /** The whole URL as requests are sent to it: with its scheme, its path untouched, no fragment. May hold a password. */
  readonly url: string;
  /** The same for people and logs: without user and password. */
  readonly shown: string;
  /** Path and query exactly as they were written (`//hooks`, `%2F`); `/` where there was none. */
  readonly path: string;
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** A scheme that lacks its colon or a slash: nobody has a server of that name. */
const SLIP = /^(https?)(?:\/\/|:\/(?!\/)|:(?=[a-z[]))/i;
const PORT_ONLY = /^:?\d{1,5}(?=[/?#]|$)/;
const HINT = 'Write it like http://localhost:3000/webhooks.';
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character in a URL is what this looks for
const CONTROL = /[\0-\x1f\x7f]/;

/**
 * Reads the URL of a target as a person writes it: `http://…`, `https://…`, or without a scheme `localhost:3000/hooks`,
 * `:3000/hooks` and `3000/hooks`, which mean http. Path and query stay as they are, but for characters no request line can
 * carry (spaces, anything outside ASCII), which are percent-encoded.
 *
 * @throws WebhookError `usage` where it is not a URL, or not one of HTTP.
 * @example parseTarget(':3000//hooks?x=1') // { url: 'http://localhost:3000//hooks?x=1', path: '//hooks?x=1', … }
 */
export function parseTarget(text: string): Target {
  const trimmed = text.trim();
  if (trimmed === '') throw new WebhookError('usage', 'The URL is empty.', { hint: HINT });
  if (CONTROL.test(trimmed)) throw new WebhookError('usage', 'The URL has a control character in it.', { hint: HINT });
  const slip = SLIP.exec(trimmed);
  if (slip !== null) {
    const meant = `${slip[1]}://${trimmed.slice(slip[0].length)}`;
    throw new WebhookError('usage', `'${trimmed}' is not a URL.`, { hint: `Is it meant to be ${meant}?` });
  }
  const { base, path } = splitUrl(withScheme(trimmed));
  const server = parseServer(base);
  return { ...server, url: base + path, shown: server.origin + path, path };
}

/**
 * Reads the URL that leads here from outside: a whole one, as it is given to a provider and may be signed.
 *
 * @returns The same text.
 * @throws WebhookError `usage` where it is none.
 */
export function parsePublicUrl(text: string): string {
  if (!/^https?:\/\//i.test(text)) {
    throw new WebhookError('usage', `The public URL '${text}' is not a whole one.`, {
      hint: 'Write it as the provider gets it, like https://hooks.example.com/webhooks.',
    });
  }
  parseTarget(text);
  return text;
}

/**
 * Cuts a URL with a scheme into `http://user:pass@host:port` and path with query, as text, so that nothing is normalised on
 * the way. A fragment is dropped.
 */
export function splitUrl(url: string): { readonly base: string; readonly path: string } {
  if (lastSplit?.url !== url) lastSplit = { url, parts: cut(url) };
  return lastSplit.parts;
}

/** A run asks for the same one with every delivery. */
let lastSplit: { readonly url: string; readonly parts: { readonly base: string; readonly path: string } } | null = null;

function cut(url: string): { base: string; path: string } {
  const afterScheme = url.indexOf('://') + 3;
  const rest = url.slice(afterScheme);
  const slash = rest.search(/[/?#]/);
  if (slash < 0) return { base: url, path: '/' };
  const base = url.slice(0, afterScheme + slash);
  const hash = rest.indexOf('#', slash);
  const path = hash < 0 ? rest.slice(slash) : rest.slice(slash, hash);
  return { base, path: sendable(path.startsWith('/') ? path : `/${path}`) };
}

/**
 * Reads `http://user:pass@host:port`.
 *
 * @throws WebhookError `usage` where the scheme is not HTTP's, or host or port are none.
 */
export function parseServer(base: string): Server {
  const scheme = SCHEME.exec(base)?.[1]?.toLowerCase() ?? '';
  if (scheme !== 'http' && scheme !== 'https') {
    throw new WebhookError('usage', `Deliveries go to http and https URLs, not to '${scheme}:'.`, { hint: HINT });
  }
  const authority = base.slice(scheme.length + 3);
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  // A backslash would be read as a slash, and white space be left out: neither is what the text says.
  const parsed = /[\\\s]/.test(authority) || !URL.canParse(`${scheme}://${host}`) ? null : new URL(`${scheme}://${host}`);
  if (parsed === null || parsed.hostname === '' || parsed.port === '0') {
    throw new WebhookError('usage', `'${scheme}://${host}' is not the URL of a server.`, { hint: HINT });
  }
  return {
    origin: parsed.origin,
    protocol: scheme === 'http' ? 'http:' : 'https:',
    hostname: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? (scheme === 'http' ? 80 : 443) : Number(parsed.port),
    host: parsed.host,
    authorization: at < 0 ? null : basic(authority.slice(0, at)),
  };
}

/** True for this machine itself, by any of its loopback names and addresses. */
export function isLoopback({ hostname }: Pick<Server, 'hostname'>): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|::1)$/.test(hostname);
}

function withScheme(text: string): string {
  if (SCHEME.test(text)) return text;
  // `new URL('http://3000')` is the address 0.0.11.184: nobody means that.
  if (PORT_ONLY.test(text)) return `http://localhost:${text.replace(/^:/, '')}`;
  return `http://${text}`;
}

const UNSENDABLE = /[^\x21-\x7e]+/gu;

function sendable(path: string): string {
  return path.replace(UNSENDABLE, (part) => Buffer.from(part, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&'));
}

function basic(userinfo: string): string {
  const colon = userinfo.indexOf(':');
  const user = colon < 0 ? userinfo : userinfo.slice(0, colon);
  const password = colon < 0 ? '' : userinfo.slice(colon + 1);
  return `Basic ${Buffer.from(`${decoded(user)}:${decoded(password)}`, 'utf8').toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: it was not encoded to begin with.
    return text;
  }
}
