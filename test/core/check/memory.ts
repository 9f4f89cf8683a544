/** An endpoint in memory: what `check` sends is answered by a function, without a socket or a clock. */

import { generateKeyPairSync } from 'node:crypto';
import type { BenchOptions, Outside } from '../../../src/core/check/bench.js';
import type { CheckReport } from '../../../src/core/check/model.js';
import { otherSecret } from '../../../src/core/check/other-secret.js';
import { type RunOptions, runChecks, selectChecks } from '../../../src/core/check/run.js';
import { bareSample } from '../../../src/core/check/sample.js';
import type { HttpResponse, OutgoingRequest } from '../../../src/core/http/message.js';
import type { Provider } from '../../../src/core/providers/model.js';
import type { SendOutcome } from '../../../src/core/send.js';
import { readFixture } from '../../../src/io/fixtures.js';
import { secretsFor } from '../providers/samples.js';

export type Answering = (request: OutgoingRequest) => Partial<HttpResponse> | 'reset' | 'timeout' | 'refused';

export const NOW: number = Date.UTC(2026, 10, 22, 14, 2, 11);
export const URL_OF_HOOK = 'http://localhost:3000/webhooks';

/** A world where a request takes a millisecond, or as long as the answer says. */
export function outsideOf(
  answer: Answering,
  ms: (request: OutgoingRequest) => number = () => 1,
): Outside & { readonly sent: OutgoingRequest[] } {
  let clock = 0;
  let seed = 1;
  const sent: OutgoingRequest[] = [];
  const send = async (request: OutgoingRequest): Promise<SendOutcome> => {
    sent.push(request);
    const durationMs = ms(request);
    clock += durationMs;
    const said = answer(request);
    if (typeof said === 'string') {
      const message = {
        reset: 'It closed the connection without an answer.',
        timeout: 'No answer.',
        refused: 'Nothing listens.',
      }[said];
      return { outcome: 'failed', reason: said, message, startedAt: NOW + clock, durationMs };
    }
    return { outcome: 'responded', status: 200, headers: [], body: Buffer.alloc(0), startedAt: NOW + clock, durationMs, ...said };
  };
  return {
    sent,
    open: () => ({ send, opened: () => 1, close: async () => {} }),
    accepts: async () => answer({ method: 'GET', url: URL_OF_HOOK, headers: [], body: Buffer.alloc(0) }) !== 'refused',
    sleep: async (pause) => {
      clock += pause;
    },
    now: () => NOW + clock,
    elapsed: () => clock,
    // Bytes that differ, the same in each run.
    random: (size) =>
      Uint8Array.from({ length: size }, () => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed & 0xff;
      }),
  };
}

const keys = new Map<string, string>();
function privateKey(kind: 'ed25519' | 'ec' | 'rsa'): string {
  let key = keys.get(kind);
  if (key === undefined) {
    const { privateKey: made } =
      kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
        : kind === 'ec'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('ed25519');
    key = made.export({ type: 'pkcs8', format: 'pem' }).toString();
    keys.set(kind, key);
  }
  return key;
}

export interface Run {
  readonly report: CheckReport;
  readonly sent: readonly OutgoingRequest[];
  /** Ids of what failed, and of what warned with a question mark. */
  readonly open: readonly string[];
  readonly codes: readonly string[];
  status(id: string): string | undefined;
}

/** Runs checks on an endpoint in memory, with the provider's own samples. */
export async function checkHere(
  provider: Provider,
  answer: Answering,
  options: Partial<RunOptions> & {
    readonly only?: readonly string[];
    readonly skip?: readonly string[];
    readonly ms?: (request: OutgoingRequest) => number;
  } = {},
): Promise<Run> {
  const [secret = null] = secretsFor(provider);
  const outside = outsideOf(answer, options.ms);
  const [first, ...others] = await samplesOf(provider);
  const report = await runChecks({
    provider,
    secret,
    otherSecret: secret === null ? null : otherSecret(provider, secret, outside.random, privateKey),
    url: URL_OF_HOOK,
    shownUrl: URL_OF_HOOK,
    signedUrl: null,
    samples: [first ?? { event: 'test', sample: bareSample(provider, 'test') }, ...others],
    challenges: await challengesOf(provider),
    verifyTokens: [],
    edits: [],
    headers: [],
    userAgent: 'test',
    timeoutMs: 10_000,
    limitMs: 300_000,
    checks: selectChecks(options.only ?? [], options.skip ?? []),
    signal: new AbortController().signal,
    outside,
    ...options,
  });
  return {
    report,
    sent: outside.sent,
    open: report.results.flatMap(({ id, status }) => (status === 'fail' ? [id] : status === 'warn' ? [`${id}?`] : [])),
    codes: report.diagnosis.map(({ code }) => code),
    status: (id) => report.results.find((result) => result.id === id)?.status,
  };
}

async function samplesOf(provider: Provider): Promise<BenchOptions['samples'][number][]> {
  return Promise.all(
    Object.keys(provider.events).map(async (event) => ({ event, sample: (await readFixture(provider.name, event)).sample })),
  );
}

async function challengesOf(provider: Provider): Promise<BenchOptions['challenges']> {
  return Promise.all(
    provider.challenges.map(async (challenge) => ({
      challenge,
      sample: (await readFixture(provider.name, challenge.name)).sample,
    })),
  );
}
