/** What holds for every built-in provider, found by going through the list. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { providersPage } from '../../../.ci/providers-page.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import { identify } from '../../../src/core/providers/batch.js';
import { objectionTo } from '../../../src/core/providers/challenge.js';
import { detectProvider } from '../../../src/core/providers/detect.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider } from '../../../src/core/providers/model.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { signatureHeaderNames } from '../../../src/core/signature/sign.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import { cpuTime } from '../../support/cpu.js';
import { NOW } from '../signature/schemes.js';
import { coversBody, otherSecretsFor, sampleRequest, secretsFor, signedEvents } from './samples.js';

const named = (providers: readonly Provider[]) => providers.map((provider) => [provider.name, provider] as const);
const all = named(builtinProviders);

/** A fixture as it is sent, each time with other random values. */
function send(provider: Provider, event: string, secrets: readonly string[]): Promise<OutgoingRequest> {
  const random = (size: number): Uint8Array => new Uint8Array(randomBytes(size));
  return sampleRequest(provider, event, { secrets, random });
}

const pathOf = (url: string): string => url.replace('http://localhost:3000', '');
const readerOf = (request: OutgoingRequest): RequestReader => new RequestReader({ ...request, path: pathOf(request.url) });
const verify = (provider: Provider, request: OutgoingRequest, secrets: readonly string[]) =>
  verifySignature(provider, { ...request, secrets, now: NOW, path: pathOf(request.url) });

describe('the list', () => {
  it('is every file of the catalogue, once', async () => {
    const folder = fileURLToPath(new URL('../../../src/core/providers/catalogue', import.meta.url));
    const files = (await readdir(folder)).map((file) => file.replace(/\.ts$/, '')).sort();
    expect(builtinProviders.map(({ name }) => name).sort()).toEqual(files);
  });

  it('is told of in docs/PROVIDERS.md as it is; npm run docs writes that page', async () => {
    const page = fileURLToPath(new URL('../../../docs/PROVIDERS.md', import.meta.url));
    expect((await readFile(page, 'utf8')).replaceAll('\r\n', '\n') === providersPage(), 'run: npm run docs').toBe(true);
  });

  it.each(all)('%s says where its facts are from, and how sure they are', (_, provider) => {
    expect(provider.docs.length).toBeGreaterThan(0);
    for (const url of provider.docs) expect(url).toMatch(/^https:\/\/[^\s/]+\.[^\s]+$/);
    expect(provider.confidence).toMatch(/^(high|medium|low)$/);
    expect(provider.title).not.toBe(provider.name);
    for (const sentence of provider.assumptions) expect(sentence).toMatch(/^[“"A-Z`@].*[.”]$/s);
    if (provider.family !== null) {
      expect(builtinProviders.filter(({ family }) => family === provider.family).length, 'a family of one').toBeGreaterThan(1);
    }
  });

  it.each(all)('%s has names for its events and challenges that cannot be mistaken', (_, provider) => {
    const events = Object.keys(provider.events);
    const challenges = provider.challenges.map(({ name }) => name);
    expect(new Set([...events, ...challenges]).size).toBe(events.length + challenges.length);
    for (const [event, line] of Object.entries(provider.events)) {
      expect(event).toMatch(/^\S(.*\S)?$/);
      expect(line, event).toMatch(/^\S.*[^.\s]$/);
    }
  });

  it.each(all)('%s has samples of what people handle most', (_, provider) => {
    const least = MANY.includes(provider.name) ? 10 : provider.allEvents === null ? 3 : 1;
    expect(Object.keys(provider.events).length).toBeGreaterThanOrEqual(least);
    if (provider.allEvents !== null) expect(provider.allEvents).toMatch(/^https:\/\//);
  });
});

/** Those most people handle. */
const MANY = ['stripe', 'github', 'shopify', 'slack', 'twilio', 'paddle', 'gitlab'];
const signing = builtinProviders.filter(({ schemes }) => schemes.some(({ sends }) => sends));
const signed = await signedEvents();

describe('what is signed', () => {
  it.each(named(signing))('%s: there is a secret to try it with', (_, provider) => {
    expect(secretsFor(provider)).toHaveLength(1);
    expect(otherSecretsFor(provider)).toHaveLength(1);
  });

  it.each(signed)('%s %s verifies, and not under another secret', async (_, event, provider) => {
    const request = await send(provider, event, secretsFor(provider));
    expect(verify(provider, request, secretsFor(provider))).toMatchObject({ status: 'valid' });
    expect(verify(provider, request, otherSecretsFor(provider))).toMatchObject({ status: 'invalid', reason: 'mismatch' });
    expect(verify(provider, request, [...otherSecretsFor(provider), ...secretsFor(provider)])).toMatchObject({ status: 'valid' });
  });

  const covered = signed.filter(([, , provider]) => provider.schemes.filter(({ sends }) => sends).every(coversBody));
  it.each(covered)('%s %s does not verify with one byte changed', async (_, event, provider) => {
    const request = await send(provider, event, secretsFor(provider));
    for (const at of [0, Math.floor(request.body.length / 2), request.body.length - 1]) {
      const body = Buffer.from(request.body);
      body[at] = (body[at] ?? 0) ^ 1;
      expect(verify(provider, { ...request, body }, secretsFor(provider)).status).toBe('invalid');
    }
    const longer = Buffer.concat([request.body, Buffer.from(' ')]);
    expect(verify(provider, { ...request, body: longer }, secretsFor(provider)).status).toBe('invalid');
  });
});

/** Those whose requests say when they were signed. */
const TIMED_BY_CODE = ['paypal', 'sns'];
const timed = signing.filter(
  ({ name, schemes }) =>
    TIMED_BY_CODE.includes(name) ||
    schemes.filter(({ sends }) => sends).every(({ timestamp, custom }) => timestamp.length > 0 || custom?.maxAge !== undefined),
);

describe('--tolerance', () => {
  const HOUR = 3_600_000;
  it.each(named(timed))('%s: limits the age, both ways', async (_, provider) => {
    const [event = ''] = Object.keys(provider.events);
    const secrets = secretsFor(provider);
    const request = await sampleRequest(provider, event, { secrets });
    const at = (now: number, tolerance: number) =>
      verifySignature(provider, { ...request, secrets, now, path: pathOf(request.url), tolerance });
    expect(at(NOW + HOUR, 2 * HOUR)).toMatchObject({ status: 'valid' });
    expect(at(NOW + HOUR, HOUR / 2)).toMatchObject({ status: 'invalid', reason: 'timestamp_too_old' });
    expect(at(NOW - HOUR, 2 * HOUR)).toMatchObject({ status: 'valid' });
    expect(at(NOW - HOUR, HOUR / 2)).toMatchObject({ status: 'invalid', reason: 'timestamp_in_future' });
  });
});

const events = builtinProviders.flatMap((provider) =>
  Object.keys(provider.events).map((event) => [provider.name, event, provider] as const),
);

describe('whose it is', () => {
  it.each(events)('%s %s: its own, and no other’s', async (_, event, provider) => {
    const request = await send(provider, event, secretsFor(provider));
    const detection = detectProvider(readerOf(request), builtinProviders);
    const candidates = detection.status === 'ambiguous' ? detection.candidates : [];
    const told = detection.status === 'detected' ? [detection.provider] : candidates;
    // Within a family, the one that stands for all of them will do; nothing else will.
    const wrong = told.filter(
      ({ name, family }) => name !== provider.name && (provider.family === null || family !== provider.family),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(told.length).toBeGreaterThan(0);
    if (provider.family === null) expect(told).toEqual([provider]);
  });

  it.each(events)('%s %s: is called by its event, and has a fresh id where it has one', async (_, event, provider) => {
    const request = await send(provider, event, []);
    const { event: called, eventId } = identify(provider, readerOf(request));
    if (provider.event.length > 0) expect(called).toBe(event);
    const again = identify(provider, readerOf(await send(provider, event, [])));
    expect(again.eventId === null).toBe(eventId === null);
    if (eventId !== null) expect(again.eventId).not.toBe(eventId);
    // Of a batch, each event; in the same instant too.
    const ids = [...identify(provider, readerOf(request)).items, ...again.items].flatMap(({ eventId: id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('whatever comes', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const bodies = ['', '{', 'null', '[]', '{"a":', deep, `{"data":${deep}}`, '{"a":1e999}', 'a=%zz&&=&', '\u0000\u00ff'].map(
    (text) => Buffer.from(text),
  );
  const many = Array.from({ length: 10_000 }, (_, n) => `v1=${n.toString(16).padStart(64, '0')}`);
  const values = [
    '',
    ' ',
    'nonsense',
    'A'.repeat(100_000),
    many.join(','),
    many.join(';'),
    many.join(' '),
    ...['1e30', '-1', 'NaN', '99999999999999999999', '0x10', '2026-99-99T99:99:99Z'].flatMap((at) => [
      at,
      `t=${at},v1=${'ab'.repeat(32)}`,
    ]),
    `${'a'.repeat(50_000)}.${'b'.repeat(50_000)}.c`,
  ];

  const cases = [
    ...bodies.map((body) => [body, 'nonsense'] as const),
    ...values.map((value) => [Buffer.from('{"a":1}'), value] as const),
  ];

  it.each(named(signing))('%s gives a verdict, soon', (_, provider) => {
    const names = signatureHeaderNames(provider);
    const began = cpuTime();
    for (const [body, value] of cases) {
      const headers = names.slice(0, 6).flatMap((name) => [[name, value] as const, [name, 'twice'] as const]);
      const input = { headers, body, secrets: secretsFor(provider), now: NOW, path: '/?a=%zz', url: 'http://a.test/?a=%zz' };
      expect(verifySignature(provider, input).status).toBe('invalid');
      const reader = new RequestReader({ headers, body, path: '/' });
      detectProvider(reader, [provider]);
      identify(provider, reader);
    }
    // Each takes a millisecond; this is for what grows without bounds.
    expect((cpuTime() - began) / cases.length).toBeLessThan(100);
  });
});

const challenges = builtinProviders.flatMap((provider) =>
  provider.challenges.map((challenge) => [provider.name, challenge.name, provider, challenge] as const),
);

describe('challenges', () => {
  it.each(challenges)('%s %s is recognised, and no event of anybody’s', async (_, name, provider, challenge) => {
    const request = await send(provider, name, challenge.signed ? secretsFor(provider) : []);
    const asked = { request: { ...request, path: pathOf(request.url) }, reader: readerOf(request) };
    expect(challenge.matches(asked)).toBe(true);
    const verdict = verify(provider, request, secretsFor(provider));
    if (challenge.signed) expect(verdict.status).toBe('valid');
    const input = {
      ...asked,
      verdict: { ...verdict, status: 'valid' as const },
      secrets: secretsFor(provider),
      verifyTokens: [],
    };
    const { response, outcome } = challenge.answer(input);
    expect(outcome).toBe('answered');
    expect(objectionTo(challenge, response, input)).toBeNull();
    for (const event of Object.keys(provider.events)) {
      const other = await send(provider, event, []);
      expect(challenge.matches({ request: { ...other, path: pathOf(other.url) }, reader: readerOf(other) }), event).toBe(false);
    }
  });
});
