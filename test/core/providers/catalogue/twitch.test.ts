import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import twitch from '../../../../src/core/providers/catalogue/twitch.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';

it('signs id, time with nanoseconds and body, and refuses what is older than ten minutes', () => {
  const [id, time, body, secret] = [
    '84c1e79a-2a4b-4c13-ba0b-4312293e9308',
    '2026-03-02T09:14:10.634234626Z',
    '{}',
    's3cRe7s3cRe7',
  ];
  const signature = createHmac('sha256', secret)
    .update(id + time + body)
    .digest('hex');
  const headers = [
    ['Twitch-Eventsub-Message-Id', id],
    ['Twitch-Eventsub-Message-Timestamp', time],
    ['Twitch-Eventsub-Message-Signature', `sha256=${signature}`],
  ] as const;
  const sent = Date.UTC(2026, 2, 2, 9, 14, 10, 634);
  const reason = (now: number): string | null =>
    verifySignature(twitch, { headers, body: Buffer.from(body), secrets: [secret], now }).reason;
  expect([reason(sent), reason(sent + 600_000), reason(sent - 600_000)]).toEqual([null, null, null]);
  expect(reason(sent + 600_001)).toBe('timestamp_too_old');
});
