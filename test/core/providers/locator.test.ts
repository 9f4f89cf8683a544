import { expect, it } from 'vitest';
import { isLocator } from '../../../src/core/providers/locator.js';

it('isLocator tells a place from a template', () => {
  expect(['header:X', 'body:/a', 'query:a', 'form:a', 'item:t='].every(isLocator)).toBe(true);
  expect(['{header:X}', 'body', 'x:y', ''].some(isLocator)).toBe(false);
});
