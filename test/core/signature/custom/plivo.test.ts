import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { plivoV2Signature, plivoV3Signature } from '../../../../src/core/signature/custom/plivo.js';

const base = { body: Buffer.alloc(0), path: '/', method: 'POST', now: 0, tolerance: null } as const;

describe('V2', () => {
  // plivo-node, test/utils.js
  it.each([
    ['https://answer.url', '12345', 'my_auth_token', 'ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc='],
    ['https://answer.url:8000', '24725744043720739450', 'my_auth_token', 'LDphWoWimP4QM5AoWI1uwP6WmlWtt5ITPZjXIWYvCNU='],
    ['https://answer.url:8080', '123456', 'my_auth_tokens', 'xeV6S6BPIQJ/rgKCjCm/Fo2ve5zNe1fatQoHyRT8vxQ='],
  ])('verifies the published signature of %s', (url, nonce, secret, signature) => {
    const headers = [
      ['X-Plivo-Signature-V2', signature],
      ['X-Plivo-Signature-V2-Nonce', nonce],
    ] as const;
    const verify = (over: object) => plivoV2Signature.verify({ ...base, headers, url, secret, ...over });
    expect(verify({})).toBe('valid');
    expect(verify({ url: `${url}?a=1` })).toBe('valid');
    expect(verify({ url: url.replace(/(:\d+)?$/, ':1') })).toBe('mismatch');
    expect(verify({ secret: 'another' })).toBe('mismatch');
    expect(verify({ url: null })).toBe('url_unknown');
    expect(plivoV2Signature.sign({ ...base, headers: [], url, secret, id: nonce }).headers).toEqual(headers);
  });
});

it('V2 counts for nothing beside V3, since it does not cover the body', () => {
  const input = { ...base, url: 'https://a.test/x', secret: 'token' };
  const { headers } = plivoV2Signature.sign({ ...input, headers: [], id: 'n' });
  expect(plivoV2Signature.verify({ ...input, headers })).toBe('valid');
  expect(plivoV2Signature.verify({ ...input, headers: [...headers, ['X-Plivo-Signature-V3', 'AAAA']] })).toBe('absent');
});

describe('V3', () => {
  // The text that plivo-node, lib/utils/v3Security.js, puts together.
  it.each([
    ['POST', 'https://a.test/x', 'To=2&From=1', 'https://a.test/x?From1To2.n'],
    ['POST', 'https://a.test/x?b=2&a=1', 'To=2&From=1', 'https://a.test/x?a=1&b=2.From1To2.n'],
    ['POST', 'https://a.test/x?b=2&a=1', '', 'https://a.test/x?a=1&b=2.n'],
    ['POST', 'https://a.test/x', '', 'https://a.test/x.n'],
    ['POST', 'https://a.test:8443/x', 'T=a+b%26c&T=1', 'https://a.test:8443/x?T1Ta b&c.n'],
    ['GET', 'https://a.test/x?b=2&a=1%202', 'ignored=1', 'https://a.test/x?a=1 2&b=2.n'],
  ])('%s %s with %j', (method, url, body, content) => {
    const input = { ...base, method, url, body: Buffer.from(body), secret: 'token' };
    const signature = createHmac('sha256', 'token').update(content).digest('base64');
    const { headers } = plivoV3Signature.sign({ ...input, headers: [], id: 'n' });
    expect(headers).toEqual([
      ['X-Plivo-Signature-V3', signature],
      ['X-Plivo-Signature-V3-Nonce', 'n'],
    ]);
    expect(plivoV3Signature.verify({ ...input, headers })).toBe('valid');
    expect(plivoV3Signature.verify({ ...input, headers, url: `${url}${url.includes('?') ? '&' : '?'}z=1` })).toBe('mismatch');
  });

  it('takes any of several signatures, the main account’s too', () => {
    const input = { ...base, url: 'https://a.test/x', secret: 'token' };
    const { headers } = plivoV3Signature.sign({ ...input, headers: [], id: 'n' });
    const [[, signature] = ['', ''], nonce = ['', '']] = headers;
    const other = Buffer.alloc(32).toString('base64');
    const of = (name: string, value: string) => plivoV3Signature.verify({ ...input, headers: [[name, value], nonce] });
    expect(of('X-Plivo-Signature-V3', `${other},${signature}`)).toBe('valid');
    expect(of('X-Plivo-Signature-Ma-V3', signature)).toBe('valid');
    expect(of('X-Plivo-Signature-V3', other)).toBe('mismatch');
    expect(of('X-Plivo-Signature-V3', 'AAAA')).toBe('malformed');
    expect(plivoV3Signature.verify({ ...input, headers: [nonce] })).toBe('absent');
    expect(plivoV3Signature.verify({ ...input, headers: [['X-Plivo-Signature-V3', signature]] })).toBe('malformed');
  });
});
