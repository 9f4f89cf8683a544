import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRequestTarget } from '../../../src/core/http/message.js';

it.each(['/', '*', '//a', '/hooks?x=1', 'http://localhost/%20', '/caf\xe9'])('%j can stand in a request line', (text) => {
  expect(isRequestTarget(text)).toBe(true);
});

it('what can stand in a request line is bytes, none of them a control character or white space', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const fits = text !== '' && bytes.toString('latin1') === text && bytes.every((byte) => byte > 0x20 && byte !== 0x7f);
      expect(isRequestTarget(text)).toBe(fits);
    }),
  );
  expect(isRequestTarget('')).toBe(false);
});
