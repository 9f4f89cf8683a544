import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/delivery/delivery.js';
import { deliveryFromHar, HAR_END, type HarOptions, harEntry, harStart } from '../../../src/core/delivery/har.js';
import { redactBody, redactHeaders, redactUrl } from '../../../src/core/delivery/redact.js';
import { type HeaderList, headerValue, withoutHeaders } from '../../../src/core/http/headers.js';
import { comparable, deliveries } from './arbitrary.js';

const open: HarOptions = {
  headers: (headers) => headers,
  url: (url) => url,
  body: null,
  decode: (_headers, bytes) => ({ bytes, names: '', problem: null }),
};
const redacted: HarOptions = { ...open, headers: (headers) => redactHeaders(headers), url: (url) => redactUrl(url) };

/** The JSON Schemas of HAR 1.2 (npm har-schema, which Postman and others validate with). */
const validate = (() => {
  const require = createRequire(import.meta.url);
  const read = (path: string): unknown => JSON.parse(readFileSync(require.resolve(path), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addMetaSchema(read('ajv/dist/refs/json-schema-draft-06.json') as object);
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  const parts = ['afterRequest', 'beforeRequest', 'browser', 'cache', 'content', 'cookie', 'creator', 'entry', 'header', 'log'];
  for (const part of [...parts, 'page', 'pageTimings', 'postData', 'query', 'request', 'response', 'timings'])
    ajv.addSchema(read(`har-schema/lib/${part}.json`) as object);
  return ajv.compile(read('har-schema/lib/har.json') as object);
})();

const archiveOf = (all: readonly Delivery[], options: HarOptions): string =>
  harStart('1.2.3') + all.map((delivery) => JSON.stringify(harEntry(delivery, options))).join(',') + HAR_END;

const readBack = (delivery: Delivery, options: HarOptions = open): Delivery => {
  const text = JSON.stringify(harEntry(delivery, options));
  return deliveryFromHar(JSON.parse(text), Buffer.from(text));
};

describe('harEntry', () => {
  it('writes archives that are valid by the schemas of HAR 1.2', () => {
    fc.assert(
      fc.property(fc.array(deliveries, { maxLength: 3 }), fc.boolean(), (all, hides) => {
        const archive = JSON.parse(archiveOf(all, hides ? redacted : open));
        expect(validate(archive), JSON.stringify(validate.errors)).toBe(true);
        expect(archive.log.entries).toHaveLength(all.length);
      }),
    );
  });

  it('has a schema to be measured by', () => {
    expect(validate({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [{}] } })).toBe(false);
  });

  const [sample] = fc.sample(deliveries, { seed: 7, numRuns: 1 }) as [Delivery];
  const delivery: Delivery = {
    ...sample,
    request: {
      method: 'POST',
      path: '/h?token=abc&a=1',
      headers: [
        ['Host', 'example.com'],
        ['X-Forwarded-Proto', 'http'],
        ['Authorization', 'Bearer abc'],
      ],
      body: Uint8Array.of(0xff, 0),
    },
    response: { status: 302, headers: [['Location', '/there']], body: Buffer.from('moved'), durationMs: 12.5 },
  };

  it('tells secrets to nobody who does not ask for them', () => {
    expect(JSON.stringify(harEntry(delivery, redacted))).not.toContain('abc');
    expect(JSON.stringify(harEntry(delivery, open))).toContain('Bearer abc');
  });

  describe('of a request with an encoded body', () => {
    const hiding: HarOptions = {
      ...redacted,
      body: (body) => redactBody(body, ['body:/token']),
      decode: (headers, body) =>
        headerValue(headers, 'content-encoding') === 'gzip'
          ? { bytes: gunzipSync(body), names: 'gzip', problem: null }
          : { bytes: body, names: 'zstd', problem: 'this encoding is not known here' },
    };
    const sent = (text: string, encoding: string): { post: unknown; names: string[] } => {
      const headers: HeaderList = [['Content-Encoding', encoding]];
      const request = { ...delivery.request, headers, body: gzipSync(text) };
      const entry = JSON.parse(JSON.stringify(harEntry({ ...delivery, request }, encoding === 'open' ? open : hiding)));
      return { post: entry.request.postData, names: entry.request.headers.map(({ name }: { name: string }) => name) };
    };

    it('looks for secrets in it', () => {
      const { post, names } = sent('{"token":"abc","n":1.0}', 'gzip');
      expect(post).toMatchObject({
        text: '{"token":"[redacted]","n":1.0}',
        comment: expect.stringMatching(/sent encoded \(gzip\)/),
      });
      expect(names).toEqual([]);
    });

    it('leaves it as it was sent where there are none, or they are asked for', () => {
      const text = '{"n":1.0}';
      const same = { mimeType: 'application/octet-stream', text: gzipSync(text).toString('base64'), _encoding: 'base64' };
      expect(sent(text, 'gzip')).toEqual({ post: same, names: ['Content-Encoding'] });
      expect(sent(text, 'open')).toEqual({ post: same, names: ['Content-Encoding'] });
    });

    it('leaves it out where it cannot be looked into, and says so', () => {
      const { post, names } = sent('{"token":"abc"}', 'zstd');
      const comment =
        'The body is left out: it is encoded (zstd), and cannot be searched for secrets: this encoding is not known here.';
      expect(post).toEqual({ mimeType: 'application/octet-stream', text: '', comment });
      expect(names).toEqual(['Content-Encoding']);
    });
  });

  it('leaves an answer out that cannot be looked into, and says so', () => {
    const hiding: HarOptions = {
      ...redacted,
      body: (body) => body,
      decode: (_headers, body) => ({ bytes: body, names: 'zstd', problem: 'this encoding is not known here' }),
    };
    expect(harEntry(delivery, hiding)).toMatchObject({
      response: { content: { text: '', comment: expect.stringMatching(/left out.*zstd/) } },
    });
    expect(harEntry(delivery, { ...hiding, body: null })).toMatchObject({ response: { content: { text: 'moved' } } });
  });

  it('has the parts that developer tools show', () => {
    expect(harEntry(delivery, open)).toMatchObject({
      startedDateTime: new Date(delivery.receivedAt).toISOString(),
      time: 12.5,
      request: {
        method: 'POST',
        url: 'http://example.com/h?token=abc&a=1',
        queryString: [
          { name: 'token', value: 'abc' },
          { name: 'a', value: '1' },
        ],
        postData: { text: '/wA=', _encoding: 'base64' },
        bodySize: 2,
      },
      response: { status: 302, redirectURL: '/there', content: { size: 5, text: 'moved' } },
      timings: { send: 0, wait: 12.5, receive: 0 },
    });
  });

  it('says as browsers do that there was no answer', () => {
    expect(harEntry({ ...delivery, response: null, attempts: [] }, open)).toMatchObject({ time: 0, response: { status: 0 } });
  });
});

describe('deliveryFromHar', () => {
  it('gives back id, provider, event and the exact request of what was written here', () => {
    fc.assert(
      fc.property(deliveries, (delivery) => {
        const read = readBack(delivery);
        const { id, receivedAt, provider, event, eventId, duplicateOf, request } = delivery;
        expect(comparable(read)).toMatchObject(
          comparable({ id, receivedAt, provider, event, eventId, duplicateOf, request }) as object,
        );
        expect(read).toMatchObject({ origin: 'imported', verdict: { status: 'unchecked' }, attempts: [] });
        if (delivery.response === null) return;
        const headers = withoutHeaders(delivery.response.headers, ['content-encoding']);
        expect(comparable(read.response)).toEqual(comparable({ ...delivery.response, headers }));
      }),
    );
  });

  /** As Chrome's developer tools write one of a request over HTTP/2. */
  const chrome = {
    startedDateTime: '2026-11-22T14:02:11.123Z',
    time: 41.5,
    request: {
      method: 'POST',
      url: 'https://example.com/hooks?x=1#part',
      httpVersion: 'http/2.0',
      headers: [
        { name: ':authority', value: 'example.com' },
        { name: ':method', value: 'POST' },
        { name: 'content-type', value: 'application/json' },
        { name: 'x-name', value: 'Zoë €' },
      ],
      queryString: [{ name: 'x', value: '1' }],
      cookies: [],
      headersSize: -1,
      bodySize: 9,
      postData: { mimeType: 'application/json', text: '{"é":1.0}' },
    },
    response: {
      status: 200,
      statusText: '',
      httpVersion: 'http/2.0',
      headers: [
        { name: 'content-encoding', value: 'br' },
        { name: 'content-type', value: 'text/plain' },
      ],
      cookies: [],
      content: { size: 2, mimeType: 'text/plain', text: 'b2s=', encoding: 'base64' },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
      _transferSize: 100,
    },
    cache: {},
    timings: { blocked: 1, send: 0.1, wait: 40, receive: 0.4 },
  };
  const read = (entry: object): Delivery => deliveryFromHar(entry, Buffer.from(JSON.stringify(entry)));

  it('reads what a browser recorded', () => {
    const delivery = read(chrome);
    expect(delivery).toMatchObject({
      origin: 'imported',
      receivedAt: Date.UTC(2026, 10, 22, 14, 2, 11, 123),
      provider: null,
      request: {
        method: 'POST',
        path: '/hooks?x=1',
        headers: [
          ['Host', 'example.com'],
          ['content-type', 'application/json'],
          ['x-name', Buffer.from('Zoë €').toString('latin1')],
        ],
      },
      response: { status: 200, headers: [['content-type', 'text/plain']], durationMs: 41.5 },
    });
    expect(Buffer.from(delivery.request.body).toString()).toBe('{"é":1.0}');
    expect(Buffer.from(delivery.response?.body ?? []).toString()).toBe('ok');
  });

  it('gives the same entry the same id, of the time it was made', () => {
    const { id } = read(chrome);
    expect(read(chrome).id).toBe(id);
    expect(id.slice(0, 10)).toBe('dlv_01M81S');
    expect(read({ ...chrome, time: 41 }).id).not.toBe(id);
  });

  it.each([
    [{ ...chrome, startedDateTime: 'now' }, '/startedDateTime should be a time'],
    [{ ...chrome, request: 5 }, '/request should be an object'],
    [{ ...chrome, request: { ...chrome.request, url: 'data:,x' } }, '/request/url should be an http or https URL'],
    [{ ...chrome, request: { ...chrome.request, method: 'P T' } }, '/request/method should be an HTTP method'],
    [{ ...chrome, request: { ...chrome.request, headers: null } }, '/request/headers should be an array'],
    [
      { ...chrome, request: { ...chrome.request, headers: [{ name: 'a', value: 'b\nc' }] } },
      '/request/headers/0 should be a header',
    ],
    [{ ...chrome, response: { ...chrome.response, content: 'x' } }, '/response/content should be an object'],
  ])('names what is wrong with one', (entry, message) => {
    expect(() => read(entry)).toThrow(message);
  });

  it('takes a request without an answer as one', () => {
    expect(read({ ...chrome, response: { ...chrome.response, status: 0 } }).response).toBeNull();
    expect(read({ ...chrome, response: { ...chrome.response, status: -1 } }).response).toBeNull();
  });
});
