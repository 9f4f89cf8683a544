import { describe, expect, it } from 'vitest';
import { defineProvider } from '../../../src/core/providers/define.js';
import type { Scheme } from '../../../src/core/providers/model.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { type ContentValues, signedContent } from '../../../src/core/signature/content.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import { signed, URL_OF_HOOK } from './schemes.js';

const providerOf = (content: string) =>
  defineProvider({ name: 'acme', signature: { header: 'X-Sig', content, timestampHeader: 'X-Time', idHeader: 'X-Id' } });
const values: ContentValues = { timestamp: '5', id: 'i', url: 'https://a.example/b', method: 'PUT', secret: 's' };

/** The content as bytes, and what it lacked. */
function contentOf(
  template: string,
  given: Partial<ContentValues> = {},
  body: Uint8Array = Buffer.from('{"a":"é","n":1.50}'),
): [Buffer, readonly string[]] {
  const reader = new RequestReader({ headers: [['X-Some', 'some']], body, path: '/hooks?x=1' });
  const { pieces, missing } = signedContent(providerOf(template).schemes[0] as Scheme, reader, { ...values, ...given });
  return [Buffer.concat(pieces.map((piece) => Buffer.from(piece))), missing];
}

describe('signedContent', () => {
  it.each([
    ['{body}', '{"a":"é","n":1.50}'],
    ['v0:{timestamp}:{id}', 'v0:5:i'],
    ['{method} {url}|{path}', 'PUT https://a.example/b|/hooks?x=1'],
    ['{secret}{header:x-some}{query:x}', 'ssome1'],
    ['{body:/a}{body:/n}', 'é1.50'],
    ['{}{{', '{}{{'],
    ['{timestamp}{timestamp}', '55'],
  ])('%s', (template, text) => expect(contentOf(template)).toEqual([Buffer.from(text), []]));

  it('holds the body as the bytes it is', () => {
    const body = Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0xc3]);
    expect(contentOf('<{body}>', {}, body)[0]).toEqual(Buffer.concat([Buffer.from('<'), body, Buffer.from('>')]));
  });

  it('names what the request lacks, and takes it for empty', () => {
    expect(contentOf('{id}.{url}.{body:/none}', { id: null, url: null })).toEqual([
      Buffer.from('..'),
      ['id', 'url', 'body:/none'],
    ]);
  });
});

it('a path is the same to who signs with a URL and to who verifies without', () => {
  const provider = providerOf('{method}{path}{body}');
  const body = Buffer.from('{}');
  const { headers } = signed(provider, { body, secrets: ['s'], url: `${URL_OF_HOOK}#part` });
  const request = { headers, body, secrets: ['s'], now: 0 };
  expect(verifySignature(provider, { ...request, path: '/in?shop=1' }).status).toBe('valid');
  expect(verifySignature(provider, { ...request, path: '/in?shop=2' }).status).toBe('invalid');
  const bare = signed(provider, { body, secrets: ['s'], url: 'https://a.example' });
  expect(verifySignature(provider, { ...request, headers: bare.headers, path: '/' }).status).toBe('valid');
});
