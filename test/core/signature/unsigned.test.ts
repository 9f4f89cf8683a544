import { describe, expect, it } from 'vitest';
import { defineProvider } from '../../../src/core/providers/define.js';
import { isUnsigned } from '../../../src/core/signature/unsigned.js';
import { verifySignature } from '../../../src/core/signature/verify.js';

const acme = defineProvider({
  name: 'acme',
  signature: { header: 'X-Acme' },
  unsigned: { body: 'id=\\d+|ping', why: 'Acme does not sign this.' },
});
const verdict = (body: string, headers: ReadonlyArray<readonly [string, string]> = []) =>
  verifySignature(acme, { headers, body: Buffer.from(body), secrets: ['s'], now: 0 });

describe('what a provider never signs', () => {
  it.each(['id=1', 'ping'])('%s is unchecked, with the reason', (body) => {
    expect(verdict(body)).toMatchObject({ status: 'unchecked', reason: 'no_secret', message: 'Acme does not sign this.' });
  });

  it.each(['id=1&x=2', 'id=', 'xid=1', 'id=1\n', 'pings', '{"id":1}', ''])(
    '%j is something else, and invalid without a signature',
    (body) => {
      expect(verdict(body)).toMatchObject({ status: 'invalid', reason: 'missing_signature' });
    },
  );

  it('is checked where it carries a signature after all', () => {
    expect(verdict('id=1', [['X-Acme', 'ab'.repeat(32)]])).toMatchObject({ status: 'invalid', reason: 'mismatch' });
  });

  it('is short', () => {
    expect(isUnsigned(acme, Buffer.from(`id=${'1'.repeat(1_000)}`))).toBe(false);
  });
});
