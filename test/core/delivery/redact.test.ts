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
    expect(redactHeaders([[name, value]], new Set(['x-sig']))).toEqual([[name, shown]]);
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
  const of = (text: string, ...places: string[]) => Buffer.from(redactBody(Buffer.from(text), places)).toString();

  it('hides the text at a pointer, and nothing else', () => {
    expect(of('{ "verification_token": "secret_1", "n": 1.0 }', 'body:/verification_token')).toBe(
      '{ "verification_token": "[redacted]", "n": 1.0 }',
    );
    expect(of('{"a":{"token":"x"}}', 'body:/token', 'body:/a/token')).toBe('{"a":{"token":"[redacted]"}}');
  });

  it('hides it in each item of an array', () => {
    const batch = '{"items":[{"a":[{"hmac":"x"},{"hmac":"y"}]},{"a":[{"hmac":""}, 1]},{"hmac":"z"}]}';
    expect(of(batch, 'body:/items/*/a/*/hmac')).toBe(
      '{"items":[{"a":[{"hmac":"[redacted]"},{"hmac":"[redacted]"}]},{"a":[{"hmac":""}, 1]},{"hmac":"z"}]}',
    );
    expect(of('[{"k":"x"},{"k":"y"}]', 'body:/*/k')).toBe('[{"k":"[redacted]"},{"k":"[redacted]"}]');
    expect(of('{"items":{"0":{"k":"x"}}}', 'body:/items/*/k')).toBe('{"items":{"0":{"k":"x"}}}');
  });

  it('hides the fields of a form, however they are spelled', () => {
    expect(of('a=%2F&token=Jhj5&%74oken=x&b=t%20oken', 'form:token')).toBe(
      'a=%2F&token=[redacted]&%74oken=[redacted]&b=t%20oken',
    );
    expect(of('token=&x=token', 'form:token')).toBe('token=&x=token');
  });

  it('hides what stands in the JSON of a form’s field', () => {
    const shown = of('payload=%7B%22token%22%3A%22x%22%2C%22n%22%3A1.0%7D&token=stays', 'form:payload#/token');
    expect(decodeURIComponent(shown)).toBe('payload={"token":"[redacted]","n":1.0}&token=stays');
    expect(of('payload=token&b=1', 'form:payload#/token')).toBe('payload=token&b=1');
  });

  it.each(['', 'token', '{"token":1}', '{"token":', '[]', '["token"]', 'token=secret', 'token={'])(
    'leaves %j as it is',
    (text) => {
      expect(of(text, 'body:/token', 'body:/a/*/token', 'form:payload#/token')).toBe(text);
    },
  );
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

  it('hides more parameters where it is told to', () => {
    expect(redactUrl('/hooks?pass=a&x=1', new Set(['pass']))).toBe('/hooks?pass=[redacted]&x=1');
  });
});
