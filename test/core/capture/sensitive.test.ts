import { describe, expect, it } from 'vitest';
import { luhn, plainKey, sensitiveBy, sensitiveIn } from '../../../src/core/capture/sensitive.js';

describe('by what it is called', () => {
  it.each([
    ['customerEmail', 'e-mail address'],
    ['Phone-Number', 'phone number'],
    ['first_name', 'given name'],
    ['shipping_name', 'name'],
    ['postalCode', 'part of an address'],
    ['addressLine1', 'street'],
    ['access_token', 'secret'],
    ['client_secret', 'secret'],
    ['iban', 'account number'],
    ['date_of_birth', 'date of birth'],
    ['ip_address', 'IP address'],
  ])('%s is a(n) %s', (key, kind) => {
    expect(sensitiveBy({ key: plainKey(key), personal: false }, false)).toBe(kind);
  });

  it.each([
    'name',
    'company',
    'status',
    'sku',
    'country',
    'order_number',
    'token_type',
    'total_tokens',
    'product_name',
    'file_name',
  ])('%s is nothing private by itself', (key) => {
    expect(sensitiveBy({ key: plainKey(key), personal: false }, false)).toBeNull();
  });

  it('a name is a person’s where it is about a person', () => {
    expect(sensitiveBy({ key: 'name', personal: true }, false)).toBe('name');
    expect(sensitiveBy({ key: 'company', personal: true }, false)).toBe('company');
  });

  it('a number is no secret, unless it is a PIN', () => {
    expect(sensitiveBy({ key: 'token', personal: false }, true)).toBeNull();
    expect(sensitiveBy({ key: 'pin', personal: false }, true)).toBe('secret');
  });
});

describe('by what it looks like', () => {
  const told = (text: string): string[] => sensitiveIn(text).map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`);

  it.each<[string, string[]]>([
    ['mail zoë.de-vries+x@mail.example.co.uk, now', ['e-mail address: zoë.de-vries+x@mail.example.co.uk']],
    // Test numbers that card networks publish.
    ['card 4242 4242 4242 4242 or 378282246310005', ['card number: 4242 4242 4242 4242', 'card number: 378282246310005']],
    ['no card: 4242 4242 4242 4241, 1795356131000, 2026-11-22', []],
    // The examples of ISO 13616.
    [
      'GB82 WEST 1234 5698 7654 32 or DE89370400440532013000',
      ['account number: GB82 WEST 1234 5698 7654 32', 'account number: DE89370400440532013000'],
    ],
    ['GB82 WEST 1234 5698 7654 33', []],
    ['call +31 20 123 45 67', ['phone number: +31 20 123 45 67']],
    ['Authorization: Bearer abc.def-ghi', ['secret: abc.def-ghi']],
    ['https://me:hush@host/x?a=1&token=hush2&b=2', ['secret: hush2', 'secret: me:hush']],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', ['secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', ['secret: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc']],
    ['Flyers A5, 135 g/m², 12.50', []],
  ])('%s', (text, expected) => {
    expect(told(text).sort()).toEqual([...expected].sort());
  });

  it('takes no longer than a text is long', () => {
    for (const text of [
      'a@'.repeat(100_000),
      '+1 '.repeat(100_000),
      '4'.repeat(200_000),
      'AB12 '.repeat(50_000),
      'a.'.repeat(100_000),
    ]) {
      sensitiveIn(text);
    }
  });

  it('knows a right check digit', () => {
    expect([luhn('4242424242424242'), luhn('4242424242424241')]).toEqual([0, 9]);
  });
});
