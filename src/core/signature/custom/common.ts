/** What the code escapes share. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { WebhookError } from '../../errors.js';
import { type HeaderList, headerToText, headerValue } from '../../http/headers.js';
import type { CustomInput, HashAlgorithm } from '../../providers/model.js';

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest('sha256', a), digest('sha256', b));
}

export function digest(algorithm: HashAlgorithm, content: Uint8Array | string): Buffer {
  return createHash(algorithm).update(content).digest();
}

export function hmac(algorithm: HashAlgorithm, key: Uint8Array | string, content: Uint8Array | string): Buffer {
  return createHmac(algorithm, key).update(content).digest();
}

/** A header's value as text; null where it is absent. */
export function headerText(headers: HeaderList, name: string): string | null {
  const value = headerValue(headers, name);
  return value === null ? null : headerToText(value);
}

/**
 * The URL that is signed.
 *
 * @throws WebhookError `signing_impossible` where nobody said which it is.
 */
export function urlToSign(input: CustomInput): string {
  if (input.url !== null) return input.url;
  throw new WebhookError('signing_impossible', 'The signature covers url, and the request has none.', {
    hint: 'Say which URL the provider was given: --url https://…',
  });
}

/**
 * The parts of a URL's text, as they are spelled: no default port is dropped and nothing is encoded anew. Null where it is
 * no http or https URL.
 */
export function splitUrl(url: string): { readonly origin: string; readonly path: string; readonly query: string } | null {
  const match = /^(https?:\/\/[^/?#]+)([^?#]*)(?:\?([^#]*))?/i.exec(url);
  if (match === null) return null;
  const [, origin = '', path = '', query = ''] = match;
  return { origin, path, query };
}
