import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCertificate } from '../../src/io/certificate.js';

const NOW = Date.UTC(2026, 10, 22, 14, 2, 11);
const made = (names: readonly string[], now = NOW): X509Certificate =>
  new X509Certificate(makeCertificate(names, now, randomBytes).cert);

describe('a certificate made for the occasion', () => {
  it('is what OpenSSL reads: its own, for its names, and no authority for others', () => {
    const { cert, key } = makeCertificate(['localhost', '127.0.0.1', '::1'], NOW, randomBytes);
    const read = new X509Certificate(cert);
    expect([read.subject, read.issuer]).toEqual(['CN=localhost', 'CN=localhost']);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect([read.checkHost('localhost'), read.checkHost('example.com')]).toEqual(['localhost', undefined]);
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  it('is valid from the day before for a month, in either form of a date', () => {
    const dates = ({ validFrom, validTo }: X509Certificate): string[] => [validFrom, validTo];
    expect(dates(made(['a']))).toEqual(['Nov 21 14:02:11 2026 GMT', 'Dec 22 14:02:11 2026 GMT']);
    expect(dates(made(['a'], Date.UTC(2049, 11, 15)))).toEqual(['Dec 14 00:00:00 2049 GMT', 'Jan 14 00:00:00 2050 GMT']);
  });

  it.each([
    ['::', '0:0:0:0:0:0:0:0'],
    ['fe80::1', 'FE80:0:0:0:0:0:0:1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['2001:db8::', '2001:DB8:0:0:0:0:0:0'],
    ['::ffff:10.0.0.1', '0:0:0:0:0:FFFF:A00:1'],
    ['10.0.0.255', '10.0.0.255'],
  ])('is for the address %s', (address, shown) => {
    expect(made([address]).subjectAltName).toBe(`IP Address:${shown}`);
    expect(made([address]).checkIP(address)).toBe(address);
  });

  it('has a serial number that is positive, of full length and another one each time', () => {
    const high = makeCertificate(['a'], NOW, (size) => Buffer.alloc(size, 0xff)).cert;
    const low = makeCertificate(['a'], NOW, (size) => Buffer.alloc(size)).cert;
    expect([new X509Certificate(high).serialNumber, new X509Certificate(low).serialNumber]).toEqual([
      `7F${'FF'.repeat(15)}`,
      `40${'00'.repeat(15)}`,
    ]);
    expect(made(['a']).serialNumber).not.toBe(made(['a']).serialNumber);
  });

  it('serves TLS to whoever trusts it, and to nobody else', async () => {
    const own = makeCertificate(['localhost', '127.0.0.1'], Date.now(), randomBytes);
    const server = createServer(own, (socket) => socket.end('hello')).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => {});
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const trusting = connect({ port, host: '127.0.0.1', ca: own.cert });
    expect(String((await once(trusting, 'data'))[0])).toBe('hello');
    const wary = connect({ port, host: '127.0.0.1' });
    await expect(once(wary, 'secureConnect')).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});
