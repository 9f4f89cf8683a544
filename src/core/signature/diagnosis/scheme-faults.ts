/** Where sender and receiver disagree about how the signature is made and written. */
import { type HeaderList, headerValue, replaceHeaders } from '../../http/headers.js';
import type { Locator } from '../../providers/locator.js';
import type { HashAlgorithm, Provider, SignatureEncoding } from '../../providers/model.js';
import { withSchemes } from './secret-faults.js';
import type { Subject, Trial } from './trial.js';

export function* schemeFaults(subject: Subject): Generator<Trial> {
  yield* encodings(subject);
  yield* algorithms(subject);
  yield* prefixes(subject);
  yield* contents(subject);
  yield* urls(subject);
}

const ENCODINGS: readonly SignatureEncoding[] = ['hex', 'base64', 'base64url'];

function* encodings({ provider, input }: Subject): Generator<Trial> {
  for (const encoding of ENCODINGS) {
    yield {
      code: 'signature_encoding',
      message: `The signature is right, but written in ${encoding}; ${provider.title} writes ${provider.schemes[0]?.encoding ?? 'another'}.`,
      hint: `Write the digest in ${provider.schemes[0]?.encoding ?? 'the provider’s encoding'}.`,
      provider: withSchemes(provider, (scheme) => ({ ...scheme, encoding })),
    };
  }
  // base64 of the hex text, as `echo -n $hex | base64` gives it.
  for (const { name, value } of signatureHeaders(provider, input.headers)) {
    const prefix = provider.schemes[0]?.prefix ?? '';
    const text = value.startsWith(prefix) ? value.slice(prefix.length) : value;
    const inner = Buffer.from(text, 'base64').toString('latin1');
    if (!/^[0-9a-fA-F]{40,128}$/.test(inner)) continue;
    yield {
      code: 'signature_encoding',
      message: 'The signature is right, but it is base64 of the hex text; the digest’s bytes were meant.',
      hint: 'Encode the digest once: digest("base64"), not base64(digest("hex")).',
      input: { headers: replaceHeaders(input.headers, [[name, inner]]) },
      provider: withSchemes(provider, (scheme) => ({ ...scheme, encoding: 'hex', prefix: '' })),
    };
  }
}

const ALGORITHMS: readonly HashAlgorithm[] = ['sha1', 'sha256', 'sha384', 'sha512'];

function* algorithms({ provider }: Subject): Generator<Trial> {
  const own = provider.schemes.map(({ algorithm }) => algorithm.toUpperCase()).join(' or ');
  for (const algorithm of ALGORITHMS) {
    yield {
      code: 'signature_algorithm',
      message: `It was signed with HMAC-${algorithm.toUpperCase()}; ${provider.title} uses ${own}.`,
      hint: `Sign with ${own}.`,
      provider: withSchemes(provider, (scheme) => ({ ...scheme, algorithm })),
    };
  }
  yield {
    code: 'signature_algorithm',
    message: 'It is a plain digest of secret and body, not an HMAC.',
    hint: 'Use an HMAC with the secret as its key: createHmac, hash_hmac, hmac.new.',
    provider: withSchemes(provider, (scheme) =>
      scheme.kind === 'hmac' ? { ...scheme, kind: 'hash', content: `{secret}${scheme.content}` } : scheme,
    ),
  };
}

function* prefixes({ provider, input }: Subject): Generator<Trial> {
  const own = provider.schemes[0]?.prefix ?? '';
  const wanted = own === '' ? 'the signature alone' : `'${own}' before the signature`;
  for (const { name, value } of signatureHeaders(provider, input.headers)) {
    const bare = signatureAtEnd(value);
    if (bare === null) continue;
    yield {
      code: 'signature_prefix',
      message: `The signature is right, but written '${shape(value, bare)}'; ${provider.title} writes ${wanted}.`,
      hint: `Write it as the provider does: ${own}<signature>.`,
      input: { headers: replaceHeaders(input.headers, [[name, bare]]) },
      provider: withSchemes(provider, (scheme) => ({ ...scheme, prefix: '' })),
    };
  }
}

/** What ends a value and could be a signature. Looked for from the end: a pattern would try each place of a long one. */
function signatureAtEnd(value: string): string | null {
  const text = value.trimEnd();
  let start = text.length;
  while (text.length - start < 2 && text[start - 1] === '=') start--;
  const digits = start;
  while (start > 0 && /[A-Za-z0-9+/_-]/.test(text[start - 1] ?? '')) start--;
  return digits - start >= 20 ? text.slice(start) : null;
}

/** What stands around a signature, without the signature. */
function shape(value: string, bare: string): string {
  return `${value.slice(0, value.lastIndexOf(bare)).slice(-20)}<signature>`;
}

const CONTENTS: ReadonlyArray<readonly [content: string, words: string]> = [
  ['{body}', 'the body alone'],
  ['{timestamp}.{body}', 'timestamp, a dot and the body'],
  ['{id}.{timestamp}.{body}', 'id, timestamp and body with dots between'],
  ['v0:{timestamp}:{body}', 'v0, timestamp and body with colons between'],
  ['{timestamp}:{body}', 'timestamp, a colon and the body'],
  ['{timestamp}{body}', 'timestamp and body'],
  ['{url}{body}', 'URL and body'],
  ['{method}{url}{body}', 'method, URL and body'],
  ['{body}{timestamp}', 'body and timestamp'],
];

function* contents({ provider, input }: Subject): Generator<Trial> {
  const timestamp = likely(input.headers, /timestamp|-time$/i);
  const id = likely(input.headers, /-id$|request-id|delivery/i);
  for (const [content, words] of CONTENTS) {
    yield {
      code: 'signed_content',
      message: `What was signed is ${words}; ${provider.title} signs ${provider.schemes.map((scheme) => scheme.content).join(' or ')}.`,
      hint: 'Build the signed text exactly as the provider’s documentation says: webhook providers <name>.',
      provider: withSchemes(provider, (scheme) => ({
        ...scheme,
        content,
        timestamp: scheme.timestamp.length > 0 ? scheme.timestamp : timestamp,
        messageId: scheme.messageId.length > 0 ? scheme.messageId : id,
      })),
    };
  }
}

function likely(headers: HeaderList, pattern: RegExp): Locator[] {
  return headers.filter(([name]) => pattern.test(name)).map(([name]): Locator => `header:${name}`);
}

/** The URLs the sender may have meant: a tunnel or proxy changes scheme, host and port. */
function* urls({ provider, input }: Subject): Generator<Trial> {
  const custom = provider.schemes.some((scheme) => scheme.custom !== null);
  if (!custom && !provider.schemes.some((scheme) => scheme.content.includes('{url}'))) return;
  const tried = new Set<string>([input.url ?? '']);
  for (const url of urlGuesses(input.url ?? null, input.path ?? '/', input.headers)) {
    if (tried.has(url)) continue;
    tried.add(url);
    yield {
      code: 'url_mismatch',
      message: `The sender signed the URL ${url}${input.url == null ? '' : `, not ${input.url}`}.`,
      hint: `Verify with the URL the provider was given: --url ${url} (listen: --public-url).`,
      input: { url },
    };
  }
}

function urlGuesses(url: string | null, path: string, headers: HeaderList): string[] {
  const hosts = ['x-forwarded-host', 'host']
    .map((name) => headerValue(headers, name))
    .filter((host): host is string => host !== null);
  const bases = [...(url === null || !URL.canParse(url) ? [] : [url]), ...hosts.map((host) => `https://${host}${path}`)];
  return bases.flatMap((base) => {
    if (!URL.canParse(base)) return [];
    const variants = [base];
    for (const protocol of ['https:', 'http:']) {
      const parsed = new URL(base);
      parsed.protocol = protocol;
      variants.push(parsed.href);
      const bare = new URL(parsed);
      bare.port = '';
      variants.push(bare.href);
      const withPort = `${parsed.protocol}//${parsed.hostname}:${protocol === 'https:' ? 443 : 80}${parsed.pathname}${parsed.search}`;
      variants.push(withPort);
      for (const host of hosts) variants.push(`${protocol}//${host}${parsed.pathname}${parsed.search}`);
    }
    return variants.flatMap((variant) => {
      const [head, query] = splitQuery(variant);
      const slash = head.endsWith('/') ? head.slice(0, -1) : `${head}/`;
      return [variant, head, slash + query, slash];
    });
  });
}

function splitQuery(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark)];
}

function signatureHeaders(provider: Provider, headers: HeaderList): Array<{ name: string; value: string }> {
  const names = provider.schemes.flatMap(({ at }) => at).filter((locator) => locator.startsWith('header:'));
  return names.flatMap((locator) => {
    const name = locator.slice('header:'.length);
    const value = headerValue(headers, name);
    return value === null ? [] : [{ name, value: value.trim() }];
  });
}
