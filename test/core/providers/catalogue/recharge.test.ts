import { createHash, createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import recharge from '../../../../src/core/providers/catalogue/recharge.js';
import { signRequest } from '../../../../src/core/signature/sign.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';

it('sends both of its signatures, and each is enough', () => {
  const [secret, now] = ['client secret', 1_772_442_851_000];
  const body = Buffer.from('{"charge":{"id":1,"total_price":"49.00"}}');
  const stamp = ['X-Recharge-Webhook-Timestamp', String(now / 1_000)] as const;
  const { headers } = signRequest(recharge, { headers: [stamp], body, secrets: [secret], id: '1', timestamp: now });
  const v1 = createHmac('sha256', secret)
    .update(`${now / 1_000}.`)
    .update(body)
    .digest('hex');
  const legacy = createHash('sha256').update(secret).update(body).digest('hex');
  expect(headers).toEqual([
    ['X-Recharge-Webhook-Signature', `t=${now / 1_000},v1=${v1}`],
    ['X-Recharge-Hmac-Sha256', legacy],
  ]);
  for (const header of headers) {
    expect(verifySignature(recharge, { headers: [stamp, header], body, secrets: [secret], now }).status).toBe('valid');
  }
});
