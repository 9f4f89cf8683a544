import { expect, it } from 'vitest';
import type { Edit } from '../../../src/core/events/edits.js';
import { applyFormEdits } from '../../../src/core/events/form-text.js';
import { parsePath } from '../../../src/core/events/json-path.js';

const FORM = 'To=%2b1&Body=Hi%20there&Media%5B0%5D=a&Body=again&Empty=&flag';
const edited = (...edits: Edit[]): string => Buffer.from(applyFormEdits(Buffer.from(FORM), edits)).toString();

it('sets one field and keeps every other byte', () => {
  expect(edited({ kind: 'set', path: 'Body', json: '"Zoë & co"' })).toBe(FORM.replace('Hi%20there', 'Zo%C3%AB+%26+co'));
  expect(edited({ kind: 'set', path: 'Empty', json: '12.50' })).toBe(FORM.replace('Empty=', 'Empty=12.50'));
  expect(edited({ kind: 'set', path: parsePath('Media[0]'), json: '"b"' })).toBe(FORM.replace('=a', '=b'));
  expect(edited({ kind: 'set', path: 'flag', json: 'true' })).toBe(`${FORM}=true`);
  expect(edited({ kind: 'set', path: 'a.b', json: '{"c": 1}' })).toBe(`${FORM}&a.b=%7B%22c%22%3A+1%7D`);
});

it('takes a field out, every time it stands there', () => {
  expect(edited({ kind: 'unset', path: 'Body' })).toBe('To=%2b1&Media%5B0%5D=a&Empty=&flag');
  expect(() => edited({ kind: 'unset', path: 'Bodi' })).toThrow(/no field 'Bodi'/);
});

it('makes a form of nothing', () => {
  expect(Buffer.from(applyFormEdits(Buffer.alloc(0), [{ kind: 'set', path: 'a', json: '1' }])).toString()).toBe('a=1');
});

it('without an edit is the bytes themselves', () => {
  const bytes = Uint8Array.of(0xff, 0x26, 0x00);
  expect(applyFormEdits(bytes, [])).toBe(bytes);
});
