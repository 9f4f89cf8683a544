import { describe, expect, it } from 'vitest';
import { failedAnswer, forwardedRequest, jsonAnswer, passedAnswer, targetUrl } from '../../src/core/forward.js';
import type { HeaderList } from '../../src/core/http/headers.js';

describe('targetUrl', () => {
  it.each([
    // A bare origin gets the incoming path and query.
    ['http://localhost:3000', '/hooks?x=1', 'http://localhost:3000/hooks?x=1'],
    ['http://localhost:3000/', '/hooks?x=1', 'http://localhost:3000/hooks?x=1'],
    ['http://localhost:3000', '/', 'http://localhost:3000/'],
    ['http://localhost:3000', '', 'http://localhost:3000/'],
    ['http://localhost:3000', '/a//b/../c%2F?q=%20', 'http://localhost:3000/a//b/../c%2F?q=%20'],
    ['http://localhost:3000', '//evil.example/x', 'http://localhost:3000//evil.example/x'],
    ['http://localhost:3000', '@evil.example/x', 'http://localhost:3000/@evil.example/x'],
    ['http://localhost:3000', '?x=1', 'http://localhost:3000/?x=1'],
    ['http://localhost:3000', 'http://evil.example/hooks?x=1', 'http://localhost:3000/hooks?x=1'],
    ['http://localhost:3000', 'http://evil.example', 'http://localhost:3000/'],
    ['HTTPS://[::1]:8443', '/a', 'HTTPS://[::1]:8443/a'],
    // A path of its own gets everything there, with the incoming query.
    ['http://localhost:3000/webhooks', '/hooks', 'http://localhost:3000/webhooks'],
    ['http://localhost:3000/webhooks', '/hooks?x=1', 'http://localhost:3000/webhooks?x=1'],
    ['http://localhost:3000/webhooks/', '/hooks?x=1&y=?', 'http://localhost:3000/webhooks/?x=1&y=?'],
    // Unless it has a query of its own.
    ['http://localhost:3000/webhooks?a=1', '/hooks?x=1', 'http://localhost:3000/webhooks?a=1'],
    ['http://localhost:3000?a=1', '/hooks?x=1', 'http://localhost:3000?a=1'],
    ['http://localhost:3000/?a=1', '/hooks', 'http://localhost:3000/?a=1'],
    // A fragment is for browsers.
    ['http://localhost:3000/webhooks#part', '/hooks?x=1', 'http://localhost:3000/webhooks?x=1'],
    ['http://localhost:3000#part', '/hooks', 'http://localhost:3000/hooks'],
    ['http://user:pass@localhost/a', '/b?c=d', 'http://user:pass@localhost/a?c=d'],
  ])('%s with %s', (target, path, url) => expect(targetUrl(target, path)).toBe(url));
});

describe('forwardedRequest', () => {
  const forward = (headers: HeaderList, own: HeaderList = [], method = 'POST') =>
    forwardedRequest({ method, path: '/hooks?x=1', headers, body: Buffer.from([0xff, 0x00]) }, 'http://app.test', {
      remoteAddress: '203.0.113.9',
      protocol: 'https',
      publicUrl: null,
      headers: own,
    });

  it('keeps method, bytes, and headers with their order, case and duplicates', () => {
    const request = forward(
      [
        ['X-B', '1'],
        ['x-a', '2'],
        ['X-b', '3'],
        ['X-Sig', 'ab'],
      ],
      [],
      'PUT',
    );
    expect(request).toMatchObject({ method: 'PUT', url: 'http://app.test/hooks?x=1', body: Buffer.from([0xff, 0x00]) });
    expect(request.headers.slice(0, 4)).toEqual([
      ['X-B', '1'],
      ['x-a', '2'],
      ['X-b', '3'],
      ['X-Sig', 'ab'],
    ]);
  });

  const table: ReadonlyArray<readonly [string, HeaderList, HeaderList, HeaderList]> = [
    [
      'adds X-Forwarded-*, and leaves Host and Content-Length to the sender',
      [
        ['Host', 'hooks.example.com'],
        ['Content-Length', '2'],
        ['Expect', '100-continue'],
      ],
      [],
      [
        ['X-Forwarded-For', '203.0.113.9'],
        ['X-Forwarded-Host', 'hooks.example.com'],
        ['X-Forwarded-Proto', 'https'],
      ],
    ],
    [
      'keeps what proxies before said, all of it, where it stood',
      [
        ['X-Forwarded-For', '198.51.100.1'],
        ['X-Forwarded-Host', 'public.example'],
        ['X-Forwarded-Proto', 'http'],
        ['x-forwarded-for', '10.0.0.1'],
        ['X-Last', '1'],
      ],
      [],
      [
        ['X-Forwarded-For', '198.51.100.1, 10.0.0.1, 203.0.113.9'],
        ['X-Forwarded-Host', 'public.example'],
        ['X-Forwarded-Proto', 'http'],
        ['X-Last', '1'],
      ],
    ],
    [
      'drops what belongs to the connection, what Connection names included',
      [
        ['Connection', 'close, X-Hop'],
        ['X-Hop', '1'],
        ['Keep-Alive', '5'],
        ['Transfer-Encoding', 'chunked'],
        ['TE', 'trailers'],
        ['Upgrade', 'h2c'],
        ['X-Kept', '1'],
      ],
      [],
      [
        ['X-Kept', '1'],
        ['X-Forwarded-For', '203.0.113.9'],
        ['X-Forwarded-Proto', 'https'],
      ],
    ],
    [
      'replaces and drops what the user says',
      [
        ['Authorization', 'a'],
        ['X-Drop', 'b'],
      ],
      [
        ['authorization', 'c'],
        ['X-Drop', ''],
        ['X-New', 'd'],
        ['X-Forwarded-For', ''],
      ],
      [
        ['authorization', 'c'],
        ['X-Forwarded-Proto', 'https'],
        ['X-New', 'd'],
      ],
    ],
  ];
  it.each(table)('%s', (_, headers, own, expected) => expect(forward(headers, own).headers).toEqual(expected));
});

describe('answers', () => {
  it('of the app go back as they are', () => {
    const body = Buffer.from([0x1f, 0x8b, 0xff]);
    const headers: HeaderList = [
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['Content-Encoding', 'gzip'],
      ['Content-Length', '3'],
      ['Transfer-Encoding', 'chunked'],
      ['Connection', 'keep-alive'],
    ];
    expect(passedAnswer({ status: 302, headers, body })).toEqual({
      status: 302,
      headers: [
        ['Set-Cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['Content-Encoding', 'gzip'],
      ],
      body,
    });
  });

  it.each([
    ['timeout', 504, 'The target did not answer in time.'],
    ['refused', 502, 'The target could not be reached.'],
    ['dns', 502, 'The target could not be reached.'],
    ['tls', 502, 'The target could not be reached.'],
    ['reset', 502, 'The target gave no whole answer.'],
    ['aborted', 502, 'The target gave no whole answer.'],
  ] as const)('%s is %d', (reason, status, error) => {
    const answer = failedAnswer(reason);
    expect(answer.status).toBe(status);
    expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({ error });
  });

  it('of our own are JSON', () => {
    expect(jsonAnswer(200, { received: true })).toEqual({
      status: 200,
      headers: [['Content-Type', 'application/json']],
      body: Buffer.from('{"received":true}'),
    });
  });
});
