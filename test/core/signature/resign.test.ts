import { describe, expect, it } from 'vitest';
import { headerValue } from '../../../src/core/http/headers.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { resign } from '../../../src/core/signature/resign.js';
import { signRequest } from '../../../src/core/signature/sign.js';
import { verifySignature } from '../../../src/core/signature/verify.js';

const NOW = 1_795_356_131_000;
const SECRETS = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
const body = Buffer.from('{"type":"order.created","total":499.00}');
const before: OutgoingRequest = {
  method: 'POST',
  url: 'http://localhost:3000/',
  headers: [
    ['X-First', '1'],
    ...signRequest(standardWebhooks, { headers: [], body, secrets: SECRETS, id: 'msg_1', timestamp: NOW - 3_600_000 }).headers,
    ['X-Last', '2'],
  ],
  body,
};

describe('signed anew', () => {
  it('keeps id, payload and other headers, and is valid now', () => {
    const after = resign(standardWebhooks, before, { secrets: SECRETS, timestamp: NOW, id: 'other' });
    expect(headerValue(after.headers, 'webhook-id')).toBe('msg_1');
    expect(headerValue(after.headers, 'webhook-timestamp')).toBe(String(NOW / 1_000));
    expect(after.body).toBe(body);
    expect(after.headers.map(([name]) => name).sort()).toEqual(before.headers.map(([name]) => name).sort());
    const verdict = (request: OutgoingRequest): string =>
      verifySignature(standardWebhooks, { ...request, secrets: SECRETS, now: NOW }).status;
    expect([verdict(before), verdict(after)]).toEqual(['invalid', 'valid']);
  });

  it('lets headers of one’s own win, and takes another body', () => {
    const after = resign(
      connect2print,
      { ...before, headers: [] },
      { secrets: ['s'], timestamp: NOW, id: '', body: Buffer.from('{}'), headers: [['X-Webhook-Signature', 'mine']] },
    );
    expect(after).toMatchObject({ headers: [['X-Webhook-Signature', 'mine']], body: Buffer.from('{}') });
  });

  it('is left as it was where nothing signs it', () => {
    expect(resign(connect2print, before, { secrets: [], timestamp: NOW, id: '' })).toEqual(before);
    expect(resign(defineProvider({ name: 'plain' }), before, { secrets: ['s'], timestamp: NOW, id: '' })).toEqual(before);
  });
});
