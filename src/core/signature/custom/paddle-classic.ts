import { WebhookError } from '../../errors.js';
import { decode } from '../encoding.js';
import { formFields } from '../params.js';
import type { CustomScheme } from './model.js';
import { rsaSecret, rsaSign, rsaVerify } from './rsa.js';

/**
 * Paddle Classic: RSA with SHA-1 in base64, in the field `p_signature` of a form, over all its other fields: sorted by name, as PHP's
 * `serialize` writes an array of strings.
 *
 * https://developer.paddle.com/webhook-reference/verifying-webhooks
 */
export const paddleClassicSignature: CustomScheme = {
  summary: 'RSA-SHA1, base64, over the other fields sorted by name, as PHP’s serialize() writes them.',
  secret: rsaSecret,
  sign({ body, secret }) {
    const signature = rsaSign('sha1', contentOf(fieldsOf(body)), secret);
    if (signature === null) {
      throw new WebhookError('signing_impossible', 'The public key verifies; it cannot sign.', {
        hint: 'Make a key pair with: webhook keys paddle-classic',
      });
    }
    return { headers: [], edits: [[FIELD, JSON.stringify(signature.toString('base64'))]] };
  },
  verify({ body, secret }) {
    const fields = fieldsOf(body);
    const carried = fields.get(FIELD);
    if (carried === undefined) return 'absent';
    const signature = decode(carried, 'base64');
    if (signature === null || signature.length === 0) return 'malformed';
    return rsaVerify('sha1', contentOf(fields), secret, signature) ? 'valid' : 'mismatch';
  },
};

const FIELD = 'p_signature';

/** Of a field that stands several times the last counts, as for PHP. */
function fieldsOf(body: Uint8Array): ReadonlyMap<string, string> {
  return new Map(formFields(Buffer.from(body).toString('utf8')));
}

/** `a:2:{s:1:"a";s:1:"1";s:1:"b";s:0:"";}`: lengths are in bytes. */
function contentOf(fields: ReadonlyMap<string, string>): string {
  const names = [...fields.keys()].filter((name) => name !== FIELD).sort();
  const text = (value: string): string => `s:${Buffer.byteLength(value)}:"${value}";`;
  return `a:${names.length}:{${names.map((name) => text(name) + text(fields.get(name) ?? '')).join('')}}`;
}
