import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../src/core/http/headers.js';
import { AnswerReader } from '../../src/io/answer-reader.js';

interface Read {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
  readonly complete: boolean;
  readonly keepMs: number | null;
}

/** Reads an answer that comes in these pieces; with `ends`, the connection ends behind them. */
function read(pieces: readonly string[], { bodiless = false, ends = false } = {}): Read {
  let [status, body] = [0, ''];
  let headers: HeaderList = [];
  const reader = new AnswerReader({
    onHead(code, fields) {
      status = code;
      headers = fields;
    },
    onData(bytes) {
      body += bytes.toString('latin1');
    },
  });
  reader.expect(bodiless);
  let complete = false;
  for (const piece of pieces) complete = reader.read(Buffer.from(piece, 'latin1'));
  if (ends) complete = reader.end();
  return { status, headers, body, complete, keepMs: reader.keepMs };
}

/** The text in two or more pieces. */
const cut = (text: string, places: readonly number[]): string[] => {
  const at = [0, ...[...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

const ok = (headers: string, body = ''): string => `HTTP/1.1 200 OK\r\n${headers}\r\n${body}`;

describe('an answer', () => {
  it.each([
    ['a length', ok('Content-Length: 5\r\n', 'hello'), 'hello'],
    ['no body', ok('Content-Length: 0\r\n'), ''],
    ['chunks', ok('transfer-encoding: Chunked\r\n', '2;a="b"\r\nhe\r\n03 \r\nllo\r\n0\r\nX-Trailer: 1\r\n\r\n'), 'hello'],
    ['two codings', ok('Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'), 'hello'],
    [
      'others before it',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n${ok('Content-Length: 2\r\n', 'ok')}`,
      'ok',
    ],
    ['an empty line before it', `\r\n${ok('Content-Length: 2\r\n', 'ok')}`, 'ok'],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 'ok'],
    ['204 and a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n', ''],
    ['304 and a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', ''],
  ])('with %s is read, however it is cut', (_, text, body) => {
    const whole = read([text]);
    expect(whole).toMatchObject({ body, complete: true, keepMs: 4_000 });
    fc.assert(fc.property(fc.array(fc.nat()), (places) => void expect(read(cut(text, places))).toEqual(whole)));
    // Of any part of it alone, it is not complete.
    fc.assert(fc.property(fc.nat(text.length - 1), (size) => void expect(read([text.slice(0, size)]).complete).toBe(false)));
  });

  it('has no body for HEAD', () => {
    expect(read([ok('Content-Length: 99\r\n')], { bodiless: true })).toMatchObject({ body: '', complete: true, keepMs: 4_000 });
    expect(read([ok('')], { bodiless: true })).toMatchObject({ complete: true, keepMs: 4_000 });
  });

  it('without a length ends with the connection, another one does not', () => {
    expect(read([ok('Transfer-Encoding: gzip\r\n', 'hel'), 'lo'], { ends: true })).toMatchObject({
      body: 'hello',
      complete: true,
      keepMs: null,
    });
    expect(read([ok('Content-Length: 9\r\n', 'hello')], { ends: true }).complete).toBe(false);
    expect(read([ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n')], { ends: true }).complete).toBe(false);
    expect(read(['HTTP/1.1 200 OK\r\n'], { ends: true }).complete).toBe(false);
  });

  it.each([
    ['', 4_000],
    ['Connection: close\r\n', null],
    ['Connection: Foo, Close\r\n', null],
    ['Keep-Alive: timeout=5, max=3\r\n', 3_000],
    ['Keep-Alive: timeout=1\r\n', null],
    ['Keep-Alive: timeout=99999\r\n', 600_000],
  ])('with %j says how long its connection may be kept', (headers, keepMs) => {
    expect(read([ok(`${headers}Content-Length: 0\r\n`)]).keepMs).toBe(keepMs);
  });

  it('with more behind it is whole, and its connection is not kept', () => {
    const two = read([ok('Content-Length: 2\r\n', 'okHTTP/1.1 408 Timeout\r\n')]);
    expect(two).toMatchObject({ status: 200, body: 'ok', complete: true, keepMs: null });
  });

  it('of HTTP/1.0 keeps its connection only where it says so', () => {
    const old = (headers: string): Read => read([`HTTP/1.0 200 OK\r\n${headers}Content-Length: 0\r\n\r\n`]);
    expect([old('').keepMs, old('Connection: keep-alive\r\n').keepMs]).toEqual([null, 4_000]);
  });

  it('keeps headers in order, case and number, without the blanks around values', () => {
    const { headers } = read([ok('x-b:1\r\nSet-Cookie: \ta \r\nX-A: caf\xe9\r\nset-cookie:\r\nContent-Length: 0\r\n')]);
    expect(headers.slice(0, 4)).toEqual([
      ['x-b', '1'],
      ['Set-Cookie', 'a'],
      ['X-A', 'caf\xe9'],
      ['set-cookie', ''],
    ]);
  });
});

describe('what is no answer', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n'],
    ['a TLS alert', '\x15\x03\x01\x00\x02\x02F'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 No\r\n\r\n'],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n'],
    ['a line that is no header', ok('No header\r\n')],
    ['a header that goes on in the next line', ok('X-A: 1\r\n 2\r\n')],
    ['a header with a blank in its name', ok('X A: 1\r\n')],
    ['a header with a line feed in it', ok('X-A: 1\n2\r\n')],
    ['two lengths', ok('Content-Length: 2\r\nContent-Length: 2\r\n', 'ok')],
    ['a length that is none', ok('Content-Length: +2\r\n', 'ok')],
    ['a length and chunks', ok('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['a chunk without a size', ok('Transfer-Encoding: chunked\r\n', 'x\r\n')],
    ['a chunk longer than it says', ok('Transfer-Encoding: chunked\r\n', '1\r\nok\r\n')],
    ['a line of a chunk without a carriage return', ok('Transfer-Encoding: chunked\r\n', '2\nok\r\n')],
    ['an endless line of a chunk', ok('Transfer-Encoding: chunked\r\n', `2;${'x'.repeat(17_000)}`)],
  ])('is told: %s', (_, text) => {
    expect(() => read([text])).toThrow(expect.objectContaining({ name: 'AnswerError', data: expect.any(String) }));
  });

  it('is told of headers without an end', () => {
    const endless = ok(`X: ${'x'.repeat(9_000)}\r\n`.repeat(30));
    expect(() => read([endless])).toThrow(expect.objectContaining({ code: 'ANSWER_HEADERS_TOO_LARGE' }));
    expect(() => read([endless.slice(0, -4)])).toThrow(expect.objectContaining({ code: 'ANSWER_HEADERS_TOO_LARGE' }));
  });

  it('is never anything else than told', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'HTTP/1.1 200 OK',
        '\r\n',
        '\n',
        ' ',
        'Content-Length: 3',
        'Transfer-Encoding: chunked',
        '3',
        '0',
        'abc',
        ':',
        '\0',
      ),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        try {
          read(parts);
        } catch (error) {
          expect(error).toMatchObject({ name: 'AnswerError' });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
