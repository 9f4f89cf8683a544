import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import mailgun from '../../../../src/core/providers/catalogue/mailgun.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { NOW } from '../../signature/schemes.js';
import { sampleRequest } from '../samples.js';

const KEY = 'key-5f0c9a4e3b1d4e6a';
const signed = (timestamp: string, token: string, key = KEY): string =>
  createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
const verdict = (text: string, secret = KEY) =>
  verifySignature(mailgun, { headers: [], body: Buffer.from(text), secrets: [secret], now: NOW }).status;

it('signs a timestamp and a token that are new each time', async () => {
  const tokens = await Promise.all(
    [1, 2].map(async (byte) => {
      const random = (size: number) => new Uint8Array(size).fill(byte);
      const { body } = await sampleRequest(mailgun, 'delivered', { secrets: [KEY], random });
      const { signature } = JSON.parse(Buffer.from(body).toString('utf8'));
      expect(signature.signature).toBe(signed(String(NOW / 1_000), signature.token));
      return signature.token;
    }),
  );
  expect(tokens[0]).toMatch(/^[0-9a-f]{50}$/);
  expect(tokens[1]).not.toBe(tokens[0]);
});

it('knows the older form, and the signature with the parent account’s key', () => {
  expect(verdict(`event=opened&timestamp=1&token=t&signature=${signed('1', 't')}`)).toBe('valid');
  expect(verdict(`event=opened&timestamp=2&token=t&signature=${signed('1', 't')}`)).toBe('invalid');
  const own = { timestamp: '1', token: 't', signature: signed('1', 't', 'of the subaccount') };
  const parent = { timestamp: '1', token: 'p', signature: signed('1', 'p', 'of the parent') };
  const text = JSON.stringify({ signature: own, 'parent-signature': parent, 'event-data': { event: 'opened' } });
  expect(['of the subaccount', 'of the parent', 'another'].map((key) => verdict(text, key))).toEqual([
    'valid',
    'valid',
    'invalid',
  ]);
});

it('reads event and id', () => {
  const reader = new RequestReader({ headers: [], body: Buffer.from('event=opened&timestamp=1&token=t'), path: '/' });
  expect(reader.evaluate(mailgun.event)).toBe('opened');
});
