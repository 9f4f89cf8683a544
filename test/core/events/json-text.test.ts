import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import { readPointer } from '../../../src/core/events/json-pointer.js';
import { locate, minifyJson, parseJson, setJson, unsetJson } from '../../../src/core/events/json-text.js';
import { caught } from '../../support/caught.js';

const valueAt = (bytes: Uint8Array, pointer: string): unknown => readPointer(parseJson(bytes), pointer);

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const set = (json: string, path: string, value: string): string => text(setJson(Buffer.from(json), path, value));
const unset = (json: string, path: string): string => text(unsetJson(Buffer.from(json), path));
const at = (json: string, path: string): string | null => {
  const bytes = Buffer.from(json);
  const span = locate(bytes, path);
  return span === null ? null : bytes.subarray(span.offset, span.offset + span.length).toString();
};

/** JSON with the spellings that parsing and writing again would lose. */
const member = fc.constantFrom('a', 'b', 'a b', '__proto__', 'x.y', 'é', '');
const leaf = fc.constantFrom(
  '499.00',
  '1e2',
  '-0',
  '0.0',
  '"\\u00e9"',
  '"\\/"',
  '"é"',
  'null',
  'true',
  '"a  b"',
  '12345678901234567890',
);
const space = fc.constantFrom('', '', ' ', '\n  ', '\r\n', '\t');
const { document } = fc.letrec<{ document: string; array: string; object: string }>((tie) => ({
  document: fc.oneof({ maxDepth: 4 }, leaf, tie('object'), tie('array')),
  array: fc
    .tuple(fc.array(fc.tuple(space, tie('document'), space), { maxLength: 4 }), space)
    .map(([items, inner]) => `[${items.length === 0 ? inner : items.map((item) => item.join('')).join(',')}]`),
  object: fc
    .tuple(
      fc.array(
        fc.tuple(
          space,
          member.map((key) => JSON.stringify(key)),
          space,
          tie('document'),
          space,
        ),
        { maxLength: 4 },
      ),
      space,
    )
    .map(
      ([all, inner]) =>
        `{${all.length === 0 ? inner : all.map(([a, key, b, value, c]) => `${a}${key}${b}:${value}${c}`).join(',')}}`,
    ),
}));

/** Every path of a parsed value, as JSON Pointers. */
function pointers(value: unknown, base = ''): string[] {
  if (typeof value !== 'object' || value === null) return [base];
  const inner = Object.entries(value).flatMap(([key, one]) =>
    pointers(one, `${base}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  return [base, ...inner];
}

describe('minifyJson', () => {
  it('takes out white space and the byte order mark, and nothing else', () => {
    const json = '\ufeff {\r\n "total" : 499.00,\t"total":1e2, "s": " a  \\u00e9 \\/ é " , "l": [ 1 , 2 ] }\n';
    expect(Buffer.from(minifyJson(Buffer.from(json))).toString()).toBe(
      '{"total":499.00,"total":1e2,"s":" a  \\u00e9 \\/ é ","l":[1,2]}',
    );
  });

  it('keeps bytes that are not UTF-8', () => {
    expect(text(minifyJson(Buffer.from('{ "a": "\xff\xfe \x80" }', 'latin1')))).toBe('{"a":"\xff\xfe \x80"}');
  });

  it('changes no value, and has nothing to do the second time', () => {
    fc.assert(
      fc.property(document, (json) => {
        const minified = minifyJson(Buffer.from(json));
        expect(parseJson(minified)).toEqual(JSON.parse(json));
        expect(minifyJson(minified)).toEqual(minified);
      }),
    );
  });

  it('is what JSON.stringify would write, where spellings do not differ', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const compact = JSON.stringify(value);
        expect(Buffer.from(minifyJson(Buffer.from(JSON.stringify(value, null, 2)))).toString()).toBe(compact);
      }),
    );
  });

  it('says where it is not JSON', () => {
    const error = caught(() => minifyJson(Buffer.from('{\n  "a": 1,\n}')));
    expect(error.code).toBe('edit_failed');
    expect(error.message).toContain('line 3, column 1');
  });
});

describe('locate', () => {
  it('finds values, and of a key that stands twice the last', () => {
    const json = '{"a":{"b":1},"list":[10, {"c" : [ ] }],"a":{"b": 2.0,"b":3.00}}';
    expect(at(json, 'a.b')).toBe('3.00');
    expect(at(json, 'a')).toBe('{"b": 2.0,"b":3.00}');
    expect(at(json, 'list[1].c')).toBe('[ ]');
    expect(at(json, '/list/0')).toBe('10');
    expect(at('{"a":{"b":1},"a":{"c":2}}', 'a.b')).toBeNull();
    expect(at('{"a":{"b":1},"a":5}', 'a.b')).toBeNull();
    expect(at('{"0":{"x":1}}', '/0/x')).toBe('1');
    expect(at('{"0":1}', '[0]')).toBeNull();
    expect(at('[1]', '[-]')).toBeNull();
    expect(at('[1]', 'length')).toBeNull();
  });

  it('knows a key by what it says, not by its spelling', () => {
    expect(at('{"\\u0061\\/b":1}', '/a~1b')).toBe('1');
    expect(at('{"é":1}', 'é')).toBe('1');
    expect(at('{"\\ud83d\\ude00":1}', '😀')).toBe('1');
  });

  it('treats __proto__ as the key that it is', () => {
    expect(at('{"a":1}', '__proto__')).toBeNull();
    expect(at('{"__proto__":{"a":1}}', '__proto__.a')).toBe('1');
  });

  it('finds exactly what JSON.parse sees', () => {
    fc.assert(
      fc.property(document, (json) => {
        const value: unknown = JSON.parse(json);
        for (const pointer of pointers(value)) {
          if (pointer === '') continue;
          expect(JSON.parse(at(json, pointer) ?? 'nothing')).toEqual(valueAt(Buffer.from(json), pointer));
        }
      }),
    );
  });
});

describe('setJson', () => {
  it('replaces a value and touches nothing else', () => {
    expect(set('{ "a" : 499.00, "b":1, "b":2 }', 'b', '1e2')).toBe('{ "a" : 499.00, "b":1, "b":1e2 }');
    expect(set('[1, [2, 3]]', '[1][0]', '{"x": 1}')).toBe('[1, [{"x": 1}, 3]]');
    expect(set('\ufeff{"a":1}', 'a', ' 2 ')).toBe('\xef\xbb\xbf{"a":2}');
  });

  it('adds members, items and missing parents', () => {
    expect(set('{}', 'a', '1')).toBe('{"a":1}');
    expect(set('{ "a": 1\n}', 'b', '2')).toBe('{ "a": 1,"b":2\n}');
    expect(set('{"a":[]}', 'a[-]', '1')).toBe('{"a":[1]}');
    expect(set('{"a":[1 ]}', 'a[-]', '2')).toBe('{"a":[1,2 ]}');
    expect(set('{"a":[1]}', '/a/1', '2')).toBe('{"a":[1,2]}');
    expect(set('{}', 'a.b[0].c', '1')).toBe('{"a":{"b":[{"c":1}]}}');
    expect(set('{}', '/a/-/x y', '1')).toBe('{"a":[{"x y":1}]}');
    expect(set('{}', '/a/5', '1')).toBe('{"a":{"5":1}}');
    expect(set('{}', '["say \\"hi\\""]', '1')).toBe('{"say \\"hi\\"":1}');
    expect(set('{}', '__proto__.polluted', 'true')).toBe('{"__proto__":{"polluted":true}}');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('writes UTF-8 into the bytes', () => {
    expect(Buffer.from(setJson(Buffer.from('{}'), 'é', '"😀"')).toString()).toBe('{"é":"😀"}');
  });

  it('leaves bytes that are not UTF-8 alone', () => {
    expect(text(setJson(Buffer.from('{"x":"\xff","a":1}', 'latin1'), 'a', '2'))).toBe('{"x":"\xff","a":2}');
  });

  it.each([
    ['{"data":{"total":12.50}}', 'data.total.net', 'data.total is a number'],
    ['{"a":null}', 'a.b', 'a is null'],
    ['{"a":"x"}', 'a.b.c', 'a is a string'],
    ['{"a":false}', 'a[3].b', 'a is false'],
    ['{"a":[1,2]}', 'a[5]', 'a is an array of 2 items, and index 5 is beyond its end'],
    ['{"a":[1]}', 'a.b', "a is an array of 1 item, and 'b' is no index of it"],
    ['{"a":{}}', 'a[0]', 'a is an object, and [0] names an item of an array'],
    ['{}', 'a[2]', 'a would be a new array, and index 2 is beyond its end'],
    ['5', 'a', 'the document is a number'],
    ['{"a":1', 'a', 'line 1, column 7'],
  ])('in %s, %s cannot be set: %s', (json, path, message) => {
    const error = caught(() => set(json, path, '1'));
    expect(error.code).toBe('edit_failed');
    expect(error.message).toContain(message);
  });

  it('refuses a value that is not JSON', () => {
    expect(caught(() => set('{}', 'a', 'hello')).message).toBe("'hello' is not a JSON value.");
    expect(caught(() => set('{}', 'a', '1,"b":2')).code).toBe('edit_failed');
  });

  it('puts the raw text where locate then finds it, and keeps every byte around it', () => {
    fc.assert(
      fc.property(document, document, fc.nat(), (json, value, pick) => {
        const all = pointers(JSON.parse(json));
        const pointer = all[pick % all.length] ?? '';
        fc.pre(pointer !== '');
        const before = Buffer.from(json);
        const old = locate(before, pointer);
        const after = Buffer.from(setJson(before, pointer, value));
        const now = locate(after, pointer);
        if (old === null || now === null) throw new Error('not found');
        expect(after.subarray(now.offset, now.offset + now.length).toString()).toBe(value.trim());
        expect(after.subarray(0, now.offset)).toEqual(before.subarray(0, old.offset));
        expect(after.subarray(now.offset + now.length)).toEqual(before.subarray(old.offset + old.length));
      }),
    );
  });
});

describe('unsetJson', () => {
  it('takes one comma along', () => {
    expect(unset('{"a":1,"b":2,"c":3}', 'a')).toBe('{"b":2,"c":3}');
    expect(unset('{"a":1,"b":2,"c":3}', 'b')).toBe('{"a":1,"c":3}');
    expect(unset('{"a":1,"b":2,"c":3}', 'c')).toBe('{"a":1,"b":2}');
    expect(unset('{ "a": 1 }', 'a')).toBe('{  }');
    expect(unset('[1, 2, 3]', '[0]')).toBe('[2, 3]');
    expect(unset('[1, 2, 3]', '[2]')).toBe('[1, 2]');
    expect(unset('{"a":{"b":{"c":[]}},"d":1}', 'a.b.c')).toBe('{"a":{"b":{}},"d":1}');
  });

  it('takes a key out as often as it stands there', () => {
    expect(unset('{"a":1,"b":2,"a":3}', 'a')).toBe('{"b":2}');
    expect(unset('{"a":1,"a":2,"b":3,"a":4}', 'a')).toBe('{"b":3}');
    expect(unset('{"a":1,"a":{}}', 'a')).toBe('{}');
    expect(unset('{"b":0,"a":1,"a":2}', 'a')).toBe('{"b":0}');
  });

  it('names the nearest keys where nothing is there', () => {
    const error = caught(() => unset('{"data":{"total":1,"currency":"EUR"}}', 'data.totl'));
    expect(error.code).toBe('edit_failed');
    expect(error.message).toBe('data.totl cannot be taken out: it is not there.');
    expect(error.hint).toBe('Did you mean total?');
    expect(caught(() => unset('{"a":{"x":1}}', 'a.quantity')).hint).toBe('The keys of a are x.');
    expect(caught(() => unset('{"a":[1]}', 'a[3]')).hint).toBe('a is an array of 1 item.');
    expect(caught(() => unset('{"a":1}', 'a.b')).hint).toBe('a is a number.');
    expect(caught(() => unset('{}', 'a')).hint).toBe('the document is an empty object.');
    expect(caught(() => unset('[]', '[-]')).code).toBe('edit_failed');
  });

  it('undoes the setting of a new member', () => {
    fc.assert(
      fc.property(document, document, fc.nat(), (json, value, pick) => {
        const parsed: unknown = JSON.parse(json);
        const parents = pointers(parsed).filter((pointer) => {
          const parent = valueAt(Buffer.from(json), pointer);
          return typeof parent === 'object' && parent !== null;
        });
        const parent = parents[pick % Math.max(1, parents.length)];
        fc.pre(parent !== undefined);
        const holder = valueAt(Buffer.from(json), parent ?? '');
        const pointer = `${parent}/${Array.isArray(holder) ? holder.length : 'quite new'}`;
        expect(Buffer.from(unsetJson(setJson(Buffer.from(json), pointer, value), pointer)).toString()).toBe(json);
      }),
    );
  });

  it('leaves what JSON.parse sees without it', () => {
    fc.assert(
      fc.property(document, fc.nat(), (json, pick) => {
        const all = pointers(JSON.parse(json)).filter((pointer) => pointer !== '');
        const pointer = all[pick % Math.max(1, all.length)];
        fc.pre(pointer !== undefined);
        const parent = (pointer ?? '').slice(0, (pointer ?? '').lastIndexOf('/'));
        const after = unsetJson(Buffer.from(json), pointer ?? '');
        const left = valueAt(after, parent);
        const was = valueAt(Buffer.from(json), parent);
        if (Array.isArray(was) && Array.isArray(left)) expect(left.length).toBe(was.length - 1);
        else expect(Object.keys(Object(left)).length).toBe(Object.keys(Object(was)).length - 1);
      }),
    );
  });
});

describe('bounds', () => {
  const depth = 100_000;

  it('edits a document a hundred thousand levels deep', () => {
    const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const path = `/${Array.from({ length: depth }, () => 'a').join('/')}`;
    expect(at(deep, path)).toBe('1');
    expect(set(deep, path, '2').length).toBe(deep.length);
    expect(minifyJson(Buffer.from(deep)).length).toBe(deep.length);
    expect(set('{}', path, '1')).toBe(deep);
    expect(caught(() => minifyJson(Buffer.from('['.repeat(depth)))).code).toBe('edit_failed');
  });

  it('never throws anything but a WebhookError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.string({ maxLength: 10 }), (bytes, path) => {
        for (const run of [
          () => minifyJson(bytes),
          () => locate(bytes, path),
          () => setJson(bytes, path, '1'),
          () => unsetJson(bytes, path),
        ]) {
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

describe('parseJson', () => {
  it('reads past a byte order mark and gives undefined for what is not JSON', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
    expect(parseJson(Buffer.from('{'))).toBeUndefined();
    expect(valueAt(Buffer.from('{"a":[1]}'), '/a/0')).toBe(1);
  });
});
