import { expect, it } from 'vitest';
import { applyEdits, applyFormEdits } from '../../../src/core/events/edits.js';

const body = Buffer.from('{ "a" : 499.00, "b": "\\u00e9", "b": 2 }');

it('applies them in order, and leaves every other byte', () => {
  const edited = applyEdits(body, [
    { kind: 'set', path: '/a', json: '12.50' },
    { kind: 'set', path: 'c.d', json: '[1e2]' },
    { kind: 'unset', path: 'c.d[0]' },
  ]);
  expect(Buffer.from(edited).toString()).toBe('{ "a" : 12.50, "b": "\\u00e9", "b": 2,"c":{"d":[]} }');
});

it('applies them to a form in order', () => {
  const edited = applyFormEdits(Buffer.from('a=1&b=2'), [
    { kind: 'set', path: 'c', json: '"x y"' },
    { kind: 'unset', path: 'a' },
    { kind: 'set', path: 'c', json: '3' },
  ]);
  expect(Buffer.from(edited).toString()).toBe('b=2&c=3');
});

it('none is the very same bytes, JSON or not', () => {
  const binary = Buffer.from([0xff, 0x00]);
  expect(applyEdits(binary, [])).toBe(binary);
  expect(applyFormEdits(binary, [])).toBe(binary);
});

it('says what it cannot do', () => {
  expect(() => applyEdits(body, [{ kind: 'unset', path: 'nothing' }])).toThrow(expect.objectContaining({ code: 'edit_failed' }));
  expect(() => applyEdits(Buffer.from('no'), [{ kind: 'set', path: 'a', json: '1' }])).toThrow(
    expect.objectContaining({ code: 'edit_failed' }),
  );
});
