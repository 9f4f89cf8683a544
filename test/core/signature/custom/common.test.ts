import { expect, it } from 'vitest';
import { WebhookError } from '../../../../src/core/errors.js';
import { sameText, splitUrl, urlToSign } from '../../../../src/core/signature/custom/common.js';

it('texts are the same or not, of any length', () => {
  expect(sameText('', '')).toBe(true);
  expect(sameText('a', 'a')).toBe(true);
  expect(sameText('a', 'ab')).toBe(false);
  expect(sameText('é', 'e')).toBe(false);
});

it('a URL is split as it is spelled', () => {
  expect(splitUrl('HTTPS://A.test:443/x%20y?b=%zz#f')).toEqual({ origin: 'HTTPS://A.test:443', path: '/x%20y', query: 'b=%zz' });
  expect(splitUrl('http://a.test')).toEqual({ origin: 'http://a.test', path: '', query: '' });
  expect(splitUrl('/path')).toBeNull();
});

it('a URL that nobody said is asked for', () => {
  const input = { headers: [], body: Buffer.alloc(0), path: '/', method: 'POST', secret: '', now: 0 };
  expect(urlToSign({ ...input, url: 'https://a.test' })).toBe('https://a.test');
  expect(() => urlToSign({ ...input, url: null })).toThrow(WebhookError);
});
