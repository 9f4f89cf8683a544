/** What the code escapes share. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { WebhookError } from '../../errors.js';
import { type HeaderList, headerToText, headerValue } from '../../http/headers.js';
import type { HashAlgorithm, Scheme } from '../../providers/model.js';
import { checkAge } from '../timestamp.js';
import type { CustomInput, CustomOutcome } from './model.js';

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
 * Whether a genuine signature is too old, or from the future.
 *
 * @param timestamp Unix time in milliseconds; NaN: it cannot be read.
 * @param tolerance How far it may be off, in milliseconds; null: on that side it is not limited.
 */
export function ageOutcome(timestamp: number, now: number, tolerance: Scheme['tolerance']): CustomOutcome {
  if (tolerance.past === null && tolerance.future === null) return 'valid';
  if (Number.isNaN(timestamp)) return 'malformed';
  return checkAge(timestamp, now, tolerance)?.reason ?? 'valid';
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
