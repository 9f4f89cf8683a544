import { REDACTED } from '../core/delivery/redact.js';

const TELLING_PARAMETER = /authorization|token|secret|api[-_]?key|^key$|password|signature|^sig$|hmac/i;

/**
 * A URL, or a path with its query, as it may be shown: without user and password, and without the values of parameters
 * that are named like credentials or signatures. Everything else stays as it is spelled.
 *
 * @example shownUrl('https://me:pw@host/hooks?token=abc&x=1') // 'https://[redacted]@host/hooks?token=[redacted]&x=1'
 */
export function shownUrl(url: string): string {
  const bare = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${REDACTED}@`);
  const question = bare.indexOf('?');
  if (question < 0) return bare;
  const query = bare
    .slice(question + 1)
    .replace(/([^&=#]+)=([^&#]+)/g, (whole, name: string) => (TELLING_PARAMETER.test(name) ? `${name}=${REDACTED}` : whole));
  return `${bare.slice(0, question)}?${query}`;
}
