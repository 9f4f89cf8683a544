import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileNameOf } from '../../../src/core/delivery/file-name.js';

it.each([
  ['order.created', 'dlv_1-order.created.json'],
  [null, 'dlv_1.json'],
  ['Push Hook', 'dlv_1-Push-Hook.json'],
  ['../../etc/passwd', 'dlv_1-etc-passwd.json'],
  ['..', 'dlv_1.json'],
  ['a\0b\nc', 'dlv_1-a-b-c.json'],
  ['C:\\Windows\\system32', 'dlv_1-C-Windows-system32.json'],
  ['x'.repeat(500), `dlv_1-${'x'.repeat(60)}.json`],
])('an event called %j', (event, expected) => {
  expect(fileNameOf({ id: 'dlv_1', event }, 'json')).toBe(expected);
});

it('is a plain name in its folder, whatever a delivery is called', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'./\\:*?"<>|\0 az-') }));
  fc.assert(
    fc.property(hostile, fc.option(hostile, { nil: null }), (id, event) => {
      const name = fileNameOf({ id, event }, 'json');
      expect(name).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*\.json$/);
      expect(name).not.toContain('..');
      expect(resolve('/out', name)).toBe(`/out/${name}`);
    }),
  );
});
