import { expect, it } from 'vitest';
import whcc from '../../../../src/core/providers/catalogue/whcc.js';
import { bytes, NOW, signed, verdictOf } from '../../signature/schemes.js';

it('writes its hex in capitals, and skips versions it does not know', () => {
  const body = bytes('{"Event":"Shipped"}');
  const { headers } = signed(whcc, { body, secrets: ['consumer secret'] });
  const [[, value = ''] = []] = headers;
  expect(value).toMatch(new RegExp(`^t=${NOW / 1_000},v1=[0-9A-F]{64}$`));
  for (const carried of [value, value.replace(',', ',v2=00,'), value.toLowerCase()]) {
    const verdict = verdictOf(whcc, { headers: [['WHCC-Signature', carried]], body, secrets: ['consumer secret'] });
    expect(verdict.status).toBe('valid');
  }
});
