import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import box from '../../../../src/core/providers/catalogue/box.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';

const TIME = '2026-03-02T01:14:11-08:00';
const BODY = Buffer.from('{"trigger":"FILE.UPLOADED"}');
const sign = (secret: string): string => createHmac('sha256', secret).update(BODY).update(TIME).digest('base64');

it('is valid by either key, whichever header its signature stands in, for ten minutes', () => {
  const verdict = (headers: ReadonlyArray<readonly [string, string]>, secrets: readonly string[], later = 0) =>
    verifySignature(box, {
      headers: [['BOX-DELIVERY-TIMESTAMP', TIME], ...headers],
      body: BODY,
      secrets,
      now: Date.parse(TIME) + later,
    }).reason;
  const both = [
    ['BOX-SIGNATURE-PRIMARY', sign('first')],
    ['BOX-SIGNATURE-SECONDARY', sign('second')],
  ] as const;
  for (const secret of ['first', 'second']) expect(verdict(both, [secret])).toBeNull();
  expect(verdict(both.slice(1), ['first', 'second'])).toBeNull();
  expect(verdict(both, ['third'])).toBe('mismatch');
  expect([verdict(both, ['first'], 600_000), verdict(both, ['first'], 600_001)]).toEqual([null, 'timestamp_too_old']);
});
