import { describe, expect, it } from 'vitest';
import { deliveryFromNgrok, isNgrokRequest } from '../../../src/core/delivery/ngrok.js';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** As https://ngrok.com/docs/agent/api#list-captured-requests shows it. */
const record = {
  uri: '/api/requests/http/548fb5c700000002',
  id: '548fb5c700000002',
  tunnel_name: 'command_line (http)',
  remote_addr: '192.168.100.25',
  start: '2014-12-15T20:32:07-08:00',
  duration: 3893202,
  request: {
    method: 'POST',
    proto: 'HTTP/1.1',
    headers: { 'Content-Type': ['application/json'], 'X-Twice': ['a', 'b'] },
    uri: '/hooks?x=1',
    raw: base64('POST /hooks?x=1 HTTP/1.1\r\nHost: c159663f.ngrok.io\r\nX-Twice: a\r\nX-Twice: b\r\n\r\n{"total":499.00}'),
  },
  response: {
    status: '404 Not Found',
    status_code: 404,
    proto: 'HTTP/1.1',
    headers: { 'Content-Length': ['4'] },
    raw: base64('HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone'),
  },
};

const read = (value: object) => deliveryFromNgrok(value, Buffer.from(JSON.stringify(value)));

describe('deliveryFromNgrok', () => {
  it('reads the raw message: headers in order, the bytes as they came', () => {
    expect(isNgrokRequest(record)).toBe(true);
    const delivery = read(record);
    expect(delivery).toMatchObject({
      origin: 'imported',
      receivedAt: Date.UTC(2014, 11, 16, 4, 32, 7),
      request: {
        method: 'POST',
        path: '/hooks?x=1',
        headers: [
          ['Host', 'c159663f.ngrok.io'],
          ['X-Twice', 'a'],
          ['X-Twice', 'b'],
        ],
      },
      response: { status: 404, headers: [['Content-Length', '4']], durationMs: 3.893202 },
    });
    expect(Buffer.from(delivery.request.body).toString()).toBe('{"total":499.00}');
    expect(Buffer.from(delivery.response?.body ?? []).toString()).toBe('gone');
    expect(read(record).id).toBe(delivery.id);
  });

  it.each([
    ['5\r\n{"a":\r\n2;x=y\r\n1}\r\n0\r\n\r\n', '{"a":1}'],
    ['1f\r\ntoo short', '1f\r\ntoo short'],
    ['{"a":1}', '{"a":1}'],
    ['0\r\n\r\n', ''],
  ])('puts a body together that came in chunks: %j', (body, expected) => {
    const raw = base64(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
    const delivery = read({ ...record, request: { ...record.request, raw } });
    expect(Buffer.from(delivery.request.body).toString()).toBe(expected);
  });

  it('takes a request that was not answered', () => {
    const { response: _, ...rest } = record;
    expect(read(rest).response).toBeNull();
  });

  it.each([
    [{ ...record, start: 5 }, '/start should be a time'],
    [{ ...record, request: {} }, '/request/raw should be a string, but is not there'],
    [{ ...record, request: { raw: base64('no request') } }, 'first line of an HTTP request'],
    [{ ...record, response: { raw: base64('no response') } }, 'first line of an HTTP response'],
  ])('says what is wrong with one', (value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});
