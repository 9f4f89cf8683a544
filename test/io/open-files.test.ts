import { expect, it } from 'vitest';
import { connectionsThatFit } from '../../src/io/open-files.js';

const limits = (files: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${files.padEnd(20)} 1048576              files     \n`;

it.each([
  ['1024', 896],
  ['60', 16],
  ['1048576', 1_048_448],
  ['unlimited', null],
])('of %s files, connections leave some for the rest: %s', (files, expected) => {
  expect(connectionsThatFit(limits(files))).toBe(expected);
});

it('is not known where the system does not say', () => {
  expect(connectionsThatFit('')).toBeNull();
});

it.runIf(process.platform === 'linux')('is known here', () => {
  expect(connectionsThatFit()).toBeGreaterThan(0);
});
