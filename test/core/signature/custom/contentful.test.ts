import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../../src/core/http/headers.js';
import { contentfulSignature } from '../../../../src/core/signature/custom/contentful.js';

const SECRET = 'a'.repeat(64);
const NOW = 1_603_379_941_037;
const base = { url: null, method: 'POST', secret: SECRET, now: NOW, tolerance: null, path: '/api/v1?a=1&b=2' };
const body = Buffer.from('{"sys":{"id":"Zoë"}}');

describe('Contentful', () => {
  it('signs what the library puts together', () => {
    const headers: HeaderList = [
      ['Content-Type', 'application/json'],
      ['X-Contentful-Topic', ' ContentManagement.Entry.publish '],
    ];
    const made = contentfulSignature.sign({ ...base, headers, body, id: '' });
    // sign-request.ts: method, encodeURI(path + '?' + escape(query)), sorted `name:value` joined by `;`, body.
    const names = 'x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic';
    const content = `POST\n/api/v1?a%253D1%2526b%253D2\nx-contentful-signed-headers:${names};x-contentful-timestamp:${NOW};x-contentful-topic:ContentManagement.Entry.publish\n${body}`;
    expect(made.headers).toEqual([
      ['x-contentful-signature', createHmac('sha256', SECRET).update(content).digest('hex')],
      ['x-contentful-signed-headers', names],
      ['x-contentful-timestamp', String(NOW)],
    ]);
  });

  const { headers: added } = contentfulSignature.sign({ ...base, headers: [['X-Contentful-Topic', 't']], body, id: '' });
  const headers: HeaderList = [['x-contentful-topic', 't'], ...added];
  const verify = (over: object) => contentfulSignature.verify({ ...base, headers, body, ...over });

  it('verifies what it signed, whatever else is changed', () => {
    expect(verify({})).toBe('valid');
    expect(verify({ path: '/api/v1?b=2&a=1' })).toBe('mismatch');
    expect(verify({ method: 'PUT' })).toBe('mismatch');
    expect(verify({ secret: 'b'.repeat(64) })).toBe('mismatch');
    expect(verify({ body: Buffer.from('{}') })).toBe('mismatch');
    expect(verify({ headers: [['x-contentful-topic', 'other'], ...added] })).toBe('mismatch');
    expect(verify({ headers: [...headers, ['content-type', 'text/plain']] })).toBe('valid');
  });

  it('has an age of 30 s', () => {
    expect(verify({ now: NOW + 29_999 })).toBe('valid');
    expect(verify({ now: NOW + 30_000 })).toBe('timestamp_too_old');
    expect(verify({ now: NOW + 30_000, tolerance: 60_000 })).toBe('valid');
    expect(verify({ now: NOW - 60_001 })).toBe('valid');
    expect(verify({ now: NOW - 60_001, tolerance: 60_000 })).toBe('timestamp_in_future');
  });

  it('says what is missing or not of its form', () => {
    expect(verify({ headers: headers.filter(([name]) => name !== 'x-contentful-signature') })).toBe('absent');
    expect(verify({ headers: headers.filter(([name]) => name !== 'x-contentful-timestamp') })).toBe('malformed');
    expect(verify({ headers: headers.filter(([name]) => name !== 'x-contentful-signed-headers') })).toBe('malformed');
    expect(contentfulSignature.secret?.fits('short')).toBe(false);
  });

  it('does not believe a timestamp that is not signed', () => {
    const content = `POST\n/a\nx-contentful-signed-headers:x-contentful-signed-headers\n`;
    const forged: HeaderList = [
      ['x-contentful-signature', createHmac('sha256', SECRET).update(content).digest('hex')],
      ['x-contentful-signed-headers', 'x-contentful-signed-headers'],
      ['x-contentful-timestamp', String(NOW)],
    ];
    expect(verify({ path: '/a', headers: forged, body: Buffer.alloc(0) })).toBe('mismatch');
    expect(verify({ path: '/\ud800?%', headers, body })).toBe('mismatch');
  });
});
