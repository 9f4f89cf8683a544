import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import bigcommerce from '../../../src/core/providers/catalogue/bigcommerce.js';
import clerk from '../../../src/core/providers/catalogue/clerk.js';
import liveblocks from '../../../src/core/providers/catalogue/liveblocks.js';
import openai from '../../../src/core/providers/catalogue/openai.js';
import polar from '../../../src/core/providers/catalogue/polar.js';
import replicate from '../../../src/core/providers/catalogue/replicate.js';
import supabase from '../../../src/core/providers/catalogue/supabase.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider } from '../../../src/core/providers/model.js';
import { assertSecretsFit } from '../../../src/core/signature/keys.js';
import { bytes, NOW, signed, verdictOf } from '../signature/schemes.js';

const BASE64 = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const TEXT = 'a secret of text, not base64';
const body = bytes('{"type":"order.created","total":499.00,"name":"Zoë"}');
const inBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** Signs as the provider does, and has the library check that under the specification's names. */
function libraryTakes(provider: Provider, secret: string, librarySecret: string): unknown {
  const { headers } = signed(provider, { body, secrets: [secret] });
  const named = headers.map(([name, value]) => [name.replace('svix-', 'webhook-'), value] as const);
  return new Webhook(librarySecret).verify(Buffer.from(body), Object.fromEntries(named));
}

describe('beside the standardwebhooks library', () => {
  // The library reads the clock itself.
  beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const family = builtinProviders.filter(({ family }) => family === 'standard-webhooks');
  const usual = family.filter((provider) => provider !== bigcommerce && provider !== polar);
  it.each(usual)('$name: the secret is base64 after whsec_', (provider) => {
    expect(libraryTakes(provider, `whsec_${BASE64}`, `whsec_${BASE64}`)).toBeTruthy();
  });

  it.each([
    [bigcommerce, TEXT, inBase64(TEXT)],
    [polar, 'polar_whs_text', inBase64('polar_whs_text')],
    [openai, TEXT, inBase64(TEXT)],
    [supabase, `v1,whsec_${BASE64}`, BASE64],
  ])('$0.name takes another form', (provider, secret, librarySecret) => {
    expect(libraryTakes(provider, secret, librarySecret)).toBeTruthy();
  });
});

const verdict = (provider: Provider, signer: Provider, secret: string, secrets: string[], now = NOW): string => {
  const { headers } = signed(signer, { body, secrets: [secret] });
  return verdictOf(provider, { headers, body, secrets, now }).status;
};

it('polar is verified with the secret as text, and as base64', () => {
  expect(verdict(polar, polar, `whsec_${BASE64}`, [`whsec_${BASE64}`])).toBe('valid');
  expect(verdict(polar, replicate, `whsec_${BASE64}`, [`whsec_${BASE64}`])).toBe('valid');
  expect(verdict(replicate, polar, `whsec_${BASE64}`, [`whsec_${BASE64}`])).toBe('invalid');
});

describe('openai', () => {
  it('takes a signature without its version', () => {
    const { headers } = signed(openai, { body, secrets: [TEXT] });
    const bare = headers.map(([name, value]) => [name, value.replace(/^v1,/, '')] as const);
    expect(verdictOf(openai, { headers: bare, body, secrets: [TEXT] }).status).toBe('valid');
    expect(verdictOf(replicate, { headers: bare, body, secrets: [`whsec_${BASE64}`] }).status).toBe('invalid');
  });

  it('does not take whsec_ and what follows for text', () => {
    const text = signed(bigcommerce, { body, secrets: [`whsec_${BASE64}`] });
    expect(verdictOf(openai, { headers: text.headers, body, secrets: [`whsec_${BASE64}`] }).status).toBe('invalid');
  });
});

it('clerk knows svix-* only', () => {
  expect(verdict(clerk, replicate, `whsec_${BASE64}`, [`whsec_${BASE64}`])).toBe('invalid');
});

it('liveblocks refuses a secret without its prefix before anything is verified', () => {
  expect(() => assertSecretsFit(liveblocks, [BASE64])).toThrow(expect.objectContaining({ code: 'secret_malformed' }));
  expect(() => assertSecretsFit(liveblocks, [`whsec_${BASE64}`])).not.toThrow();
});

it('replicate looks at no clock, the others do', () => {
  const later = NOW + 3_600_000;
  expect(verdict(replicate, replicate, `whsec_${BASE64}`, [`whsec_${BASE64}`], later)).toBe('valid');
  expect(verdict(openai, openai, `whsec_${BASE64}`, [`whsec_${BASE64}`], later)).toBe('invalid');
});
