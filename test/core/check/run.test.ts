import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECKS, selectChecks } from '../../../src/core/check/run.js';
import { headerValue } from '../../../src/core/http/headers.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider } from '../../../src/core/providers/model.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import type { Verdict } from '../../../src/core/signature/verdict.js';
import { verifySignature } from '../../../src/core/signature/verify.js';
import { secretsFor } from '../providers/samples.js';
import { type Answering, checkHere, NOW } from './memory.js';

const verdictOn = (provider: Provider, { method, url, headers, body }: OutgoingRequest): Verdict =>
  verifySignature(provider, { method, url, headers, body, secrets: secretsFor(provider), now: NOW });

/** An endpoint that does everything as the provider wants it. */
function right(provider: Provider): Answering {
  const status = /^\d{3}/.exec(provider.success)?.[0] ?? '200';
  return (request) => {
    const reader = new RequestReader({ headers: request.headers, body: request.body, path: request.url });
    const asked = { request: { ...request, path: request.url.slice('http://localhost:3000'.length) }, reader };
    const challenge = provider.challenges.find((one) => one.matches(asked));
    const verdict = verdictOn(provider, request);
    if (challenge !== undefined) {
      return challenge.answer({ ...asked, secrets: secretsFor(provider), verdict, verifyTokens: [] }).response;
    }
    if (request.method === 'GET') return { status: 405 };
    if (verdict.status === 'valid') return { status: Number(status) };
    if (provider.schemes.length > 0) return { status: 401 };
    return { status: reader.evaluate(provider.event) === null ? 400 : Number(status) };
  };
}

describe('every provider', () => {
  it.each(builtinProviders.map((provider) => [provider.name, provider] as const))(
    '%s: a right endpoint passes, and one that verifies nothing does not',
    async (_, provider) => {
      const good = await checkHere(provider, right(provider), { skip: ['burst', 'parallel', 'large'] });
      expect(good.open).toEqual([]);
      expect(good.codes).toEqual([]);
      if (provider.schemes.length === 0) return;
      const forged = good.report.results.filter(({ group }) => group === 'rejects');
      expect(forged.filter(({ status }) => status === 'pass').length).toBeGreaterThanOrEqual(5);
      for (const id of ['rejects.missing', 'rejects.empty', 'rejects.garbage', 'rejects.other_secret']) {
        expect([id, good.status(id)]).toEqual([id, 'pass']);
      }

      const open = await checkHere(provider, () => ({ status: 200 }), { only: ['accepts.signed', 'rejects'] });
      expect(open.codes).toEqual(['no_verification']);
    },
  );
});

const good = right(connect2print);
const isForged = (request: OutgoingRequest): boolean => verdictOn(connect2print, request).status !== 'valid';

describe('a run', () => {
  it('asks for more patience only so often, and never takes longer than it may', async () => {
    const run = await checkHere(connect2print, (request) => (isForged(request) ? 'timeout' : good(request)), {
      ms: (request) => (isForged(request) ? 10_000 : 1),
      limitMs: 60_000,
    });
    expect(run.report.summary).toMatchObject({ verdict: 'fail' });
    expect(run.report.summary.durationMs).toBeLessThan(75_000);
    expect(run.report.results.at(-1)).toMatchObject({ status: 'skip', message: 'Not tried: time was up.' });
    expect(run.report.results.find(({ message }) => message.startsWith('The run has taken longer than 1 min'))?.status).toBe(
      'fail',
    );
  });

  it('sends again once what broke off, and waits where it is asked to', async () => {
    let broken = 0;
    let limited = 0;
    const run = await checkHere(connect2print, (request) => {
      if (broken++ === 3) return 'reset';
      if (limited++ === 10) return { status: 429, headers: [['Retry-After', '2']] };
      return good(request);
    });
    expect(run.open).toEqual([]);
  });

  it('tells a crash from which nothing comes back', async () => {
    let down = false;
    const run = await checkHere(connect2print, (request) => {
      if (headerValue(request.headers, 'x-webhook-signature') === '') down = true;
      return down ? 'refused' : good(request);
    });
    expect(run.open).toEqual(['rejects.empty']);
    expect(run.codes).toEqual(['crashes_on_malformed']);
    const after = run.report.results.slice(run.report.results.findIndex(({ id }) => id === 'rejects.garbage'));
    expect(new Set(after.map(({ message }) => message))).toEqual(
      new Set(['Not tried: nothing answers there any more since rejects.empty.']),
    );
  });

  it('sends nothing for a check that needs nothing, and says nothing it did not see', async () => {
    const run = await checkHere(connect2print, () => 'refused', { only: ['hygiene.https'] });
    expect(run.sent).toEqual([]);
    expect(run.report.summary).toMatchObject({ passed: 1, failed: 0, requests: 0 });
    expect(run.codes).toEqual([]);
  });

  it('stops where it is interrupted', async () => {
    const interruption = new AbortController();
    interruption.abort();
    const run = await checkHere(connect2print, good, { signal: interruption.signal });
    expect(run.sent).toEqual([]);
    expect(new Set(run.report.results.map(({ message }) => message))).toEqual(new Set(['Not tried: it was interrupted.']));
  });

  it('makes do with what a description says, where a provider of the user’s own has no samples', async () => {
    const acme = defineProvider({
      name: 'acme',
      signature: { header: 'X-Acme', content: '{timestamp}.{body}', timestamp: 'body:/sent', tolerance: '5m' },
      event: 'body:/type',
      eventId: 'body:/id',
      sentAt: 'body:/at',
      sentAtFormat: 's',
    });
    const run = await checkHere(acme, right(acme), { skip: ['burst', 'parallel'] });
    expect(run.open).toEqual([]);
    const { id, ...rest } = JSON.parse(Buffer.from(run.sent[0]?.body ?? '').toString());
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(rest).toEqual({ type: 'test', at: Math.floor(NOW / 1_000), sent: Math.floor(NOW / 1_000) });
  });
});

describe('what is chosen', () => {
  const ids = (only: string[], skip: string[] = []): string[] => selectChecks(only, skip).map(({ id }) => id);

  it('is a group, a name, or the last part of one', () => {
    expect(ids([])).toHaveLength(CHECKS.length);
    expect(ids(['rejects.stale', 'emoji'])).toEqual(['rejects.stale', 'raw-body.emoji']);
    expect(ids(['accepts'], ['accepts.events'])).not.toContain('accepts.events');
  });

  it('has to be there', () => {
    expect(() => ids(['raw_body'])).toThrowError(/no check 'raw_body'/);
    expect(() => ids(['accepts'], ['accepts'])).toThrowError(/leave no check/);
  });

  it('is listed in docs/CI.md, each with what is tried and why', () => {
    const page = readFileSync(new URL('../../../docs/CI.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([\w.-]+)` \| (.*) \| (.*) \|$/gm)].map(([, id, title, why]) => ({ id, title, why }));
    expect(rows).toEqual(CHECKS.map(({ id, title, why }) => ({ id, title, why })));
  });

  it('has names that are told once', () => {
    const all = CHECKS.map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(all.map((id) => id.split('.')[1])).size).toBe(all.length);
  });
});
