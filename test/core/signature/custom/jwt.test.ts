import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jwtIsGenuine, jwtSignature, readJwt, writeJwt } from '../../../../src/core/signature/custom/jwt.js';
import type { CustomVerifyInput } from '../../../../src/core/signature/custom/model.js';

const CLAIMS = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
const published = {
  // jwt.io's example token.
  HS256: {
    token:
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
    secret: 'your-256-bit-secret',
  },
  // RFC 7515, A.2
  RS256: {
    token: `eyJhbGciOiJSUzI1NiJ9.${CLAIMS}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
    secret: JSON.stringify({
      kty: 'RSA',
      n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
      e: 'AQAB',
    }),
  },
  // RFC 7515, A.3
  ES256: {
    token: `eyJhbGciOiJFUzI1NiJ9.${CLAIMS}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
    secret: JSON.stringify({
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
    }),
  },
} as const;

describe.each(Object.entries(published))('%s', (name, { token, secret }) => {
  const algorithm = name as keyof typeof published;
  const jwt = readJwt(token);

  it('verifies the published token', () => {
    expect(jwt).not.toBeNull();
    if (jwt !== null) expect(jwtIsGenuine(jwt, secret, [algorithm])).toBe(true);
  });

  it('refuses it changed, under another secret, or where another algorithm is asked for', () => {
    const [header, claims = '', signature] = token.split('.');
    const changed = readJwt(`${header}.${claims.slice(0, -2)}${claims.endsWith('Q') ? 'QQ' : 'fQ'}.${signature}`) ?? jwt;
    const other = { HS256: 'another', RS256: newKey('rsa'), ES256: newKey('ec') }[algorithm];
    if (jwt === null || changed === null) throw new Error('not read');
    expect(jwtIsGenuine({ ...jwt, content: `${jwt.content}A` }, secret, [algorithm])).toBe(false);
    expect(jwtIsGenuine(jwt, other, [algorithm])).toBe(false);
    expect(jwtIsGenuine(jwt, secret, ['HS512'])).toBe(false);
  });
});

function newKey(kind: 'rsa' | 'ec'): string {
  const pair =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

it('a public key as an HMAC secret proves nothing', () => {
  // The attack on verifiers that take the algorithm from the token: sign with HS256 and the public key's text.
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const forged = readJwt(writeJwt('HS256', pem, { iss: 'x' }) ?? '');
  if (forged === null) throw new Error('not written');
  expect(jwtIsGenuine(forged, pem, ['ES256'])).toBe(false);
  expect(jwtIsGenuine({ ...forged, header: { alg: 'none' } }, pem, ['ES256'])).toBe(false);
});

it.each(['', 'a', 'a.b', 'a.b.c', '....', 'W10.W10.AA', `${'e30.'.repeat(5)}`, 'e30.bnVsbA.AA'])('%j is no token', (text) => {
  expect(readJwt(text)).toBeNull();
});

// messagebird-nodejs, lib/testdata/webhook-signature-jwt-reference.json
const messagebird = jwtSignature({
  summary: 'A token.',
  header: 'MessageBird-Signature-JWT',
  algorithms: ['HS256', 'HS384', 'HS512'],
  claims: ({ url, body }) => ({
    iss: 'MessageBird',
    url_hash: url === null ? null : sha256(url),
    ...(body.length === 0 ? {} : { payload_hash: sha256(body) }),
  }),
  id: true,
  lifetime: 60_000,
  leeway: 5_000,
});
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const secret = '36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb';
const HEAD = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6';
const PLAIN = `${HEAD}MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.6Fp0rVOsRr1fj9S2GidXAfkmPVofKr8_RTffC6G6r2E`;
const WITH_PAYLOAD = `${HEAD}MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI5M2U1NTAwNi1hMGU4LTQ1MjYtYTE5MC1mYTVmZjAwZWExMTYiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAiLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIxODI5ODZmIn0._H--TOuYFLpeEH39-rg5E3IHVkjHozBcaKVWPRC5m9I`;
const BEFORE = `${HEAD}MTYyNTQ4MjgwMCwiZXhwIjoxNjI1NDgyODYwLCJqdGkiOiJmOWY4YzM4Mi0yNDQ5LTQzMTEtYjcyYi0xZGY3MTY4NzkzMWUiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.ZELgDFNGhjZH9CffQKcq3sytBe2I0KciLxpBhcfstHQ`;
const EXPIRED = `${HEAD}MTYyNTQ3NTYwMCwiZXhwIjoxNjI1NDc1NjYwLCJqdGkiOiI1ZjAyZjUyMi02MDMwLTQ2YzgtYjVhMy0wMTI0NjQ3OGQ4YmMiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.45MSST3B_2PsjNUeiuW54_vUQgVw4rBXrdWrOUEz3lM`;
const WRONG_PAYLOAD = `${HEAD}MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiIxNDUwMTUzMi05NmYyLTQ2ODQtOTgzMi02OGYwOTUxYWUzNDIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDciLCJwYXlsb2FkX2hhc2giOiJmYjYyZjAyYWNkYTdkNzQxNzdhNzAxYTFjZTAwNmU2YmFjZDkwYzdkNGQ3YWI0ODE2OTJjMWRhNDdjODEwNzZiIn0.m79RCwO6dGa9pvzsQypkVuXQ6eM0CkRl6_U7MfWg6TM`;
const NOW = Date.parse('2021-07-05T12:00:00+02:00');

describe('a token as a signature', () => {
  const of = (token: string | null, over: Partial<CustomVerifyInput> = {}) =>
    messagebird.verify({
      headers: token === null ? [] : [['messagebird-signature-jwt', token]],
      body: Buffer.alloc(0),
      url: 'https://example.com/',
      path: '/',
      method: 'POST',
      secret,
      now: NOW,
      tolerance: null,
      ...over,
    });
  const hello = { url: 'https://example.com/path?bar=1&foo=2', body: Buffer.from('Hello, World!') };

  it('is what the published reference says of it', () => {
    expect(of(PLAIN)).toBe('valid');
    expect(of(WITH_PAYLOAD, hello)).toBe('valid');
    expect(of(BEFORE)).toBe('timestamp_in_future');
    expect(of(EXPIRED)).toBe('timestamp_too_old');
    expect(of(WITH_PAYLOAD, { ...hello, url: 'https://example.com/path?foo=1&bar=2' })).toBe('mismatch');
    expect(of(WRONG_PAYLOAD, { body: hello.body })).toBe('mismatch');
  });

  it('is read strictly, and says what cannot be told', () => {
    expect(of(null)).toBe('absent');
    expect(of('nonsense')).toBe('malformed');
    expect(of(PLAIN, { secret: 'another' })).toBe('mismatch');
    expect(of(PLAIN, { url: null })).toBe('url_unknown');
    // Nothing else may pass while the URL is not known.
    expect(of(WRONG_PAYLOAD, { url: null, body: hello.body })).toBe('mismatch');
    expect(of(WITH_PAYLOAD.slice(0, -3), hello)).toBe('mismatch');
    expect(of(PLAIN, { now: NOW + 64_000 })).toBe('valid');
    expect(of(PLAIN, { now: NOW + 65_000 })).toBe('timestamp_too_old');
    expect(of(PLAIN, { now: NOW + 600_000, tolerance: 3_600_000 })).toBe('valid');
  });

  it('is written so that it verifies', () => {
    const base = { headers: [], path: '/', method: 'POST', secret, now: NOW, ...hello };
    const { headers } = messagebird.sign({ ...base, id: 'one' });
    expect(messagebird.verify({ ...base, headers, tolerance: null })).toBe('valid');
    expect(readJwt(headers[0]?.[1] ?? '')?.claims).toMatchObject({ jti: 'one', nbf: NOW / 1_000, exp: NOW / 1_000 + 60 });
    expect(() => messagebird.sign({ ...base, url: null, id: 'one' })).toThrow(/covers url/);
  });

  it('has an age where it says when it was issued', () => {
    const plaid = jwtSignature({
      summary: 'A token.',
      header: 'Plaid-Verification',
      algorithms: ['ES256'],
      claims: ({ body }) => ({ request_body_sha256: sha256(body) }),
      maxAge: 300_000,
      keyId: true,
    });
    const key = newKey('ec');
    const base = { headers: [], path: '/', url: null, method: 'POST', secret: key, now: NOW, body: Buffer.from('{}') };
    const { headers } = plaid.sign({ ...base, id: 'key-1' });
    expect(readJwt(headers[0]?.[1] ?? '')?.header).toMatchObject({ alg: 'ES256', kid: 'key-1' });
    const at = (now: number, tolerance: number | null = null) => plaid.verify({ ...base, headers, now, tolerance });
    expect(at(NOW + 300_000)).toBe('valid');
    expect(at(NOW + 301_000)).toBe('timestamp_too_old');
    expect(at(NOW - 301_000)).toBe('timestamp_in_future');
    expect(at(NOW + 301_000, 400_000)).toBe('valid');
    const undated = writeJwt('ES256', key, { request_body_sha256: sha256(base.body) }) ?? '';
    expect(plaid.verify({ ...base, headers: [['Plaid-Verification', undated]], tolerance: null })).toBe('malformed');
    expect(plaid.secret?.fits('not a key')).toBe(false);
  });
});

describe('a set of keys', () => {
  const { token, secret } = published.RS256;
  const jwt = readJwt(token);
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const set = (...keys: unknown[]): string => JSON.stringify({ keys });

  it('verifies with the key that is among them, whatever else is', () => {
    expect(jwt !== null && jwtIsGenuine(jwt, set(other, null, { kty: 'x' }, JSON.parse(secret)), ['RS256'])).toBe(true);
    expect(jwt !== null && jwtIsGenuine(jwt, set(other), ['RS256'])).toBe(false);
    expect(jwt !== null && jwtIsGenuine(jwt, set(), ['RS256'])).toBe(false);
    expect(jwt !== null && jwtIsGenuine(jwt, '{"keys":5}', ['RS256'])).toBe(false);
  });

  it('only with the one it names, where it names one', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const key = pair.publicKey.export({ format: 'jwk' });
    const named = readJwt(writeJwt('RS256', privateKey, {}, { kid: 'two' }) ?? '');
    expect(named !== null && jwtIsGenuine(named, set({ ...other, kid: 'one' }, { ...key, kid: 'two' }), ['RS256'])).toBe(true);
    expect(named !== null && jwtIsGenuine(named, set({ ...key, kid: 'one' }), ['RS256'])).toBe(false);
  });

  it('is a secret as a key is', () => {
    const fits = jwtSignature({ summary: '', header: 'X', algorithms: ['RS256'], claims: () => ({}) }).secret?.fits;
    expect([fits?.(set(other)), fits?.(set()), fits?.(JSON.stringify(other))]).toEqual([true, false, true]);
  });
});
