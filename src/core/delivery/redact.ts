import { setJson, valueAt } from '../events/json-text.js';
import type { HeaderList } from '../http/headers.js';

export const REDACTED = '[redacted]';

/**
 * A JSON body as it may be shown: the texts at these JSON Pointers become `[redacted]`; every other byte stays. What is no JSON, or has
 * none of them, stays as it is.
 */
export function redactBody(body: Uint8Array, pointers: Iterable<string>): Uint8Array {
  let shown = body;
  for (const pointer of pointers) {
    const [key = ''] = pointer.split('/').slice(-1);
    // Parsing is for bodies that may have it: most do not even hold the word.
    if (!Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(key)) continue;
    if (typeof valueAt(shown, pointer) === 'string') shown = setJson(shown, pointer, JSON.stringify(REDACTED));
  }
  return shown;
}

const TELLING_NAMES = /authorization|cookie|token|secret|api[-_]?key|password|signature|hmac/i;

/** The first word of an Authorization value that only says of what kind it is. */
const SCHEME_WORD =
  /^(AWS4-HMAC-SHA256|ApiKey|Basic|Bearer|Digest|GenieKey|HMAC[-\w]*|Hawk|Key|Negotiate|OAuth|SharedKey|Signature|Token)[ \t]/i;

/**
 * The headers as they may be shown: the values of credentials, cookies and signatures become `[redacted]`, and an
 * Authorization keeps the word that names its kind. Names, order and duplicates stay; an empty value holds nothing to hide.
 *
 * @param extraNames More names to redact, such as those that carry the provider's signature.
 * @example redactHeaders([['Authorization', 'Bearer abc']]) // [['Authorization', 'Bearer [redacted]']]
 */
export function redactHeaders(headers: HeaderList, extraNames: Iterable<string> = []): HeaderList {
  const extra = new Set([...extraNames].map((name) => name.toLowerCase()));
  return headers.map((header) => {
    const [name, value] = header;
    if (value === '' || !(TELLING_NAMES.test(name) || extra.has(name.toLowerCase()))) return header;
    const scheme = /authorization/i.test(name) ? SCHEME_WORD.exec(value)?.[1] : undefined;
    return [name, scheme === undefined ? REDACTED : `${scheme} ${REDACTED}`] as const;
  });
}

const TELLING_PARAMETER = /authorization|token|secret|api[-_]?key|^key$|password|signature|^sig$|hmac/i;

/**
 * A URL, or a path with its query, as it may be shown: without user and password, and without the values of parameters
 * that are named like credentials or signatures. Everything else stays as it is spelled.
 *
 * @example redactUrl('https://me:pw@host/hooks?token=abc&x=1') // 'https://[redacted]@host/hooks?token=[redacted]&x=1'
 */
export function redactUrl(url: string): string {
  const bare = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${REDACTED}@`);
  const question = bare.indexOf('?');
  if (question < 0) return bare;
  const query = bare
    .slice(question + 1)
    .replace(/([^&=#]+)=([^&#]+)/g, (whole, name: string) => (TELLING_PARAMETER.test(name) ? `${name}=${REDACTED}` : whole));
  return `${bare.slice(0, question)}?${query}`;
}
