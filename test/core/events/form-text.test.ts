import { expect, it } from 'vitest';
import { setField, unsetField } from '../../../src/core/events/form-text.js';
import { parsePath } from '../../../src/core/events/json-path.js';

const FORM = 'To=%2b1&Body=Hi%20there&Media%5B0%5D=a&Body=again&Empty=&flag';
const after = (edited: Uint8Array): string => Buffer.from(edited).toString('latin1');
const set = (...[path, json]: [path: Parameters<typeof setField>[1], json: string]): string =>
  after(setField(Buffer.from(FORM), path, json));

it('sets one field and keeps every other byte', () => {
  expect(set('Body', '"Zoë & co"')).toBe(FORM.replace('Hi%20there', 'Zo%C3%AB+%26+co'));
  expect(set('Empty', '12.50')).toBe(FORM.replace('Empty=', 'Empty=12.50'));
  expect(set(parsePath('Media[0]'), '"b"')).toBe(FORM.replace('=a', '=b'));
  expect(set('flag', 'true')).toBe(`${FORM}=true`);
  expect(set('a.b', '{"c": 1}')).toBe(`${FORM}&a.b=%7B%22c%22%3A+1%7D`);
  expect(after(setField(Uint8Array.of(0xff, 0x26, 0x00), 'a', '1'))).toBe('\xff&\0&a=1');
});

it('takes a field out, every time it stands there', () => {
  expect(after(unsetField(Buffer.from(FORM), 'Body'))).toBe('To=%2b1&Media%5B0%5D=a&Empty=&flag');
  expect(() => unsetField(Buffer.from(FORM), 'Bodi')).toThrow(/no field 'Bodi'/);
});

it('makes a form of nothing', () => {
  expect(after(setField(Buffer.alloc(0), 'a', '1'))).toBe('a=1');
});
