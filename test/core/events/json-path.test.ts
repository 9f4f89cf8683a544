import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import { formatPath, parseAssignment, parsePath, spellJsonString } from '../../../src/core/events/json-path.js';

const spelled = (path: string): string[] => parsePath(path).map(({ form, text }) => `${form} ${text}`);

describe('parsePath', () => {
  it('reads dotted paths', () => {
    expect(spelled('data.order.items[0].sku')).toEqual(['key data', 'key order', 'key items', 'index 0', 'key sku']);
    expect(spelled('items[-]')).toEqual(['key items', 'index -']);
    expect(spelled('[0][1].a')).toEqual(['index 0', 'index 1', 'key a']);
    expect(spelled('items.0')).toEqual(['key items', 'either 0']);
    expect(spelled('a["b.c=]"].d')).toEqual(['key a', 'key b.c=]', 'key d']);
    expect(spelled("a['x.y']")).toEqual(['key a', 'key x.y']);
    expect(spelled('__proto__.constructor')).toEqual(['key __proto__', 'key constructor']);
  });

  it('reads JSON Pointers', () => {
    expect(spelled('/data/order/items/0')).toEqual(['key data', 'key order', 'key items', 'either 0']);
    expect(spelled('/a~1b/m~0n/~01/-/')).toEqual(['key a/b', 'key m~n', 'key ~1', 'either -', 'key ']);
  });

  it.each(['', '.', 'a.', 'a..b', '.a', 'a[', 'a[x]', 'a[01]', 'a[-1]', 'a]', 'a[0]b', 'a["b]', 'a.[0]', '/a~', '/a~2'])(
    'refuses %j',
    (path) => {
      expect(() => parsePath(path)).toThrow(WebhookError);
    },
  );

  it('reads what formatPath writes', () => {
    const segment = fc.oneof(
      fc.record({ form: fc.constant('key' as const), text: fc.string().filter((key) => !/^(0|[1-9]\d*)$/.test(key)) }),
      fc.record({ form: fc.constant('index' as const), text: fc.nat().map(String) }),
    );
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path)).map(({ form, text }) => ({ form, text }))).toEqual(path);
      }),
    );
  });
});

describe('parseAssignment', () => {
  it.each([
    ['data.order.total=12.50', 'data.order.total', '12.50'],
    ['a=1e2', 'a', '1e2'],
    ['a={"b":[1]}', 'a', '{"b":[1]}'],
    ['a=true', 'a', 'true'],
    ['a=hello', 'a', '"hello"'],
    ['a=', 'a', '""'],
    ['a=b=c', 'a', '"b=c"'],
    ['a=007', 'a', '"007"'],
    ['a="7"', 'a', '"7"'],
    ['a=say "hi"', 'a', '"say \\"hi\\""'],
    ['a["x=y"]=1', 'a["x=y"]', '1'],
    ['/a/b=1', '/a/b', '1'],
    ['a=\ufeff1', 'a', '"\ufeff1"'],
  ])('reads %s', (text, path, json) => {
    expect(parseAssignment(text)).toEqual({ path: parsePath(path), json });
  });

  it.each(['data.order.total', '=5', 'a[0=5', ''])('refuses %j', (text) => {
    expect(() => parseAssignment(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('survives a value nested a hundred thousand deep', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(parseAssignment(`a=${deep}`).json).toBe(deep);
  });
});

describe('spellJsonString', () => {
  it('spells any text so that JSON.parse gives it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(spellJsonString(text))).toBe(text);
      }),
    );
  });
});
