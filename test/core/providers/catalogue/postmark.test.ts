import { expect, it } from 'vitest';
import { headerValue } from '../../../../src/core/http/headers.js';
import { identify } from '../../../../src/core/providers/batch.js';
import postmark from '../../../../src/core/providers/catalogue/postmark.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { NOW } from '../../signature/schemes.js';
import { sampleRequest } from '../samples.js';

it('sends name and password as RFC 7617 has them, and takes no others', async () => {
  const request = await sampleRequest(postmark, 'Open', { secrets: ['Aladdin:open sesame'] });
  expect(headerValue(request.headers, 'Authorization')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  const verdict = (secret: string) => verifySignature(postmark, { ...request, secrets: [secret], now: NOW }).status;
  expect(['Aladdin:open sesame', 'Aladdin:open', 'open sesame'].map(verdict)).toEqual(['valid', 'invalid', 'invalid']);
});

it('tells two deliveries of one kind apart', async () => {
  const ids = [1, 2].map(async (byte) => {
    const request = await sampleRequest(postmark, 'Bounce', { random: (size) => new Uint8Array(size).fill(byte) });
    return identify(postmark, new RequestReader({ ...request, path: '/' })).eventId;
  });
  expect(await Promise.all(ids)).toEqual(['Bounce:4111111111', 'Bounce:4222222222']);
});
