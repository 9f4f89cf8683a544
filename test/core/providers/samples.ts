/** What it takes to send a fixture of any built-in provider. */
import { generateKeyPairSync } from 'node:crypto';
import { type ComposeInput, type ComposerInput, compose } from '../../../src/core/events/compose.js';
import { sampleHeaders, withQuery } from '../../../src/core/events/sample.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider, Scheme } from '../../../src/core/providers/model.js';
import { fitsScheme } from '../../../src/core/signature/keys.js';
import { isUnsigned } from '../../../src/core/signature/unsigned.js';
import { readFixture } from '../../../src/io/fixtures.js';
import { NOW } from '../signature/schemes.js';

/** Key pairs, and texts: one of each form a provider may ask for. */
function keyRing(texts: readonly string[], id: string) {
  const pairs = {
    ed25519: generateKeyPairSync('ed25519'),
    ecdsa: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  return (provider: Provider): string[] => {
    const scheme = provider.schemes.find(({ sends }) => sends);
    if (scheme === undefined) return [];
    const kind = scheme.custom?.secret?.pair ?? scheme.kind;
    if (kind !== 'ed25519' && kind !== 'ecdsa' && kind !== 'rsa')
      return texts.filter((secret) => fitsScheme(scheme, secret)).slice(0, 1);
    const key = pairs[kind].privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    return [scheme.custom?.secret?.join?.(key, id) ?? key];
  };
}

/** A secret that the scheme this provider sends first can sign with; none for one that does not sign. */
export const secretsFor: (provider: Provider) => string[] = keyRing(
  [
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    '6d79206b6579206f6620333220627974657320696e206865782c20736f207468',
    'an account’s own text',
  ],
  '8PT597110X687430LKGECATA',
);

/** Another one of the same form. */
export const otherSecretsFor: (provider: Provider) => string[] = keyRing(
  ['whsec_AAAAr8GKYqrTwjUPD8ILPZIo2LaLaSwA', '00000000000000006f6620333220627974657320696e206865782c20736f2074', 'another text'],
  '9XL90610J3647323C',
);

/** What makes of a provider's own fixture what `trigger` sends, signed. */
export async function sampleInput(provider: Provider, event: string): Promise<ComposerInput> {
  const { sample } = await readFixture(provider.name, event);
  return {
    provider,
    event,
    payload: sample.body,
    sampleHeaders: sampleHeaders(sample, provider.contentType),
    fresh: true,
    exact: sample.form === 'http',
    method: sample.method ?? 'POST',
    secrets: secretsFor(provider),
    url: withQuery('http://localhost:3000/hooks', sample.query),
    userAgent: 'test',
  };
}

/** A provider's own fixture as `trigger` sends it, signed. */
export async function sampleRequest(
  provider: Provider,
  event: string,
  over: Partial<ComposeInput> = {},
): Promise<OutgoingRequest> {
  return compose({ ...(await sampleInput(provider, event)), now: NOW, random: (size) => new Uint8Array(size), ...over });
}

/** Whether another body makes the signature another. */
export function coversBody({ kind, content, custom }: Scheme): boolean {
  if (custom !== null) return custom.coversBody ?? true;
  return kind !== 'token' && /\{(body|sha256:body)\}/.test(content);
}

/** Each event that its provider signs, as a row of a table. */
export async function signedEvents(): Promise<Array<readonly [provider: string, event: string, Provider]>> {
  const rows = builtinProviders
    .filter(({ schemes }) => schemes.some(({ sends }) => sends))
    .flatMap((provider) => Object.keys(provider.events).map((event) => [provider.name, event, provider] as const));
  const unsigned = await Promise.all(
    rows.map(
      async ([name, event, provider]) =>
        provider.unsigned !== null && isUnsigned(provider, (await readFixture(name, event)).sample.body),
    ),
  );
  return rows.filter((_, index) => unsigned[index] === false);
}
