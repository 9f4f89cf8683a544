import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { headerValue } from '../../../../src/core/http/headers.js';
import gitlab from '../../../../src/core/providers/catalogue/gitlab.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { NOW } from '../../signature/schemes.js';
import { sampleRequest } from '../samples.js';

const TOKEN = 'a secret token';
const SIGNING = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

// The library reads the clock itself.
beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

it('the library of Standard Webhooks, with which GitLab tests its signing token, verifies what we sign', async () => {
  const { headers, body } = await sampleRequest(gitlab, 'Push Hook', { secrets: [SIGNING] });
  expect(new Webhook(SIGNING).verify(Buffer.from(body), Object.fromEntries(headers))).toMatchObject({ object_kind: 'push' });
  expect(headerValue(headers, 'webhook-id')).toBe(headerValue(headers, 'Idempotency-Key'));
});

it('a signing token signs and is never sent along; a secret token is', async () => {
  const names = async (...secrets: string[]) => {
    const { headers } = await sampleRequest(gitlab, 'Push Hook', { secrets });
    expect(JSON.stringify(headers)).not.toContain(SIGNING);
    return ['X-Gitlab-Token', 'webhook-signature'].filter((name) => headerValue(headers, name) !== null);
  };
  expect(await names(SIGNING)).toEqual(['webhook-signature']);
  expect(await names(TOKEN)).toEqual(['X-Gitlab-Token']);
  expect(await names(TOKEN, SIGNING)).toEqual(['X-Gitlab-Token', 'webhook-signature']);
});

it('either is enough, and neither does for the other', async () => {
  const request = await sampleRequest(gitlab, 'Push Hook', { secrets: [TOKEN, SIGNING] });
  const verdict = (secret: string) => verifySignature(gitlab, { ...request, secrets: [secret], now: NOW }).status;
  expect([TOKEN, SIGNING, 'another', 'whsec_AAAA'].map(verdict)).toEqual(['valid', 'valid', 'invalid', 'invalid']);
});
