import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import type { HeaderList } from '../../../../src/core/http/headers.js';
import { identify } from '../../../../src/core/providers/batch.js';
import shopify from '../../../../src/core/providers/catalogue/shopify.js';
import { detectProvider } from '../../../../src/core/providers/detect.js';
import { builtinProviders } from '../../../../src/core/providers/list.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { NOW } from '../../signature/schemes.js';

it('knows the headers of Events as well as those of webhooks', () => {
  const body = Buffer.from('{"topic":"Product","action":"update","handle":"prices"}');
  const headers: HeaderList = [
    ['shopify-topic', 'Product'],
    ['shopify-action', 'update'],
    ['shopify-handle', 'prices'],
    ['shopify-webhook-id', 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043'],
    ['shopify-hmac-sha256', createHmac('sha256', 'hush').update(body).digest('base64')],
  ];
  const reader = new RequestReader({ headers, body, path: '/' });
  expect(detectProvider(reader, builtinProviders)).toMatchObject({ status: 'detected', provider: { name: 'shopify' } });
  expect(identify(shopify, reader)).toMatchObject({ event: 'Product.update', eventId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043' });
  expect(verifySignature(shopify, { headers, body, secrets: ['hush'], now: NOW }).status).toBe('valid');
  expect(verifySignature(shopify, { headers, body, secrets: ['other'], now: NOW }).status).toBe('invalid');
});
