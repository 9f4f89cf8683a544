import { describe, expect, it } from 'vitest';
import paddle from '../../../../src/core/providers/catalogue/paddle.js';
import slack from '../../../../src/core/providers/catalogue/slack.js';
import standardWebhooks from '../../../../src/core/providers/catalogue/standard-webhooks.js';
import stripe from '../../../../src/core/providers/catalogue/stripe.js';
import type { Provider } from '../../../../src/core/providers/model.js';
import { signRequest } from '../../../../src/core/signature/sign.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { bytes, NOW } from '../../signature/schemes.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = bytes('{"id":"evt_1","object":"event"}');

/** What a delivery that was signed at NOW, a whole second, is at another time. */
function at(provider: Provider, now: number): string | null {
  const { headers } = signRequest(provider, { headers: [], body, secrets: [SECRET], id: 'msg_1', timestamp: NOW });
  return verifySignature(provider, { headers, body, secrets: [SECRET], now }).reason;
}

describe('the age, as libraries count it', () => {
  // stripe-node, bolt-js and standardwebhooks compare whole seconds; paddle-node-sdk compares milliseconds.
  it.each([
    ['stripe', stripe, 300_999, 301_000],
    ['slack', slack, 300_999, 301_000],
    ['standard-webhooks', standardWebhooks, 300_999, 301_000],
    ['paddle', paddle, 5_000, 5_001],
  ])('%s takes it at %3$d ms, and not at %4$d', (_, provider, last, first) => {
    expect(at(provider, NOW + last)).toBeNull();
    expect(at(provider, NOW + first)).toBe('timestamp_too_old');
  });

  it.each([
    ['stripe', stripe],
    ['slack', slack],
    ['paddle', paddle],
  ])('%s minds no future timestamp', (_, provider) => expect(at(provider, NOW - 86_400_000)).toBeNull());

  it('standard-webhooks minds one', () => {
    expect(at(standardWebhooks, NOW - 300_000)).toBeNull();
    expect(at(standardWebhooks, NOW - 301_000)).toBe('timestamp_in_future');
  });
});

describe('a secret that rolls', () => {
  const other = 'whsec_AAAAr8GKYqrTwjUPD8ILPZIo2LaLaSwA';
  it('is signed with both, and any v1 will do; v0 counts for nothing', () => {
    const { headers } = signRequest(stripe, { headers: [], body, secrets: [other, SECRET], id: '', timestamp: NOW });
    const [[, value] = ['', '']] = headers;
    expect(value).toMatch(/^t=\d{10},v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    const verdict = (text: string, secrets = [SECRET]) =>
      verifySignature(stripe, { headers: [['Stripe-Signature', text]], body, secrets, now: NOW }).reason;
    expect([verdict(value), verdict(value, [other])]).toEqual([null, null]);
    expect(verdict(value.replaceAll('v1=', 'v0='))).toBe('malformed_signature');
    expect(verdict(`${value},v0=${'0'.repeat(64)},v2=x`)).toBeNull();
  });
});
