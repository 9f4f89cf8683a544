import { describe, expect, it } from 'vitest';
import { readPointer } from '../../../src/core/events/json-pointer.js';

describe('readPointer', () => {
  const value = JSON.parse('{"a":{"b/c":[10,{"d":null}]},"":1,"__proto__":{"x":2}}');

  it('reads members and items', () => {
    expect(readPointer(value, '')).toBe(value);
    expect(readPointer(value, '/a/b~1c/0')).toBe(10);
    expect(readPointer(value, '/a/b~1c/1/d')).toBeNull();
    expect(readPointer(value, '/')).toBe(1);
    expect(readPointer(value, '/__proto__/x')).toBe(2);
  });

  it.each([
    '/a/x',
    '/a/b~1c/2',
    '/a/b~1c/-',
    '/a/b~1c/length',
    '/a/b~1c/00',
    '/a/constructor',
    '/a/__proto__',
    '/a/toString/name',
    'a',
    '//x',
  ])('finds nothing at %s', (pointer) => {
    expect(readPointer(value, pointer)).toBeUndefined();
  });

  it('reads no character out of a string', () => {
    expect(readPointer('abc', '/0')).toBeUndefined();
    expect(readPointer('abc', '/length')).toBeUndefined();
  });
});
