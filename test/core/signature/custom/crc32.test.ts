import { expect, it } from 'vitest';
import { crc32 } from '../../../../src/core/signature/custom/crc32.js';

// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms, and that of nothing.
it('gives the published check value', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(Buffer.alloc(0))).toBe(0);
});
