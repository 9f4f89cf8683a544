import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import printeddirect from '../../../../src/core/providers/catalogue/printeddirect.js';
import { bytes, signed, verdictOf } from '../../signature/schemes.js';

it('signs with SHA-1, as the documented example does, and takes the SHA-256 of its text as well', () => {
  const body = bytes('{"action":"job.status.transition"}');
  const digest = (algorithm: string): string => createHmac(algorithm, 'shared').update(body).digest('hex');
  expect(signed(printeddirect, { body, secrets: ['shared'] }).headers).toEqual([['X-Signature', digest('sha1')]]);
  for (const algorithm of ['sha1', 'sha256']) {
    const headers = [['X-Signature', digest(algorithm)]] as const;
    expect(verdictOf(printeddirect, { headers, body, secrets: ['shared'] }).status).toBe('valid');
    expect(verdictOf(printeddirect, { headers, body, secrets: ['other'] }).reason).toBe('mismatch');
  }
});
