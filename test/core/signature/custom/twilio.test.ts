import { describe, expect, it } from 'vitest';
import { twilioSignature } from '../../../../src/core/signature/custom/twilio.js';
import vectors from '../vectors.json' with { type: 'json' };

const published = vectors.filter(({ provider }) => provider === 'twilio');
const inputOf = ({ url, body, secret, headers }: (typeof published)[number]) => ({
  headers: Object.entries(headers),
  body: Buffer.from(body),
  url,
  path: '/',
  method: 'POST',
  secret,
  now: 0,
  tolerance: null,
});

describe('twilio', () => {
  it.each(published)('verifies $source', (vector) => {
    const input = inputOf(vector);
    expect(twilioSignature.verify(input)).toBe('valid');
    expect(twilioSignature.verify({ ...input, secret: 'another' })).toBe('mismatch');
    expect(twilioSignature.verify({ ...input, url: input.url.replace('foo=1', 'foo=2') })).toBe('mismatch');
    expect(twilioSignature.verify({ ...input, body: Buffer.from(`${vector.body}1`) })).toBe('mismatch');
    expect(twilioSignature.verify({ ...input, url: null })).toBe('url_unknown');
  });

  const base = { headers: [], path: '/', method: 'POST', secret: '12345', now: 0, id: '', tolerance: null } as const;
  const form = [['Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8']] as const;
  const verified = (url: string, body: string, signedFor: string) => {
    const { headers } = twilioSignature.sign({ ...base, headers: form, url: signedFor, body: Buffer.from(body) });
    return twilioSignature.verify({ ...base, headers, url, body: Buffer.from(body) });
  };

  it('takes the URL with and without its default port, as twilio-node does', () => {
    expect(verified('https://my.test/a?b=1', 'x=1', 'https://my.test:443/a?b=1')).toBe('valid');
    expect(verified('https://my.test:443/a?b=1', 'x=1', 'https://my.test/a?b=1')).toBe('valid');
    expect(verified('http://my.test/a', 'x=1', 'http://my.test:80/a')).toBe('valid');
    expect(verified('http://my.test:8080/a', 'x=1', 'http://my.test/a')).toBe('valid');
    expect(verified('http://my.test/a', 'x=1', 'https://my.test/a')).toBe('mismatch');
  });

  it('takes the query as it is and encoded anew', () => {
    expect(verified("https://my.test/a?b=it's here", 'x=1', 'https://my.test/a?b=it%27s%20here')).toBe('valid');
  });

  it('counts each value of a repeated field once, in order', () => {
    expect(verified('https://my.test/a', 'b=2&a=1&b=1&b=2', 'https://my.test/a')).toBe('valid');
    const { headers } = twilioSignature.sign({
      ...base,
      headers: form,
      url: 'https://my.test/a',
      body: Buffer.from('b=2&b=1&a=1'),
    });
    const other = { ...base, headers, url: 'https://my.test/a', body: Buffer.from('a=1&b=1&b=2&b=1') };
    expect(twilioSignature.verify(other)).toBe('valid');
  });

  it('adds the hash of a body that is no form to the URL it signs', () => {
    const body = Buffer.from('{"a":1}');
    const made = twilioSignature.sign({
      ...base,
      headers: [['Content-Type', 'application/json']],
      url: 'https://my.test/a?b=1',
      body,
    });
    expect(made.url).toBe('https://my.test/a?b=1&bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
    const input = { ...base, headers: made.headers, url: made.url ?? null };
    expect(twilioSignature.verify({ ...input, body })).toBe('valid');
    expect(twilioSignature.verify({ ...input, body: Buffer.from('{"a":2}') })).toBe('mismatch');
  });

  it('reads what comes from outside without a stumble', () => {
    const of = (signature: string, url = 'not a url') =>
      twilioSignature.verify({ ...base, headers: [['x-twilio-signature', signature]], url, body: Buffer.from('%zz&&=') });
    expect(twilioSignature.verify({ ...base, url: 'https://my.test', body: Buffer.alloc(0) })).toBe('absent');
    expect(of('')).toBe('malformed');
    expect(of('AAAA')).toBe('malformed');
    expect(of('0/KCTR6DLpKmkAf8muzZqo1nDgQ=')).toBe('mismatch');
    expect(() => twilioSignature.sign({ ...base, url: null, body: Buffer.alloc(0) })).toThrow(/covers url/);
  });
});
