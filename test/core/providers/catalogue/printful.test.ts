import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import printful from '../../../../src/core/providers/catalogue/printful.js';
import { assertSecretsFit } from '../../../../src/core/signature/keys.js';
import { bytes, signed } from '../../signature/schemes.js';

it('takes the bytes that its secret spells in hex, and refuses one that spells none', () => {
  const body = bytes('{"type":"shipment_sent"}');
  const signature = createHmac('sha256', Buffer.from('deadbeef', 'hex')).update(body).digest('hex');
  expect(signed(printful, { body, secrets: ['deadbeef'] }).headers).toEqual([['x-pf-webhook-signature', signature]]);
  expect(() => assertSecretsFit(printful, ['no hex'])).toThrow(expect.objectContaining({ code: 'secret_malformed' }));
});
