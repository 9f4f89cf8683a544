import { describe, expect, it } from 'vitest';
import { type HeaderList, headerValue, replaceHeaders } from '../../../../src/core/http/headers.js';
import hubspot from '../../../../src/core/providers/catalogue/hubspot.js';
import type { Verdict } from '../../../../src/core/signature/verdict.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { NOW } from '../../signature/schemes.js';
import { sampleRequest } from '../samples.js';

const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const verify = (headers: HeaderList, body: string | Uint8Array, url: string | null, method = 'POST', now = NOW): Verdict =>
  verifySignature(hubspot, { headers, body: Buffer.from(body), url, method, secrets: [SECRET], now });

describe('v2, as https://legacydocs.hubspot.com/docs/faq/v2-request-validation has it', () => {
  const URL_OF_HOOK = 'https://www.example.com/webhook_uri';
  const v2 = (signature: string): HeaderList => [
    ['X-HubSpot-Signature', signature],
    ['X-HubSpot-Signature-Version', 'v2'],
  ];
  it('a GET', () => {
    const headers = v2('eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e');
    expect(verify(headers, '', URL_OF_HOOK, 'GET').status).toBe('valid');
    expect(verify(headers, '', URL_OF_HOOK, 'POST').status).toBe('invalid');
    expect(verify(headers, '', `${URL_OF_HOOK}/`, 'GET').status).toBe('invalid');
  });
  it('a POST', () => {
    const headers = v2('9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900');
    expect(verify(headers, '{"example_field":"example_value"}', URL_OF_HOOK).status).toBe('valid');
    expect(verify(headers, '{"example_field": "example_value"}', URL_OF_HOOK).status).toBe('invalid');
  });
});

describe('v3', () => {
  const url = 'https://hooks.example.com/in?to=a%40b%2Cc&q=x%20y';
  const signed = () => sampleRequest(hubspot, 'contact.creation', { url, secrets: [SECRET] });
  const only = (headers: HeaderList): HeaderList => replaceHeaders(headers, [['X-HubSpot-Signature', '']]);

  it('is sent beside v1', async () => {
    const { headers } = await signed();
    expect(headerValue(headers, 'X-HubSpot-Signature')).toMatch(/^[0-9a-f]{64}$/);
    expect(headerValue(headers, 'X-HubSpot-Signature-v3')).toMatch(/^[\w+/]{43}=$/);
  });

  it('takes the URL with its escapes or with those decoded that the documentation names', async () => {
    const { headers, body } = await signed();
    expect(verify(only(headers), body, url).status).toBe('valid');
    expect(verify(only(headers), body, 'https://hooks.example.com/in?to=a@b,c&q=x%20y').status).toBe('valid');
    expect(verify(only(headers), body, 'https://hooks.example.com/in?to=a%40b%2Cc&q=x y').status).toBe('invalid');
  });

  it('is five minutes old at most', async () => {
    const { headers, body } = await signed();
    expect(verify(only(headers), body, url, 'POST', NOW + 300_000).status).toBe('valid');
    expect(verify(only(headers), body, url, 'POST', NOW + 300_001).reason).toBe('timestamp_too_old');
  });
});
