import type { HeaderList } from '../http/headers.js';

export const REDACTED = '[redacted]';

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
