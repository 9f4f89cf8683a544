import { expect, it } from 'vitest';
import { formFields, sortedParams } from '../../../src/core/signature/params.js';

it('sorts by name, counts a value once, and reads what the encoding means', () => {
  expect(sortedParams(Buffer.from('b=2&a=1'))).toBe('a1b2');
  expect(sortedParams(Buffer.from('a=2&a=1&a=2&B=%2B+x&empty='))).toBe('B+ xa1a2empty');
  expect(sortedParams(Buffer.alloc(0))).toBe('');
});

it('keeps fields in order', () => {
  expect(formFields('b=2&a=1&b=%zz')).toEqual([
    ['b', '2'],
    ['a', '1'],
    ['b', '%zz'],
  ]);
});
