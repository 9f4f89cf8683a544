import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { paypalSignature } from '../../../../src/core/signature/custom/paypal.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const ID = '9XL90610J3647323C';
const NOW = Date.parse('2016-09-21T22:00:46.700Z');
const body = Buffer.from('123456789');
const base = { headers: [], body, url: null, path: '/', method: 'POST', now: NOW, tolerance: null };

describe('PayPal', () => {
  it('signs id, time, webhook id and the checksum of the body, as documented', () => {
    // 3421780262 is the published CRC-32 of "123456789".
    const content = `d938e770-8046-11e6-8103-6b62a8a99ac4|2016-09-21T22:00:46Z|${ID}|3421780262`;
    const headers = [
      ['paypal-transmission-id', 'd938e770-8046-11e6-8103-6b62a8a99ac4'],
      ['paypal-transmission-time', '2016-09-21T22:00:46Z'],
      ['paypal-transmission-sig', sign('sha256', Buffer.from(content), pair.privateKey).toString('base64')],
    ] as const;
    const verify = (over: object) => paypalSignature.verify({ ...base, headers, secret: `${ID}\n${publicKey}`, ...over });
    expect(verify({})).toBe('valid');
    expect(verify({ body: Buffer.from('123456780') })).toBe('mismatch');
    expect(verify({ secret: `WEBHOOK_ID\n${publicKey}` })).toBe('mismatch');
    expect(verify({ headers: headers.slice(0, 2) })).toBe('absent');
    expect(verify({ headers: headers.slice(1) })).toBe('malformed');
  });

  it('writes headers that verify, and keeps an id that is there', () => {
    const secret = `${ID}\n${privateKey}`;
    const { headers } = paypalSignature.sign({ ...base, secret, id: 'one' });
    expect(headers.slice(0, 2)).toEqual([
      ['PAYPAL-TRANSMISSION-ID', 'one'],
      ['PAYPAL-TRANSMISSION-TIME', '2016-09-21T22:00:46Z'],
    ]);
    expect(paypalSignature.verify({ ...base, headers, secret })).toBe('valid');
    const again = paypalSignature.sign({ ...base, headers: [['paypal-transmission-id', 'two']], secret, id: 'one' });
    expect(again.headers[0]).toEqual(['PAYPAL-TRANSMISSION-ID', 'two']);
    expect(() => paypalSignature.sign({ ...base, secret: `${ID}\n${publicKey}`, id: 'one' })).toThrow(/cannot sign/);
  });

  it('has a secret of two parts, of which a fetched certificate is one', () => {
    expect(paypalSignature.secret?.fits(`${ID}\n${publicKey}`)).toBe(true);
    for (const wrong of [ID, publicKey, `${ID} nonsense`, '']) expect(paypalSignature.secret?.fits(wrong)).toBe(false);
    expect(paypalSignature.certificate?.join(publicKey, ID)).toBe(`${ID}\n${publicKey}`);
    expect(paypalSignature.certificate?.join(publicKey, `${ID}\n${privateKey}`)).toBe(`${ID}\n${publicKey}`);
    expect(paypalSignature.secret?.join?.(publicKey, ID)).toBe(`${ID}\n${publicKey}`);
    const trusts = (url: string) => paypalSignature.certificate?.trusts(new URL(url));
    expect(trusts('https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1')).toBe(true);
    expect(trusts('https://api.paypal.com.evil.test/x')).toBe(false);
    expect(trusts('https://notpaypal.com/v1/notifications/certs/CERT-1')).toBe(false);
    expect(trusts('https://www.paypal.com/v1/notifications/certs/CERT-1')).toBe(false);
    expect(trusts('https://api.paypal.com/v1/other')).toBe(false);
    expect(paypalSignature.certificate?.locate({ headers: [['paypal-cert-url', 'https://api.paypal.com/x']], body })).toBe(
      'https://api.paypal.com/x',
    );
  });
});
