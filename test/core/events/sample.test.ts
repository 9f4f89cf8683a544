import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import { readSample, type SampleForm, sampleHeaders, withQuery } from '../../../src/core/events/sample.js';

const read = (text: string | Uint8Array, form: SampleForm) => readSample(Buffer.from(text), form);
const textOf = (body: Uint8Array): string => Buffer.from(body).toString('latin1');

describe('a sample', () => {
  it('is JSON as it stands', () => {
    const sample = read('{ "total": 499.00 }\n', 'json');
    expect(textOf(sample.body)).toBe('{ "total": 499.00 }\n');
    expect(sample).toMatchObject({ headers: [], method: null, query: '' });
  });

  it('is a form, a field a line', () => {
    expect(textOf(read('MessageSid=SM1\r\nBody=Hi+there%21&To=%2B1\n\n', 'form').body)).toBe(
      'MessageSid=SM1&Body=Hi+there%21&To=%2B1',
    );
  });

  it('is a message, of which the body stays byte for byte', () => {
    const message =
      'POST /hook?mode=test HTTP/1.1\nHost: x.test\nX-Event: a\nX-Event: b\nContent-Length: 3\n\n[{"a":1},\r\n{"b":2}]\r\n';
    const sample = read(message, 'http');
    expect(textOf(sample.body)).toBe('[{"a":1},\r\n{"b":2}]\r\n');
    expect(sample).toMatchObject({
      method: 'POST',
      query: 'mode=test',
      headers: [
        ['X-Event', 'a'],
        ['X-Event', 'b'],
      ],
    });
    expect(read('GET /?a=b HTTP/1.1\n\n', 'http')).toMatchObject({ method: 'GET', query: 'a=b', headers: [] });
  });

  it.each<[string, string | Uint8Array, SampleForm, RegExp]>([
    ['nothing', '', 'http', /is empty/],
    ['a byte order mark', '\ufeff{}', 'json', /byte order mark/],
    ['no JSON', '{', 'json', /is not JSON/],
    ['no UTF-8', Uint8Array.of(0xff), 'form', /is not UTF-8/],
    ['no message', '{}', 'http', /is no HTTP message: .*line 1/],
    ['no header', 'POST / HTTP/1.1\nnonsense\n\n', 'http', /not a header \(line 2\)/],
    ['a form with a newline', 'POST / HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\na=1\n', 'http', /line break/],
  ])('refuses %s', (_, content, form, message) => {
    const reading = () => read(content, form);
    expect(reading).toThrow(message);
    expect(reading).toThrow(WebhookError);
  });

  it('says its Content-Type where the provider sends another', () => {
    const form = read('a=1', 'form');
    const json = read('{}', 'json');
    const FORM = 'application/x-www-form-urlencoded';
    expect(sampleHeaders(form, 'application/json')).toEqual([['Content-Type', FORM]]);
    expect(sampleHeaders(form, `${FORM}; charset=UTF-8`)).toEqual([]);
    expect(sampleHeaders(json, FORM)).toEqual([['Content-Type', 'application/json']]);
    expect(sampleHeaders(json, 'application/cloudevents+json')).toEqual([]);
    expect(sampleHeaders(read('GET / HTTP/1.1\nX: 1\n\n', 'http'), FORM)).toEqual([['X', '1']]);
  });
});

it.each([
  ['http://a.test/x', '', 'http://a.test/x'],
  ['http://a.test/x', 'b=1', 'http://a.test/x?b=1'],
  ['http://a.test/x?a=1', 'b=1', 'http://a.test/x?a=1&b=1'],
  ['http://a.test/x?#f', 'b=1', 'http://a.test/x?b=1#f'],
])('%s with %j is %s', (url, query, whole) => {
  expect(withQuery(url, query)).toBe(whole);
});
