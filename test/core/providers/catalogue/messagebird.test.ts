import { describe, expect, it } from 'vitest';
import messagebird from '../../../../src/core/providers/catalogue/messagebird.js';
import type { Verdict } from '../../../../src/core/signature/verdict.js';
import { bytes, verdictOf } from '../../signature/schemes.js';

// messagebird-nodejs, lib/testdata/webhook-signature-jwt-reference.json: all received on 5 July 2021 at 12:00:00+02:00.
const AT = Date.parse('2021-07-05T12:00:00+02:00');
const SECRET = '36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb';
const HEADER = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';
const FROM_MESSAGEBIRD = 'eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNT';
const plain =
  'Q3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.6Fp0rVOsRr1fj9S2GidXAfkmPVofKr8_RTffC6G6r2E';
const withQuery =
  'Q3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiJjOTQ2YWY3Ny1lMTgyLTRlYWEtYjJmZi0xYTU0NWI1ZTk5MWEiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAifQ.huo2ou6JDoDc7sV25d75UMWeYhBeavQlLsqIibSZuac';
const withPayload =
  'Q3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI5M2U1NTAwNi1hMGU4LTQ1MjYtYTE5MC1mYTVmZjAwZWExMTYiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAiLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIxODI5ODZmIn0._H--TOuYFLpeEH39-rg5E3IHVkjHozBcaKVWPRC5m9I';
const early =
  'Q4MjgwMCwiZXhwIjoxNjI1NDgyODYwLCJqdGkiOiJmOWY4YzM4Mi0yNDQ5LTQzMTEtYjcyYi0xZGY3MTY4NzkzMWUiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.ZELgDFNGhjZH9CffQKcq3sytBe2I0KciLxpBhcfstHQ';
const expired =
  'Q3NTYwMCwiZXhwIjoxNjI1NDc1NjYwLCJqdGkiOiI1ZjAyZjUyMi02MDMwLTQ2YzgtYjVhMy0wMTI0NjQ3OGQ4YmMiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.45MSST3B_2PsjNUeiuW54_vUQgVw4rBXrdWrOUEz3lM';

function verdict(token: string, url: string | null, payload = '', secret = SECRET, now = AT): Verdict {
  const headers = [['MessageBird-Signature-JWT', `${HEADER}.${FROM_MESSAGEBIRD}${token}`]] as const;
  return verdictOf(messagebird, { headers, body: bytes(payload), url, secrets: [secret], now });
}

const URL_WITH_QUERY = 'https://example.com/path?bar=1&foo=2';

describe('the published tokens', () => {
  it.each([
    ['no query, no payload', plain, 'https://example.com/', ''],
    ['a query', withQuery, URL_WITH_QUERY, ''],
    ['a query and a payload', withPayload, URL_WITH_QUERY, 'Hello, World!'],
  ])('%s: valid', (_, token, url, payload) => {
    expect(verdict(token, url, payload).status).toBe('valid');
    expect(verdict(token, url, payload, 'another').reason).toBe('mismatch');
    expect(verdict(token, url, `${payload}!`).reason).toBe('mismatch');
    expect(verdict(token, `${url}x`, payload).reason).toBe('mismatch');
    expect(verdict(token, url, payload, SECRET, AT + 3_600_000).reason).toBe('timestamp_too_old');
  });

  it('parameters in another order are another URL', () => {
    expect(verdict(withQuery, 'https://example.com/path?foo=2&bar=1').reason).toBe('mismatch');
  });

  it('one from the future and one that is over are not', () => {
    expect(verdict(early, 'https://example.com/').reason).toBe('timestamp_in_future');
    expect(verdict(expired, 'https://example.com/').reason).toBe('timestamp_too_old');
  });

  it('say what is missing where nobody said which URL it was', () => {
    expect(verdict(plain, null)).toMatchObject({ status: 'invalid', message: expect.stringContaining('URL') });
  });
});
