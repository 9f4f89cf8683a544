import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/core/http/headers.js';
import type { Locator } from '../../../src/core/providers/locator.js';
import { RequestReader } from '../../../src/core/providers/read.js';

const readerOf = (body: string | Uint8Array, headers: HeaderList = [], path = '/'): RequestReader =>
  new RequestReader({ headers, body: Buffer.from(body), path });

describe('read', () => {
  const json =
    '{"a":{"b":"c","n":499.00,"big":12345678901234567890,"neg":-1e2,"yes":true,"no":null,"list":["x",{"y":5.0}],"a/b":"s","m~n":"t","":"e"},"q\\"1":7.10}';
  const table: ReadonlyArray<readonly [Locator, string | null]> = [
    ['body:/a/b', 'c'],
    ['body:/a/n', '499.00'],
    ['body:/a/big', '12345678901234567890'],
    ['body:/a/neg', '-1e2'],
    ['body:/a/yes', 'true'],
    ['body:/a/no', null],
    ['body:/a/list/0', 'x'],
    ['body:/a/list/1/y', '5.0'],
    ['body:/a/list/01', null],
    ['body:/a/list/length', null],
    ['body:/a/list/-', null],
    ['body:/a/a~1b', 's'],
    ['body:/a/m~0n', 't'],
    ['body:/a/', 'e'],
    ['body:/q"1', '7.10'],
    ['body:/a', null],
    ['body:/constructor', null],
    ['body:/a/b/length', null],
    ['body:/a/__proto__/x', null],
    ['header:x-HEADER', 'h'],
    ['header:X-None', null],
    ['query:x', '1 2'],
    ['query:y', null],
    ['item:t=', null],
  ];
  const reader = readerOf(
    json,
    [
      ['X-Header', 'h'],
      ['x-header', 'second'],
    ],
    '/hooks?x=1%202&x=3#y=1',
  );
  it.each(table)('%s', (locator, value) => expect(reader.read(locator)).toBe(value));

  it('reads header bytes as UTF-8 where they are that', () => {
    const utf8 = Buffer.from('Zoë €').toString('latin1');
    expect(
      readerOf('', [
        ['X-A', utf8],
        ['X-B', 'Zo\xeb'],
      ]).read('header:X-A'),
    ).toBe('Zoë €');
    expect(readerOf('', [['X-B', 'Zo\xeb']]).read('header:X-B')).toBe('Zo\xeb');
  });

  it('reads form fields', () => {
    const form = readerOf('a=1%202+3&b=Zo%C3%AB&c=é&a=4');
    expect([form.read('form:a'), form.read('form:b'), form.read('form:c'), form.read('form:d')]).toEqual([
      '1 2 3',
      'Zoë',
      'é',
      null,
    ]);
  });

  it('reads the JSON in a form field', () => {
    const payload = encodeURIComponent('{"type":"block_actions","team":{"id":12345678901234567890},"off":false}');
    const form = readerOf(`payload=${payload}&text=plain`);
    expect(form.read('form:payload#/type')).toBe('block_actions');
    expect(form.read('form:payload#/team/id')).toBe('12345678901234567890');
    expect(form.read('form:payload#/off')).toBe('false');
    expect(form.read('form:payload#/none')).toBeNull();
    expect(form.read('form:text#/type')).toBeNull();
    expect(form.read('form:none#/type')).toBeNull();
  });

  it('reads JSON behind a byte order mark, and the same key twice as JSON.parse does', () => {
    expect(readerOf('\ufeff{"a":1.0}').read('body:/a')).toBe('1.0');
    expect(readerOf('{"a":1,"a":2.50}').read('body:/a')).toBe('2.50');
  });

  it('reads an absolute URL', () => expect(readerOf('', [], 'https://x.example/a?x=5').read('query:x')).toBe('5'));

  it.each(['', '{', 'not json', '"text"', 'null', '[1', '\u0000'])('%j has nothing at any pointer', (body) => {
    expect(readerOf(body).read('body:/a/b')).toBeNull();
  });

  it('gives the text of any value as it is spelled, and never throws', () => {
    fc.assert(
      fc.property(fc.json(), fc.webPath(), (body, path) => {
        const value = readerOf(body).read(`body:${path}`);
        expect(value === null || typeof value === 'string').toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (other, key) => {
        const pointer = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (key === '__proto__') return;
        const text = JSON.stringify({ ...(typeof other === 'object' ? other : {}), [key]: 0 }).replace(/0\}$/, '0.00}');
        // The last key of an object is the one that was added, except where its name is a number.
        if (!/^\d+$/.test(key) && !(typeof other === 'object' && other !== null && Object.hasOwn(other, key))) {
          expect(readerOf(text).read(`body:${pointer}`)).toBe('0.00');
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        expect(readerOf(body).read('body:/a')).toBeNull();
      }),
    );
  });
});

describe('evaluate', () => {
  const reader = readerOf('{"type":"order","action":"created","empty":""}', [['X-Event', 'push']]);

  it('takes the first that applies', () => {
    expect(reader.evaluate([])).toBeNull();
    expect(reader.evaluate(['body:/none', 'header:X-Event'])).toBe('push');
    expect(reader.evaluate(['body:/empty', 'body:/type'])).toBe('order');
    expect(reader.evaluate(['{body:/type}.{body:/none}', '{body:/type}.{body:/action}'])).toBe('order.created');
    expect(reader.evaluate(['{header:X-Event}/{body:/empty}'])).toBeNull();
    expect(reader.evaluate(['{unknown}'])).toBeNull();
  });

  it('asks for what must be there, or be just that, and writes nothing for it', () => {
    expect(reader.evaluate(['new{?body:/type}'])).toBe('new');
    expect(reader.evaluate(['new{?body:/none}', 'new{?body:/empty}'])).toBeNull();
    expect(reader.evaluate(['A{?body:/type=invoice}', 'B{?body:/type=order}'])).toBe('B');
    expect(reader.evaluate(['{body:/action}{?body:/type=order}{?header:X-Event=push}'])).toBe('created');
    expect(reader.evaluate(['A{?body:/type=}', 'A{?type=order}'])).toBeNull();
    expect(readerOf('{"n":2,"a=b":1}').evaluate(['two{?body:/n=2}'])).toBe('two');
    expect(readerOf('{"n":2,"a=b":1}').evaluate(['eq{?body:/a=b=1}'])).toBe('eq');
  });
});

it('gives every value of a header, in any case, as text', () => {
  const headers = [
    ['X-A', 'one'],
    ['x-b', 'Zo\u00c3\u00ab'],
    ['x-a', 'two'],
  ] as const;
  const reader = new RequestReader({ headers, body: Buffer.alloc(0), path: '/' });
  expect(reader.headers('x-A')).toEqual(['one', 'two']);
  expect(reader.headers('X-B')).toEqual(['Zoë']);
  expect(reader.headers('X-C')).toEqual([]);
  expect(reader.read('header:X-a')).toBe('one');
});
