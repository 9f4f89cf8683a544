import { expect, it } from 'vitest';
import { isFormType } from '../../../src/core/http/media.js';

it.each([
  ['application/x-www-form-urlencoded; charset=UTF-8', true],
  [' APPLICATION/X-WWW-FORM-URLENCODED ', true],
  ['application/json', false],
  ['multipart/form-data; boundary=x', false],
  ['', false],
  [null, false],
])('%j: a form is %s', (type, form) => {
  expect(isFormType(type)).toBe(form);
});
