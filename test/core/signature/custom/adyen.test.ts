import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/core/events/edits.js';
import { adyenItemsSignature } from '../../../../src/core/signature/custom/adyen.js';

// adyen-node-api-library, src/__tests__/hmacValidator.spec.ts
const KEY = 'DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00';
const item = {
  pspReference: 'pspReference',
  originalReference: 'originalReference',
  merchantAccountCode: 'merchantAccount',
  merchantReference: 'reference',
  amount: { currency: 'EUR', value: 1000 },
  eventCode: 'REPORT_AVAILABLE',
  eventDate: '2019-09-21T11:45:24.637Z',
  paymentMethod: 'VISA',
  reason: 'reason',
  success: 'true',
  additionalData: { hmacSignature: 'ZNBPtI+oDyyRrLyD1XirkKnQgIAlFc07Vj27TeHsDRE=' },
};
const of = (...items: unknown[]) => ({
  live: 'false',
  notificationItems: items.map((one) => ({ NotificationRequestItem: one })),
});
const base = { headers: [], url: null, path: '/', method: 'POST', now: 0, tolerance: null };
const verify = (value: unknown, secret = KEY) =>
  adyenItemsSignature.verify({ ...base, body: Buffer.from(JSON.stringify(value)), secret });

describe('Adyen items', () => {
  it('verify the published signature', () => {
    expect(verify(of(item))).toBe('valid');
    expect(verify(of(item), KEY.toLowerCase())).toBe('valid');
    expect(verify(of({ ...item, amount: { ...item.amount, value: 1001 } }))).toBe('mismatch');
    expect(verify(of(item), KEY.replace('DF', 'DE'))).toBe('mismatch');
  });

  it('all of them have to match', () => {
    expect(verify(of(item, item))).toBe('valid');
    expect(verify(of(item, { ...item, success: 'false' }))).toBe('mismatch');
    expect(verify(of(item, { ...item, additionalData: {} }))).toBe('malformed');
  });

  it('are signed each in its place, and colons are not escaped', () => {
    const body = Buffer.from(JSON.stringify(of({ ...item, additionalData: undefined }, { pspReference: 'a:b' })));
    const { edits = [] } = adyenItemsSignature.sign({ ...base, body, secret: KEY, id: '' });
    expect(edits[0]).toEqual([
      '/notificationItems/0/NotificationRequestItem/additionalData/hmacSignature',
      '"ZNBPtI+oDyyRrLyD1XirkKnQgIAlFc07Vj27TeHsDRE="',
    ]);
    const signed = applyEdits(
      body,
      edits.map(([path, json]) => ({ kind: 'set', path, json }) as const),
    );
    expect(adyenItemsSignature.verify({ ...base, body: signed, secret: KEY })).toBe('valid');
    expect(() => adyenItemsSignature.sign({ ...base, body: Buffer.from('{}'), secret: KEY, id: '' })).toThrow(
      /no notificationItems/,
    );
  });

  it('says what is no batch of theirs, however large', () => {
    for (const value of [null, [], {}, { notificationItems: [] }, { notificationItems: 'x' }, of({}), of(null)]) {
      expect(verify(value)).toBe('absent');
    }
    expect(verify(of(...Array.from({ length: 10_000 }, () => item)))).toBe('absent');
    expect(verify(of({ additionalData: { hmacSignature: 'x' } }))).toBe('malformed');
    expect(adyenItemsSignature.secret?.fits('not hex')).toBe(false);
  });
});
