import { WebhookError } from '../../errors.js';
import { decode } from '../encoding.js';
import { ageOutcome, headerText } from './common.js';
import { crc32 } from './crc32.js';
import type { CertificateSource, CustomInput, CustomScheme, CustomSecret } from './model.js';
import { rsaSecret, rsaSign, rsaVerify } from './rsa.js';

/**
 * Its secret has two parts: the id of the webhook in PayPal's settings, and then the key or certificate in PEM. The id alone is enough
 * where the certificate is fetched.
 */
const secret: CustomSecret = {
  form: 'the webhook id, and after it an RSA key or certificate in PEM',
  fits: (text) => partsOf(text) !== null,
  pair: 'rsa',
  join: (key, id) => `${id}\n${key}`,
};

const certificate: CertificateSource = {
  locate: ({ headers }) => headerText(headers, 'paypal-cert-url'),
  trusts: (url) =>
    /^api(-m)?(\.sandbox)?\.paypal\.com$/.test(url.hostname) &&
    url.port === '' &&
    url.pathname.startsWith('/v1/notifications/certs/'),
  join: (pem, given) => `${partsOf(given ?? '')?.id ?? (given ?? '').trim()}\n${pem}`,
};

/**
 * PayPal: RSA-SHA256 in base64 over `id|time|webhook id|CRC-32 of the body`. The body is covered by that checksum only.
 *
 * https://developer.paypal.com/api/rest/webhooks/rest/ ("Self verification method")
 */
export const paypalSignature: CustomScheme = {
  summary: 'RSA-SHA256 over {transmission id}|{transmission time}|{webhook id}|{CRC-32 of the body, decimal}.',
  secret,
  certificate,
  sign(input) {
    const time = `${new Date(input.now).toISOString().slice(0, 19)}Z`;
    const id = headerText(input.headers, ID) ?? input.id;
    const parts = partsOf(input.secret);
    const content = parts === null ? '' : contentOf(input, id, time, parts.id);
    const signature = parts === null ? null : rsaSign('sha256', content, parts.key);
    if (signature === null) {
      throw new WebhookError('signing_impossible', 'A certificate or public key verifies; it cannot sign.', {
        hint: 'Make a webhook id and a key pair with: webhook keys paypal',
      });
    }
    return {
      headers: [
        [ID, id],
        [TIME, time],
        [SIGNATURE, signature.toString('base64')],
        ['PAYPAL-AUTH-ALGO', 'SHA256withRSA'],
      ],
    };
  },
  verify(input) {
    const carried = headerText(input.headers, SIGNATURE);
    if (carried === null) return 'absent';
    const [id, time] = [headerText(input.headers, ID), headerText(input.headers, TIME)];
    const signature = decode(carried.trim(), 'base64');
    if (signature === null || signature.length === 0 || id === null || time === null) return 'malformed';
    const parts = partsOf(input.secret);
    const genuine = parts !== null && rsaVerify('sha256', contentOf(input, id, time, parts.id), parts.key, signature);
    if (!genuine) return 'mismatch';
    return ageOutcome(Date.parse(time), input.now, { past: input.tolerance, future: input.tolerance });
  },
};

const ID = 'PAYPAL-TRANSMISSION-ID';
const TIME = 'PAYPAL-TRANSMISSION-TIME';
const SIGNATURE = 'PAYPAL-TRANSMISSION-SIG';

function contentOf({ body }: CustomInput, id: string, time: string, webhookId: string): string {
  return `${id}|${time}|${webhookId}|${crc32(body)}`;
}

function partsOf(text: string): { readonly id: string; readonly key: string } | null {
  const [, id = '', key = ''] = /^\s*(\w+)\s+(-----BEGIN .*)$/s.exec(text) ?? [];
  return id !== '' && rsaSecret.fits(key) ? { id, key } : null;
}
