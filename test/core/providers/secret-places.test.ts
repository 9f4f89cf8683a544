import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/core/delivery/redact.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider } from '../../../src/core/providers/model.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { secretPlaces } from '../../../src/core/providers/secret-places.js';
import { findSignatures } from '../../../src/core/signature/carrier.js';
import { sampleRequest, secretsFor, signedEvents } from './samples.js';

/** All of a request that a person is shown. */
function shown(provider: Provider, { url, headers, body }: OutgoingRequest): string {
  const redactor = new Redactor();
  redactor.hide(secretPlaces(provider));
  const lines = redactor.headers(headers).map((header) => header.join(': '));
  const text = Buffer.from(redactor.body(body)).toString();
  return [redactor.url(url), ...lines, text].join('\n');
}

describe('what people are shown', async () => {
  it.each(await signedEvents())('%s %s: no signature, and no secret', async (_, event, provider) => {
    const secrets = secretsFor(provider);
    const request = await sampleRequest(provider, event, { secrets });
    const text = shown(provider, request);
    for (const secret of secrets) expect(text).not.toContain(secret);
    const reader = new RequestReader({ ...request, path: request.url });
    const signatures = provider.schemes.flatMap((scheme) => findSignatures(scheme, reader)?.signatures ?? []);
    expect(signatures.length).toBeGreaterThan(0);
    for (const signature of signatures) expect(text).not.toContain(signature);
  });

  const handed = builtinProviders
    .flatMap((provider) => provider.challenges.map((challenge) => [provider.name, challenge.name, provider, challenge] as const))
    .filter(([, , , { secretAt }]) => secretAt !== undefined);

  it.each(handed)('%s %s: not the secret that comes with it', async (_, name, provider, { secretAt = 'body:/' }) => {
    const request = await sampleRequest(provider, name, { secrets: [] });
    const secret = new RequestReader({ ...request, path: request.url }).read(secretAt);
    expect(secret).toMatch(/./);
    expect(shown(provider, request)).not.toContain(secret);
  });

  it('leaves the tokens of a body, a form and a query out', async () => {
    const slack = builtinProviders.find(({ name }) => name === 'slack') as Provider;
    expect(shown(slack, await sampleRequest(slack, 'slash_command'))).toMatch(/token=\[redacted\].*response_url=\[redacted\]/s);
    const mine = defineProvider({ name: 'mine', signature: { kind: 'token', at: 'query:pass' } });
    expect(shown(mine, { method: 'POST', url: 'https://a.test/?pass=word', headers: [], body: Buffer.alloc(0) })).not.toContain(
      'word',
    );
  });
});
