/** Leaving providers out must never be seen in what is detected. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/core/http/headers.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { type Detection, detectProvider } from '../../../src/core/providers/detect.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider, ProviderDefinition } from '../../../src/core/providers/model.js';
import { outlineOf } from '../../../src/core/providers/outline.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { createSieve } from '../../../src/core/providers/sieve.js';
import { sampleRequest, secretsFor } from './samples.js';

interface Sample {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly path: string;
}

const own = (definition: ProviderDefinition): Provider => defineProvider(definition, { custom: true });
/** Among them one that has the name of a built-in one, as its own table would leave that out. */
const OWN = [
  own({ name: 'acme', signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=' } }),
  own({ name: 'numbered', signature: { header: 'X-Docusign-Signature-{n}', encoding: 'base64' } }),
  own({ name: 'in-query', signature: { kind: 'token', at: 'query:token' } }),
  own({ name: 'in-body', signature: { at: 'body:/id' }, clues: { values: { 'body:/a~1b/c': '.' } } }),
  own({ name: 'silent', clues: { values: { '{header:User-Agent}{body:/event}': 'order' } } }),
];
const everyone = [...OWN, ...builtinProviders];
const sieve = createSieve(everyone.map(outlineOf));

/** What is found, by name: both ways. */
function bothWays({ headers, body, path }: Sample): [sieved: string, full: string] {
  const told = (detection: Detection): string =>
    detection.status === 'ambiguous'
      ? detection.candidates.map(({ name }) => name).join(' or ')
      : detection.status === 'detected'
        ? detection.provider.name
        : detection.status;
  const reader = new RequestReader({ headers, body, path });
  const left = sieve(reader).flatMap((outline) => everyone.find(({ name }) => name === outline.name) ?? []);
  return [told(detectProvider(reader, left)), told(detectProvider(new RequestReader({ headers, body, path }), everyone))];
}

const samples: Sample[] = await Promise.all(
  builtinProviders.flatMap((provider) =>
    [...Object.keys(provider.events), ...provider.challenges.map(({ name }) => name)].map(async (event) => {
      const { headers, body, url } = await sampleRequest(provider, event, { secrets: secretsFor(provider) });
      return { headers, body, path: url.replace(/^https?:\/\/[^/]+/, '') };
    }),
  ),
);

describe('what is left', () => {
  it('is the same provider for every sample of every provider, and few are looked at', () => {
    let most = 0;
    for (const sample of samples) {
      const [sieved, full] = bothWays(sample);
      expect(sieved).toBe(full);
      most = Math.max(most, sieve(new RequestReader(sample)).length);
    }
    // Those of one family, and who has the same words.
    expect(most).toBeLessThan(25);
  });

  it('is the same for whatever is mixed of them: headers of some, the body of another', () => {
    const headers = [...new Map(samples.flatMap((one) => one.headers).map((header) => [header.join('\n'), header])).values()];
    const names = [...new Set(headers.map(([name]) => name))];
    const byName = fc
      .constantFrom(...names)
      .chain((name) => fc.constantFrom(...headers.filter((header) => header[0] === name)))
      .chain(([name, value]) =>
        fc.tuple(
          fc.constantFrom(name, name.toLowerCase(), name.toUpperCase()),
          fc.oneof(
            { weight: 5, arbitrary: fc.constant(value) },
            { weight: 1, arbitrary: fc.constantFrom('', 'x', `sha256=${'ab'.repeat(32)}`) },
          ),
        ),
      );
    const someones = fc.constantFrom(...samples).chain((one) => fc.subarray([...one.headers]));
    const mixed = fc.record({
      headers: fc.tuple(someones, someones, fc.array(byName, { maxLength: 6 })).map((parts) => parts.flat()),
      body: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...samples).map(({ body }) => body) },
        {
          weight: 1,
          arbitrary: fc
            .constantFrom(
              '',
              '[]',
              'null',
              '{"a/b":{"c":1},"id":"ab"}',
              '{"event":"order.created"}',
              '%61lert_name=a+b',
              '{"":"%"}',
            )
            .map((text) => Buffer.from(text)),
        },
      ),
      path: fc.oneof(
        fc.constantFrom(...samples).map(({ path }) => path),
        fc.constant('/hooks?token=abc'),
      ),
    });
    fc.assert(
      fc.property(mixed, (request) => {
        const [sieved, full] = bothWays(request);
        expect(sieved).toBe(full);
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps their order, which decides between equals', () => {
    const reader = new RequestReader({
      headers: [['X-Hub-Signature-256', `sha256=${'ab'.repeat(32)}`]],
      body: Buffer.from('{}'),
      path: '/?token=1',
    });
    const left = sieve(reader).map(({ name }) => name);
    expect(left).toEqual(everyone.map(({ name }) => name).filter((name) => left.includes(name)));
    expect(left.slice(0, 2)).toEqual(['acme', 'in-query']);
  });
});
