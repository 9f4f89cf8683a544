import { expect, it } from 'vitest';
import { defineProvider } from '../../../src/core/providers/define.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import { loadedOnDemand, signersOf } from '../../../src/core/providers/on-demand.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import { NOW } from '../signature/schemes.js';
import { sampleRequest, secretsFor } from './samples.js';

const ENVELOPE = '{"id":"wh_1","event":"order.created","timestamp":"2026-11-22T14:02:11Z","data":{}}';
const reader = (header: string, body = '{}'): RequestReader =>
  new RequestReader({ headers: [[header, 'ab'.repeat(32)]], body: Buffer.from(body), path: '/' });
const names = (providers: ReadonlyArray<{ readonly name: string }>): string[] => providers.map(({ name }) => name);

it('gives those whose request it can be, each loaded once', async () => {
  const known = loadedOnDemand(new Map());
  const [first, again] = [
    await known.fitting(reader('X-Webhook-Signature', ENVELOPE)),
    await known.fitting(reader('x-webhook-signature', ENVELOPE)),
  ];
  expect(names(first)).toContain('connect2print');
  expect(names(first)).not.toContain('github');
  expect(again).toEqual(first);
  expect(again[0]).toBe(first[0]);
  expect(names(await known.fitting(reader('X-Nothing')))).toEqual([]);
});

it('has those of the config first, in place of built-in ones of the same name', async () => {
  const mine = defineProvider({ name: 'github', signature: { header: 'X-Nothing' } }, { custom: true });
  const known = loadedOnDemand(new Map([['github', mine]]));
  expect(await known.fitting(reader('X-Nothing'))).toEqual([mine]);
  expect(names(await known.fitting(reader('X-GitHub-Event')))).toEqual([]);
  expect((await known.all())[0]).toBe(mine);
  expect(names(await known.all()).filter((name) => name === 'github')).toHaveLength(1);
});

it('signersOf leaves out nobody who can have signed a request', async () => {
  const none = new Map();
  for (const provider of builtinProviders.filter(({ schemes }) => schemes.some(({ sends }) => sends))) {
    const [event = ''] = Object.keys(provider.events);
    const { headers, body, url } = await sampleRequest(provider, event, { secrets: secretsFor(provider) });
    const request = { headers, body, path: url };
    const left = names(await signersOf(request, none));
    expect(left.length).toBeLessThan(40);
    for (const other of builtinProviders) {
      const input = { ...request, url, secrets: secretsFor(other), now: NOW };
      const { reason } = verifySignature(other, input);
      // Whoever is left out would have found no signature of theirs.
      if (!left.includes(other.name)) expect(['missing_signature', 'no_secret']).toContain(reason);
    }
  }
});
