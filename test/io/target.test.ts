import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../src/core/errors.js';
import { parsePublicUrl, parseTarget, splitUrl } from '../../src/io/target.js';

describe('parseTarget', () => {
  it.each([
    ['http://localhost:3000/hooks', 'http://localhost:3000', '/hooks'],
    ['localhost:3000/hooks', 'http://localhost:3000', '/hooks'],
    [':3000/hooks', 'http://localhost:3000', '/hooks'],
    ['3000', 'http://localhost:3000', '/'],
    ['3000/hooks?x', 'http://localhost:3000', '/hooks?x'],
    ['127.0.0.1/x', 'http://127.0.0.1', '/x'],
    ['example.com', 'http://example.com', '/'],
    ['HTTPS://Example.COM:443', 'https://example.com', '/'],
    ['http://example.com:80/', 'http://example.com', '/'],
    ['http://b\u00fccher.example/', 'http://xn--bcher-kva.example', '/'],
    ['http://[::1]:3000/x', 'http://[::1]:3000', '/x'],
    ['  http://localhost/x  ', 'http://localhost', '/x'],
  ])('reads %s', (text, origin, path) => {
    expect(parseTarget(text)).toMatchObject({ origin, path });
  });

  it('takes an address apart', () => {
    expect(parseTarget('https://[::1]/x')).toEqual({
      url: 'https://[::1]/x',
      shown: 'https://[::1]/x',
      origin: 'https://[::1]',
      protocol: 'https:',
      hostname: '::1',
      port: 443,
      host: '[::1]',
      path: '/x',
      authorization: null,
    });
    expect(parseTarget('localhost:8080')).toMatchObject({ host: 'localhost:8080', port: 8080, url: 'http://localhost:8080/' });
  });

  it.each([
    ['http//localhost:3000', 'http://localhost:3000'],
    ['https:/example.com/x', 'https://example.com/x'],
    ['http:localhost/x', 'http://localhost/x'],
    ['HTTP//x', 'HTTP://x'],
  ])('asks whether %s is meant to be %s', (text, meant) => {
    expect(() => parseTarget(text)).toThrow(
      expect.objectContaining({ code: 'usage', hint: `Is it meant to be ${meant}?` }) as Error,
    );
  });

  it('takes a server that is called like a scheme', () => {
    expect(parseTarget('http:3000/x')).toMatchObject({ origin: 'http://http:3000', path: '/x' });
    expect(parseTarget('https.example/x')).toMatchObject({ origin: 'http://https.example' });
  });

  it.each([
    ['//hooks'],
    ['/a/../b/./c'],
    ['/%2F%2f?a=%20+b&&=;#no'],
    ['/hooks?next=http://x/y?z'],
    ["/~!$&'()*,;=:@[]|\\^`{}"],
    ['?only=query'],
  ])('leaves the path %s alone', (path) => {
    const wanted = (path.startsWith('/') ? path : `/${path}`).replace('#no', '');
    expect(parseTarget(`http://localhost${path}`).path).toBe(wanted);
  });

  it('leaves any path of printable ASCII alone, but for the fragment', () => {
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.string({ unit: character }), (tail) => {
        expect(parseTarget(`http://localhost:1/${tail}`).path).toBe(`/${tail.split('#')[0]}`);
        expect(splitUrl(`http://localhost:1/${tail}`)).toEqual({ base: 'http://localhost:1', path: `/${tail.split('#')[0]}` });
      }),
    );
  });

  it('encodes what no request line can carry', () => {
    expect(parseTarget('localhost/caf\u00e9 x?q=\ud83d\ude80').path).toBe('/caf%C3%A9%20x?q=%F0%9F%9A%80');
  });

  it('makes user and password a Basic authorization, and never shows them', () => {
    const { authorization, shown, url, origin } = parseTarget('http://me:p%40ss:w@localhost:3000/x');
    expect(authorization).toBe(`Basic ${Buffer.from('me:p@ss:w').toString('base64')}`);
    expect(shown).toBe('http://localhost:3000/x');
    expect(url).toBe('http://me:p%40ss:w@localhost:3000/x');
    expect(origin).toBe('http://localhost:3000');
    expect(parseTarget('http://a@b:50%@localhost/').authorization).toBe(`Basic ${Buffer.from('a@b:50%').toString('base64')}`);
    expect(parseTarget('http://only@localhost/').authorization).toBe(`Basic ${Buffer.from('only:').toString('base64')}`);
  });

  it.each([
    '',
    '   ',
    'ftp://localhost/x',
    'javascript:alert(1)',
    'http://',
    'http:///path',
    '/path',
    'http://localhost:99999/',
    'http://localhost:0/',
    'http://local host/',
    'http:\\\\localhost',
    'http://localhost\\@evil/',
    'http://a\nb/',
    'http://[::1/',
    ':',
    '//localhost/x',
  ])('refuses %j', (text) => {
    expect(() => parseTarget(text)).toThrow(WebhookError);
    expect(() => parseTarget(text)).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('http://localhost') }),
    );
  });

  it('never says a password in an error', () => {
    expect(() => parseTarget('http://me:hunter2@local host/')).toThrow(/^(?!.*hunter2)/);
  });
});

describe('parsePublicUrl', () => {
  it.each(['https://hooks.example.com', 'http://a.example:8080/in?x=1', 'HTTPS://A.example/'])('takes %s as it is', (text) => {
    expect(parsePublicUrl(text)).toBe(text);
  });

  it.each(['hooks.example.com', 'not-a-url', '4400', 'ftp://a.example', 'https://', 'https://a b/'])('takes no %s', (text) => {
    expect(() => parsePublicUrl(text)).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
  });
});
