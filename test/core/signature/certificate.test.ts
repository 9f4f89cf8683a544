import { describe, expect, it } from 'vitest';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import paypal from '../../../src/core/providers/catalogue/paypal.js';
import sns from '../../../src/core/providers/catalogue/sns.js';
import { certificateAddress } from '../../../src/core/signature/certificate.js';

const OWN = 'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-1.pem';
const message = (SigningCertURL: unknown) => ({ headers: [], body: Buffer.from(JSON.stringify({ SigningCertURL })) });

describe('the address of a certificate', () => {
  it('is what the request names, at the provider’s own hosts', () => {
    expect(certificateAddress(sns, message(OWN)).url).toBe(OWN);
    const url = 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1';
    expect(certificateAddress(paypal, { headers: [['Paypal-Cert-Url', url]], body: Buffer.alloc(0) }).url).toBe(url);
  });

  it.each([
    'http://sns.us-west-2.amazonaws.com/a.pem',
    'https://sns.us-west-2.amazonaws.com.evil.test/a.pem',
    'https://evil.test/a.pem',
    'https://me:pw@sns.us-west-2.amazonaws.com/a.pem',
    'https://sns.us-west-2.amazonaws.com:8443/a.pem',
    'https://127.0.0.1/a.pem',
    'file:///etc/passwd',
    'nonsense',
  ])('is never %s', (url) => {
    expect(() => certificateAddress(sns, message(url))).toThrow(/nothing was fetched/);
  });

  it('is asked for where there is none', () => {
    expect(() => certificateAddress(sns, message(undefined))).toThrow(/does not say where/);
    expect(() => certificateAddress(connect2print, message(OWN))).toThrow(/no certificates to fetch/);
  });
});
