import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHeadersFile, parseRawRequest, writeRawRequest } from '../../../src/core/delivery/raw.js';
import { WebhookError } from '../../../src/core/errors.js';
import { caught } from '../../support/caught.js';

const parse = (text: string) => parseRawRequest(Buffer.from(text, 'latin1'));
const bodyOf = (text: string): string => Buffer.from(parse(text).body).toString('latin1');

describe('raw requests', () => {
  it('are written as they stand on the wire', () => {
    const bytes = writeRawRequest({
      method: 'POST',
      path: '/hooks?x=1',
      host: 'localhost:4400',
      headers: [
        ['X-Twice', 'a'],
        ['x-twice', 'caf\xe9'],
      ],
      body: Buffer.from([0, 255, 13, 10]),
    });
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      'POST /hooks?x=1 HTTP/1.1\r\nHost: localhost:4400\r\nX-Twice: a\r\nx-twice: caf\xe9\r\n\r\n\0\xff\r\n',
    );
  });

  it('have one Host', () => {
    const bytes = writeRawRequest({ method: 'GET', path: '/', host: 'a', headers: [['host', 'b']], body: new Uint8Array() });
    expect(Buffer.from(bytes).toString()).toBe('GET / HTTP/1.1\r\nhost: b\r\n\r\n');
  });

  it('come back as they were written', () => {
    const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
    const value = fc.stringMatching(/^([\x21-\x7e\x80-\xff]([\x20-\x7e\x80-\xff\t]{0,10}[\x21-\x7e\x80-\xff])?)?$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), fc.uint8Array(), fc.webPath(), (headers, body, path) => {
        const request = { method: 'POST', path: `/${path}`, headers, body };
        const { url: _, ...read } = parseRawRequest(writeRawRequest(request));
        expect({ ...read, body: [...read.body] }).toEqual({ ...request, body: [...body] });
      }),
    );
  });

  it('may have LF or CRLF in the head; the body is left alone', () => {
    expect(bodyOf('POST / HTTP/1.1\nA: b\n\na\r\nb\n\n')).toBe('a\r\nb\n\n');
    expect(bodyOf('POST / HTTP/1.1\r\nA: b\n\r\n\r\n')).toBe('\r\n');
    expect(bodyOf('POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nabc')).toBe('abc');
    expect(bodyOf('POST / HTTP/1.1\r\nA: b')).toBe('');
    expect(bodyOf('\xef\xbb\xbf### a name\n\nPOST / HTTP/1.1\n\n\xef\xbb\xbfx')).toBe('\xef\xbb\xbfx');
  });

  it('keep a header value that ends in half a Latin-1 blank', () => {
    expect(parse('POST / HTTP/1.1\nX: voil\xc3\xa0 \t\n\n').headers).toEqual([['X', 'voil\xc3\xa0']]);
  });

  it.each([
    ['POST /a?b=c HTTP/1.1\nHost: example.com\n\n', '/a?b=c', 'https://example.com/a?b=c'],
    ['POST /a HTTP/1.1\nhost: localhost:3000\n\n', '/a', 'http://localhost:3000/a'],
    ['POST /a HTTP/1.1\nHost: 127.0.0.1\nX-Forwarded-Proto: https\n\n', '/a', 'https://127.0.0.1/a'],
    ['POST https://example.com/a?b#c\n\n', '/a?b', 'https://example.com/a?b'],
    ['POST http://example.com?b HTTP/1.1\n\n', '/?b', 'http://example.com/?b'],
    ['POST /a\n\n', '/a', null],
    ['OPTIONS * HTTP/1.1\nHost: a\n\n', '*', null],
  ])('%j goes to %s (%s)', (text, path, url) => {
    expect(parse(text)).toMatchObject({ path, url });
  });

  it.each([
    ['', 'There is no HTTP request in it (line 1).'],
    ['\n\n', 'There is no HTTP request in it (line 2).'],
    ['HTTP/1.1 200 OK\n\n', 'This is an HTTP response, not a request (line 1).'],
    ['{"a":1}', 'This is not the first line of an HTTP request (line 1).'],
    ['POST / HTTP/1.1\nA: b\nno colon\n\n', 'This is not a header (line 3).'],
    ['POST / HTTP/1.1\n folded: b\n\n', 'This is not a header (line 2).'],
    ['POST / HTTP/1.1\nA: \x01\n\n', 'This is not a header (line 2).'],
  ])('refuses %j', (text, message) => {
    const error = caught(() => parse(text));
    expect(error.code).toBe('input_malformed');
    expect(error.message).toBe(message);
    expect(error.hint).not.toBeNull();
  });

  it('never throw anything but a WebhookError', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        for (const run of [() => parseRawRequest(bytes), () => parseHeadersFile(bytes)]) {
          try {
            run();
          } catch (error) {
            expect(error).toBeInstanceOf(WebhookError);
          }
        }
      }),
    );
  });
});

describe('parseHeadersFile', () => {
  it.each([
    [
      'A: 1\r\nb:2\n\nA: 3',
      [
        ['A', '1'],
        ['b', '2'],
        ['A', '3'],
      ],
    ],
    ['POST /x HTTP/1.1\nA: 1\n', [['A', '1']]],
    ['\nHTTP/2 200\nA:\n', [['A', '']]],
    [
      '{"A":"1","b":["2","3"],"t":1614556800}',
      [
        ['A', '1'],
        ['b', '2'],
        ['b', '3'],
        ['t', '1614556800'],
      ],
    ],
    [
      '[["A","1"],["A","2"]]',
      [
        ['A', '1'],
        ['A', '2'],
      ],
    ],
    ['\ufeff {"headers":[["A","1"]]}', [['A', '1']]],
    ['{"headers":{"A":"1"}}', [['A', '1']]],
    ['', []],
  ])('reads %j', (text, headers) => {
    expect(parseHeadersFile(Buffer.from(text))).toEqual(headers);
  });

  it.each([
    ['A: 1\nwrong', '(line 2)'],
    ['{"A":', 'line 1, column 6'],
    ['[["A"]]', '/0 is not a header'],
    ['[["A B","1"]]', '/0 is not a header'],
    ['{"A":null}', '/A is not a header'],
    ['{"A":"x\\r\\ny"}', '/A is not a header'],
    ['{"headers":[5]}', '/headers/0 is not a header'],
  ])('refuses %j', (text, message) => {
    const error = caught(() => parseHeadersFile(Buffer.from(text)));
    expect(error.code).toBe('input_malformed');
    expect(error.message).toContain(message);
  });
});
