import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../src/core/errors.js';
import { fetchCertificate } from '../../src/io/fetch-certificate.js';
import type { Sender, SendResult } from '../../src/io/sender.js';

// A self-signed certificate made for this test with OpenSSL.
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUD6APp50LYNOBmpuYbsj14e7JRVQwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjIyMjM3NThaGA8yMTI2MTAyOTIyMzc1
OFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABH48
xHJMa5Jpk/fr7S2H/oiswD7C24zspFpAWsl69N2Sqx2zmxuh935QYzR6VBbJfJzo
KzFJoLoWreCjw7YsXBejUzBRMB0GA1UdDgQWBBSxJfWmxP2uL9oA2DnsyRRRGL2I
ijAfBgNVHSMEGDAWgBSxJfWmxP2uL9oA2DnsyRRRGL2IijAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIGOSb5BOORqO9O3+7fBMJgk2x7704AkYWUbS
ZcMpOz1pAiEAqztHCcULtTGddgr9AE6evdfNIdYKMAr2ewIVqA4x12w=
-----END CERTIFICATE-----`;

const URL_OF_IT = 'https://sns.us-west-2.amazonaws.com/a.pem';
const answering =
  (result: Partial<SendResult> & object): Sender['send'] =>
  async () =>
    ({
      startedAt: 0,
      durationMs: 1,
      outcome: 'responded',
      status: 200,
      headers: [],
      body: Buffer.alloc(0),
      ...result,
    }) as SendResult;

describe('a certificate', () => {
  it('is what is found at its address', async () => {
    const asked: unknown[] = [];
    const send: Sender['send'] = async (request, options) => {
      asked.push([request.method, request.url, options.maxResponseBody]);
      return answering({ body: Buffer.from(`${CERTIFICATE}\n`) })(request, options);
    };
    expect(await fetchCertificate(URL_OF_IT, send)).toBe(CERTIFICATE);
    expect(asked).toEqual([['GET', URL_OF_IT, 100_000]]);
  });

  it.each([
    ['another status', { status: 404, body: Buffer.from(CERTIFICATE) }],
    ['a redirect', { status: 302, headers: [['Location', 'https://evil.test']] as const }],
    ['something else', { body: Buffer.from('<html>') }],
    ['one within something else', { body: Buffer.from(`<Token>${CERTIFICATE}</Token>`) }],
    ['nothing', {}],
    ['a failure', { outcome: 'failed', reason: 'dns', message: 'There is no such host.' } as const],
  ])('%s is none', async (_, result) => {
    const fetching = fetchCertificate(URL_OF_IT, answering(result));
    await expect(fetching).rejects.toThrow(WebhookError);
    await expect(fetching).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining('sns.us-west-2'),
    });
  });
});
