/** Fetches a certificate, when a person asked for that. */
import { X509Certificate } from 'node:crypto';
import { WebhookError } from '../core/errors.js';
import type { Sender } from './sender.js';
import { parseTarget } from './target.js';

/** A certificate has a few kilobytes. */
const MOST_BYTES = 100_000;

/**
 * The certificate at an address that was checked before, in PEM. Redirects are not followed.
 *
 * @throws WebhookError `target_unreachable` where there is none to be had.
 */
export async function fetchCertificate(url: string, send: Sender['send']): Promise<string> {
  const result = await send(
    { method: 'GET', url, headers: [], body: Buffer.alloc(0) },
    { timeoutMs: 10_000, maxResponseBody: MOST_BYTES },
  );
  const from = parseTarget(url).origin;
  if (result.outcome === 'failed') {
    throw new WebhookError('target_unreachable', `The certificate could not be fetched from ${from}: ${result.message}`, {
      hint: 'Try again, or give the certificate with --secret-file.',
    });
  }
  const text = Buffer.from(result.body).toString('utf8').trim();
  if (result.status !== 200 || !isCertificate(text)) {
    throw new WebhookError('target_unreachable', `${from} gave no certificate (status ${result.status}).`, {
      hint: 'It may have been withdrawn since; give it with --secret-file if you have it.',
    });
  }
  return text;
}

/** Nothing but a certificate: OpenSSL would find one in the midst of anything. */
function isCertificate(text: string): boolean {
  if (!text.startsWith('-----BEGIN CERTIFICATE-----')) return false;
  try {
    return new X509Certificate(text).publicKey.type === 'public';
  } catch {
    return false;
  }
}
