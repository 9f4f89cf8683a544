import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import lob from '../../../../src/core/providers/catalogue/lob.js';
import { bytes, NOW, signed, verdictOf } from '../../signature/schemes.js';

it('writes milliseconds, and takes seconds too', () => {
  const body = bytes('{"id":"evt_1"}');
  expect(signed(lob, { body, secrets: ['s'] }).headers).toContainEqual(['Lob-Signature-Timestamp', String(NOW)]);
  for (const timestamp of [NOW, NOW / 1_000]) {
    const signature = createHmac('sha256', 's').update(`${timestamp}.`).update(body).digest('hex');
    const headers = [
      ['Lob-Signature', signature],
      ['Lob-Signature-Timestamp', String(timestamp)],
    ] as const;
    const verdict = (now: number) => verdictOf(lob, { headers, body, secrets: ['s'], now }).reason;
    expect([NOW, NOW + 301_000, NOW - 301_000].map(verdict)).toEqual([null, 'timestamp_too_old', 'timestamp_in_future']);
  }
});
