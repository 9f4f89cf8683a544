import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import linear from '../../../../src/core/providers/catalogue/linear.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';

const SECRET = 'lin_wh_sample';
const AT = 1_772_442_851_520;
const reasonAt = (now: number, body: string, headers: ReadonlyArray<readonly [string, string]> = []): string | null => {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const request = { headers: [['Linear-Signature', signature] as const, ...headers], body: Buffer.from(body) };
  return verifySignature(linear, { ...request, secrets: [SECRET], now }).reason;
};

it('limits the age of the time in the body to a minute, both ways, and does not ask the header', () => {
  const body = `{"action":"create","type":"Issue","webhookTimestamp":${AT}}`;
  expect([reasonAt(AT, body), reasonAt(AT + 60_000, body), reasonAt(AT - 60_000, body)]).toEqual([null, null, null]);
  expect([reasonAt(AT + 60_001, body), reasonAt(AT - 60_001, body)]).toEqual(['timestamp_too_old', 'timestamp_in_future']);
  expect(reasonAt(AT, body, [['Linear-Timestamp', '1']])).toBeNull();
  expect(reasonAt(AT, '{"action":"create"}', [['Linear-Timestamp', String(AT)]])).toBe('timestamp_missing');
});
