import { expect, it } from 'vitest';
import { shownUrl } from '../../src/render/shown-url.js';

it.each([
  ['http://localhost:3000/hooks?x=1', 'http://localhost:3000/hooks?x=1'],
  ['https://me:pw@host/a@b', 'https://[redacted]@host/a@b'],
  ['/hooks?token=abc&x=1&X-Amz-Signature=zz', '/hooks?token=[redacted]&x=1&X-Amz-Signature=[redacted]'],
  ['/hooks?key=&sig=a', '/hooks?key=&sig=[redacted]'],
  ['/monkey?monkey=1', '/monkey?monkey=1'],
])('%s is shown as %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
