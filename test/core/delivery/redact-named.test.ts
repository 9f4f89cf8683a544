import { describe, expect, it } from 'vitest';
import { redactNamed } from '../../../src/core/delivery/redact-named.js';

const of = (text: string): string => Buffer.from(redactNamed(Buffer.from(text, 'latin1'))).toString('latin1');

describe('a body that is given away', () => {
  it('says no more what is called like a secret, in JSON at any depth', () => {
    expect(of('{"n":499.00,"password" : "hunter2","user":{"accessToken":"a\\"b","name":"Zo\\u00eb"},"otp":123456}')).toBe(
      '{"n":499.00,"password" : "[redacted]","user":{"accessToken":"[redacted]","name":"Zo\\u00eb"},"otp":"[redacted]"}',
    );
    expect(of('[{"client_secret":"x"},{"API-Key":"y"}]')).toBe('[{"client_secret":"[redacted]"},{"API-Key":"[redacted]"}]');
  });

  it('keeps what only holds such a word, is empty, or is no value of its own', () => {
    for (const text of [
      '{"token":3,"tokens":3,"max_tokens":7,"keyboard":"nl","password":"","token":null,"secret":{"a":"b"},"session":[1],"note":"password"}',
      'the password is hunter2',
      'a=1&b=2&monkey=x',
      'keys\xff\x00token',
    ])
      expect(of(text)).toBe(text);
  });

  it('holds for fields of a form', () => {
    expect(of('a=1&password=hunter%202&user%5Btoken%5D=x&b=%20')).toBe(
      'a=1&password=[redacted]&user%5Btoken%5D=[redacted]&b=%20',
    );
    expect(of('token=abc')).toBe('token=[redacted]');
  });

  it('is the same array where nothing is hidden', () => {
    const body = Buffer.from('{"token":""}');
    expect(redactNamed(body)).toBe(body);
  });
});
