import { describe, expect, it } from 'vitest';
import { type Corruption, compose } from '../../../src/core/events/compose.js';
import { changedByte, corrupt, staleTime } from '../../../src/core/events/corrupt.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import type { Verdict } from '../../../src/core/signature/verdict.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import * as schemes from '../signature/schemes.js';
import { bodyOf, bytes, type Case, NOW, titled } from '../signature/schemes.js';

const NOTHING = { headers: [], body: bytes('{}'), edits: [] };

const composed = (one: Case, fault: Corruption | null, secrets: readonly string[]): OutgoingRequest =>
  compose({
    provider: one.provider,
    event: 'a.b',
    payload: bodyOf(one),
    fresh: one.body === undefined || one.body.startsWith('{'),
    secrets,
    url: 'https://hooks.example.com/in',
    userAgent: 'test',
    now: NOW,
    random: (size) => new Uint8Array(size),
    corrupt: fault,
  });

describe.each(titled)('%s', (_, one) => {
  const scheme = one.provider.schemes[0];
  // During a rotation: that a second signature stays whole would be enough.
  const secrets =
    one.publicSecret === undefined && one.provider.name !== 'adyen' && one.provider !== standardWebhooks
      ? [one.secret, 'second']
      : [one.secret];
  const verdictFor = (fault: Corruption | null): Verdict =>
    verifySignature(one.provider, { ...composed(one, fault, secrets), secrets, now: NOW });

  it('is valid without a fault', () => expect(verdictFor(null)).toMatchObject({ status: 'valid' }));

  it('a changed signature does not match', () =>
    expect(verdictFor('signature')).toMatchObject({ status: 'invalid', reason: 'mismatch' }));

  it('a missing signature is missing', () =>
    expect(verdictFor('missing')).toMatchObject({ status: 'invalid', reason: 'missing_signature' }));

  it('a changed body does not match, or the scheme could not tell', () => {
    if (one.covers) expect(verdictFor('body')).toMatchObject({ status: 'invalid', reason: 'mismatch' });
    else expect(() => verdictFor('body')).toThrow(/does not sign the body/);
  });

  it('a stale timestamp is too old, where age is limited', () => {
    if (scheme?.timestamp.length === 0) expect(() => verdictFor('timestamp')).toThrow(/signs no timestamp/);
    else if (scheme?.tolerance.past === null) expect(verdictFor('timestamp').status).toBe('valid');
    else expect(verdictFor('timestamp')).toMatchObject({ status: 'invalid', reason: 'timestamp_too_old' });
  });

  it('changes nothing but what it says', () => {
    const right = composed(one, null, secrets);
    const names = scheme?.at.map((locator) => locator.replace('header:', '').replace('{n}', '')) ?? [];
    const others = ({ headers }: OutgoingRequest): unknown =>
      headers.filter(([name]) => !names.some((own) => name.startsWith(own)) && name !== 'X-Hub-Signature');
    for (const fault of ['signature', 'missing'] as const) expect(others(composed(one, fault, secrets))).toEqual(others(right));
    // An ECDSA signature is another one each time.
    if (!one.covers || scheme?.kind === 'ecdsa') return;
    expect(composed(one, 'body', secrets).headers).toEqual(right.headers);
    expect(composed(one, 'signature', secrets).body).toEqual(right.body);
  });
});

it('an unsigned delivery has only a body to change', () => {
  const one = { ...(titled[0]?.[1] as Case), provider: schemes.prodigi };
  expect(composed(one, 'signature', []).body).toEqual(composed(one, null, []).body);
  expect(composed({ ...one, body: '{"n":1}' }, 'body', []).body).toEqual(Buffer.from('{"n":2}'));
});

it('every signature of a list is changed, and the timestamp beside them is not', () => {
  const value = `t=5,v1=${'0'.repeat(64)},v1=${'f'.repeat(64)},v0=${'e'.repeat(64)}`;
  const { headers } = corrupt(schemes.stripe, { ...NOTHING, headers: [['Stripe-Signature', value]] }, 'signature');
  expect(headers[0]?.[1]).toMatch(/^t=5,v1=0{42}10{21},v1=f{42}0f{21},v0=e{64}$/);
});

it.each([
  ['{"total":499.00}', '{"total":499.01}'],
  ['{"total":1}', '{"total":2}'],
  ['{"a":"b"}', '{"a":"b"} '],
  ['', ' '],
])('changedByte %j', (body, changed) => {
  const before = bytes(body);
  expect(Buffer.from(changedByte(before)).toString()).toBe(changed);
  expect(Buffer.from(before).toString()).toBe(body);
});

it('staleTime is an hour past what is allowed', () => {
  expect(NOW - staleTime(schemes.stripe, NOW)).toBe(3_900_000);
  expect(NOW - staleTime(schemes.sendgrid, NOW)).toBe(7_200_000);
});
