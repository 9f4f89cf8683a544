import { describe, expect, it } from 'vitest';
import { redactBody, redactHeaders, redactUrl } from '../../../src/core/delivery/redact.js';

describe('redactHeaders', () => {
  it.each([
    ['Authorization', 'Bearer abc.def', 'Bearer [redacted]'],
    ['authorization', 'basic dXNlcjpwYXNz', 'basic [redacted]'],
    ['Proxy-Authorization', 'Digest username="x"', 'Digest [redacted]'],
    ['Authorization', 'hunter2 and more', '[redacted]'],
    ['Authorization', 'Bearer', '[redacted]'],
    ['Cookie', 'session=1', '[redacted]'],
    ['Set-Cookie', 'session=1; HttpOnly', '[redacted]'],
    ['X-Gitlab-Token', 's3cret', '[redacted]'],
    ['X-API-Key', 'k', '[redacted]'],
    ['apikey', 'k', '[redacted]'],
    ['X-Hub-Signature-256', 'sha256=00', '[redacted]'],
    ['X-Shopify-Hmac-Sha256', 'AA==', '[redacted]'],
    ['X-Sig', 'v1', '[redacted]'],
    ['X-Token', '', ''],
    ['Content-Type', 'application/json', 'application/json'],
    ['X-Event-Key', 'repo:push', 'repo:push'],
  ])('%s: %s', (name, value, shown) => {
    expect(redactHeaders([[name, value]], ['x-sig'])).toEqual([[name, shown]]);
  });

  it('keeps order and duplicates', () => {
    expect(
      redactHeaders([
        ['A', '1'],
        ['Set-Cookie', 'x'],
        ['A', '2'],
        ['Set-Cookie', 'y'],
      ]),
    ).toEqual([
      ['A', '1'],
      ['Set-Cookie', '[redacted]'],
      ['A', '2'],
      ['Set-Cookie', '[redacted]'],
    ]);
  });
});

describe('redactBody', () => {
  const of = (text: string, ...pointers: string[]) => Buffer.from(redactBody(Buffer.from(text), pointers)).toString();

  it('hides the text at a pointer, and nothing else', () => {
    expect(of('{ "verification_token": "secret_1", "n": 1.0 }', '/verification_token')).toBe(
      '{ "verification_token": "[redacted]", "n": 1.0 }',
    );
    expect(of('{"a":{"token":"x"}}', '/token', '/a/token')).toBe('{"a":{"token":"[redacted]"}}');
  });

  it.each(['', 'token', '{"token":1}', '{"token":', '[]', 'token=secret'])('leaves %j as it is', (text) => {
    expect(of(text, '/token')).toBe(text);
  });
});

describe('redactUrl', () => {
  it.each([
    ['http://localhost:3000/hooks?x=1', 'http://localhost:3000/hooks?x=1'],
    ['https://me:pw@host/a@b', 'https://[redacted]@host/a@b'],
    ['/hooks?token=abc&x=1&X-Amz-Signature=zz', '/hooks?token=[redacted]&x=1&X-Amz-Signature=[redacted]'],
    ['/hooks?key=&sig=a', '/hooks?key=&sig=[redacted]'],
    ['/monkey?monkey=1', '/monkey?monkey=1'],
  ])('%s is shown as %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});
