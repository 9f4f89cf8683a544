import { expect, it } from 'vitest';
import { secretVariable } from '../../../src/core/providers/variable.js';

it('is the provider in upper case, with underscores', () => {
  expect(secretVariable('connect2print')).toBe('CONNECT2PRINT_WEBHOOK_SECRET');
  expect(secretVariable('standard-webhooks')).toBe('STANDARD_WEBHOOKS_WEBHOOK_SECRET');
});
