/** Whatever stands in a request, a file or an argument: nothing throws but a WebhookError, hangs, drives a terminal or leaves its place. */
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verbs } from '../../src/commands/index.js';
import { selectorOf } from '../../src/commands/shared/selection.js';
import { curlCommand } from '../../src/core/delivery/curl.js';
import type { Delivery } from '../../src/core/delivery/delivery.js';
import { fileNameOf } from '../../src/core/delivery/file-name.js';
import { type HarOptions, harEntry } from '../../src/core/delivery/har.js';
import { deliveryFromJson, deliveryToJson } from '../../src/core/delivery/json.js';
import { writeRawRequest } from '../../src/core/delivery/raw.js';
import { redactBody, redactHeaders, redactUrl } from '../../src/core/delivery/redact.js';
import { EVERYTHING } from '../../src/core/delivery/selector.js';
import { summaryOf } from '../../src/core/delivery/summary.js';
import { WebhookError } from '../../src/core/errors.js';
import { applyEdits, applyFormEdits } from '../../src/core/events/edits.js';
import { parseAssignment, parsePath } from '../../src/core/events/json-path.js';
import { eventMatcher } from '../../src/core/events/patterns.js';
import { identify } from '../../src/core/identify.js';
import { builtinProviders } from '../../src/core/providers/list.js';
import { listed } from '../../src/core/providers/source.js';
import { diagnose } from '../../src/core/signature/diagnosis/diagnose.js';
import { signatureHeaderNames } from '../../src/core/signature/sign.js';
import { readDeliveries } from '../../src/io/delivery-files.js';
import { createRenderer } from '../../src/render/create.js';
import type { Renderer } from '../../src/render/renderer.js';
import { deliveries } from '../core/delivery/arbitrary.js';
import { secretsFor } from '../core/providers/samples.js';
import { AT, fakeStream } from '../render/fake-terminal.js';
import { cpuTime } from '../support/cpu.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { ndjson } from '../support/running.js';

/** What a terminal would obey, or what makes a text look like another: all but the newline. */
const DRIVES = /[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u;
/** What this program writes itself: colours, and an empty line in place of a progress. */
const OWN = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m|\r${String.fromCharCode(27)}\\[2K`, 'g');

const fragments = [
  '\x1b[2J',
  '\x1b[31m',
  '\x1b]0;title\x07',
  '\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\',
  '\x1b]52;c;ZXZpbA==\x07',
  '\x1bP1$r\x1b\\',
  '\x9b2J',
  '\x9d8;;x\x9c',
  '\x00',
  '\x07',
  '\x08\x08\x08',
  '\x0b\x0c',
  '\x7f',
  '\r',
  '\r\n',
  '\n',
  '\t',
  '\x85',
  '\x0e\x0f',
  '\u202e',
  '\u2066\u2069',
  '\u200e',
  '\u061c',
  '\u2028',
  '\u2029',
  '\ufff9',
  '\u06dd',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\u{e0041}',
  '\ud800',
  '\udc00',
  '\u0301'.repeat(50),
  '日本',
  '👩‍👩‍👧',
  '%s%n',
  '$HOME',
  '$(id)',
  '__proto__',
  '../../etc/passwd',
  'a'.repeat(300),
  '"',
  "'",
  '<b>',
  '|',
  '`',
];
const hostile: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fragments) }, fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const maybe = fc.option(hostile, { nil: null });
const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  hostile.map((text) => Buffer.from(text)),
  hostile.map((text) => Buffer.from(JSON.stringify({ [text]: [text, { text }], number: 1.5 }))),
  hostile.map((text) => Buffer.from(`a=${encodeURIComponent(Buffer.from(text).toString())}&${text}`)),
  fc.uint8Array({ maxLength: 200 }),
);
const headers = fc.array(
  fc.tuple(
    fc.oneof(fc.constantFrom('Content-Type', 'Content-Encoding', 'Authorization', 'X-Webhook-Signature'), hostile),
    fc.oneof(
      fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'gzip, br', 'text/plain; charset=utf-16'),
      hostile,
    ),
  ),
  { maxLength: 4 },
);

/** Deliveries with the worst in every place that can hold text. */
const worst: fc.Arbitrary<Delivery> = fc
  .tuple(deliveries, maybe, maybe, maybe, hostile, headers, bytes, hostile)
  .map(([delivery, provider, event, eventId, path, headerList, body, text]) => ({
    ...delivery,
    provider,
    event,
    eventId,
    request: { method: 'POST', path: `/${path}`, headers: headerList, body },
    verdict:
      delivery.verdict.status === 'valid'
        ? { ...delivery.verdict, message: text }
        : { ...delivery.verdict, message: text, diagnosis: [{ code: 'x', message: text, hint: text }] },
    response: delivery.response === null ? null : { ...delivery.response, headers: headerList, body },
    attempts: delivery.attempts.map((attempt) =>
      attempt.outcome === 'responded'
        ? { ...attempt, target: text, headers: headerList, body }
        : { ...attempt, target: text, message: text },
    ),
  }));

/** Everything that shows something of outside, with a delivery that has it. */
async function showAll(renderer: Renderer, delivery: Delivery, text: string): Promise<void> {
  const { request, verdict } = delivery;
  renderer.ready({
    url: text,
    publicUrl: text,
    qr: null,
    provider: text,
    secretCount: 1,
    store: text,
    targets: [text],
    note: text,
  });
  renderer.delivery(delivery, { print: new Set(['headers', 'body', 'response']), note: text });
  const confirm = { url: text, outcome: null };
  renderer.challenge({ delivery, name: text, outcome: 'answered', note: text, secret: { value: text, used: true }, confirm });
  renderer.tunnel({ state: 'down', url: text, reason: text });
  renderer.queue({ state: 'waiting', target: text, waiting: 1, againMs: null });
  for (const attempt of delivery.attempts) renderer.attempt(delivery, attempt, { ok: false, why: text });
  renderer.request({ method: 'POST', url: text, headers: request.headers, body: request.body });
  renderer.verdict(verdict, { provider: text, event: text, detail: text });
  renderer.sendSummary({
    sent: 1,
    ok: 0,
    failed: 1,
    durationMs: 1,
    failures: [{ id: text, event: text, why: text }],
    resume: text,
  });
  await renderer.list([summaryOf(delivery)]);
  await renderer.deliveries([delivery]);
  renderer.show(delivery, { items: [{ event: text, eventId: text }], waitsFor: [text] });
  renderer.events([{ provider: text, event: text, summary: text }]);
  renderer.done(text, { type: 'done', text });
  renderer.warning({ code: 'x', message: text, hint: text });
  renderer.error({ code: 'x', message: text, hint: text });
  renderer.info(text);
  const progress = renderer.progress(text);
  progress.update(text);
  progress.done();
  await renderer.flush();
}

async function shown(delivery: Delivery, text: string, json: boolean, columns: number | null, color: boolean) {
  const [stdout, stderr] = [fakeStream(columns), fakeStream(columns)];
  const env = { LANG: 'en_US.UTF-8', TERM: 'xterm-256color' };
  const options = {
    stdout,
    stderr,
    env,
    platform: 'linux',
    json,
    color,
    quiet: false,
    showSecrets: false,
    now: () => AT,
    timeZone: 'UTC',
  } as const;
  await showAll(await createRenderer(options), delivery, text);
  return { stdout: stdout.text(), stderr: stderr.text() };
}

describe('what is shown', () => {
  it('never drives a terminal, in colour or not, however wide', async () => {
    await fc.assert(
      fc.asyncProperty(
        worst,
        hostile,
        fc.constantFrom(null, 20, 80, 200),
        fc.boolean(),
        async (delivery, text, columns, color) => {
          const { stdout, stderr } = await shown(delivery, text, false, columns, color);
          const plain = (stdout + stderr).replace(OWN, '');
          expect(DRIVES.exec(plain.replaceAll('\ufe0f', ''))).toBeNull();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('as NDJSON is a record a line that says what was there, and drives nothing', async () => {
    await fc.assert(
      fc.asyncProperty(worst, hostile, async (delivery, text) => {
        const { stdout, stderr } = await shown(delivery, text, true, 80, false);
        expect(DRIVES.exec(stdout)).toBeNull();
        expect(ndjson(stderr)).toEqual([expect.objectContaining({ type: 'error', message: text })]);
        const records = ndjson(stdout);
        expect(records.filter(({ type }) => type === 'warning')).toEqual([expect.objectContaining({ message: text })]);
        const told = records.find(({ type }) => type === 'delivery').delivery;
        expect(told.event).toBe(delivery.event);
        expect(told.request.headers).toEqual(delivery.request.headers);
      }),
      { numRuns: 100 },
    );
  });

  it('of arguments drives no terminal either: every command, with rubbish', async () => {
    const rubbish = fragments.join('').replaceAll('\0', '');
    for (const { name } of verbs) {
      for (const args of [[`--${rubbish}`], [rubbish], ['--config', rubbish], ['--provider', rubbish]]) {
        const { code, stdout, stderr } = await invoke([name, ...args], { columns: 80, env: { WEBHOOK_SECRET: 's' } });
        expect({ name, args: args.length, code: [0, 2, 4].includes(code ?? -1) }).toEqual({
          name,
          args: args.length,
          code: true,
        });
        expect(DRIVES.exec((stdout + stderr).replace(OWN, '').replaceAll('\ufe0f', ''))).toBeNull();
      }
    }
  });
});

/** A budget of the processor's time that nothing linear comes near on a slow machine, and nothing quadratic stays under. */
const SOON_MS = 5_000;

async function soon(what: string, work: () => unknown): Promise<void> {
  const began = cpuTime();
  await work();
  const took = cpuTime() - began;
  if (took > SOON_MS) throw new Error(`${what} took ${Math.round(took)} ms`);
}

describe('time', () => {
  const size = 60_000;
  const long = [
    'a',
    ' ',
    ',',
    '=',
    '"',
    '{',
    '[',
    '\\',
    '\t',
    '/',
    '&a',
    '%41',
    '-',
    '.',
    ';a',
    'a=',
    't=1,v1=aa,',
    'keyId="a",',
    'eyJ.',
    '<a ',
  ].flatMap((part) => [part.repeat(size / part.length), `${part.repeat(size / part.length)}!`]);

  it('to tell whose a request is, to verify and to explain it does not grow out of bounds with its headers', async () => {
    // One of each scheme there is; the longest headers a request can have, in the places that are looked at.
    const kinds = new Map(
      builtinProviders.map((provider) => [
        JSON.stringify(
          provider.schemes.map(({ kind, custom, separator, repeated }) => [kind, custom?.summary, separator, repeated]),
        ),
        provider,
      ]),
    );
    // Each with a part of them, so that it takes seconds.
    for (const [index, provider] of [...kinds.values()].entries()) {
      const secrets = secretsFor(provider);
      for (const value of long.filter((_value, at) => at % 5 === index % 5)) {
        const names = [...signatureHeaderNames(provider), 'X-Timestamp'];
        const request = {
          method: 'POST',
          path: `/hooks?${value}`,
          headers: names.map((name) => [name, value] as const),
          body: Buffer.from('{"a":1}'),
        };
        await soon(`${provider.name} with ${value.slice(0, 20)}`, async () => {
          const { delivery, input } = await identify(
            {
              provider,
              providers: listed(builtinProviders),
              secretsFor: () => secrets,
              tolerance: null,
              publicUrl: () => null,
              challenges: true,
              newId: () => 'dlv_1',
            },
            { request, receivedAt: AT, remoteAddress: '127.0.0.1', protocol: 'http' },
          );
          diagnose(provider, delivery.verdict, input, {
            providers: builtinProviders,
            otherSecrets: [],
            elapsed: cpuTime,
            budgetMs: 20,
          });
        });
      }
    }
  });

  it('to redact and to show long headers, paths and bodies is bounded', async () => {
    for (const value of long) {
      await soon(`redacting ${value.slice(0, 20)}`, () => {
        redactUrl(`https://x/?${value}`);
        redactUrl(value);
        redactHeaders([['Authorization', value]]);
        redactBody(Buffer.from(value), ['/a/b']);
      });
    }
    const renderer = await createRenderer({
      stdout: fakeStream(80),
      stderr: fakeStream(80),
      env: { LANG: 'C.UTF-8' },
      json: false,
      color: true,
      quiet: false,
      showSecrets: false,
      now: () => AT,
    });
    const [base] = fc.sample(deliveries, { numRuns: 1, seed: 1 });
    for (const value of long) {
      for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/html', `text/plain;${value}`]) {
        const request = {
          method: 'POST',
          path: `/${value}?${value}`,
          headers: [['Content-Type', type]] as const,
          body: Buffer.from(value),
        };
        await soon(`showing ${value.slice(0, 20)}`, () =>
          renderer.delivery({ ...(base as Delivery), request, event: value }, { print: new Set(['headers', 'body']) }),
        );
      }
    }
    await renderer.flush();
  });

  it('to hide the secrets of a long batch, or a form of many fields, is linear', async () => {
    const items = Array.from({ length: 10_000 }, (_, number) => ({ number, data: { hmac: 'x', other: [1, { hmac: 'y' }] } }));
    const batch = Buffer.from(JSON.stringify({ items }));
    await soon('a batch', () =>
      expect(redactBody(batch, ['body:/items/*/data/hmac']).length).toBe(batch.length + 9 * items.length),
    );
    const form = Buffer.from(`token=${'&a=b'.repeat(300_000)}&token=x`);
    await soon('a form', () => expect(redactBody(form, ['form:token']).length).toBe(form.length + 9));
  });

  it('to match event patterns is linear', async () => {
    for (const pattern of ['a*'.repeat(5_000), '*a'.repeat(5_000), `*${'a'.repeat(5_000)}*`, '*'.repeat(10_000)]) {
      await soon(pattern.slice(0, 10), () => eventMatcher(`${pattern}b`)('a'.repeat(100_000)));
      await soon(pattern.slice(0, 10), () => eventMatcher(`!${pattern}b`)('a'.repeat(100_000)));
    }
  });

  it('for JSON of any depth is bounded, and the stack holds', async () => {
    for (const deep of [
      '['.repeat(40_000),
      '{"a":'.repeat(30_000),
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    ]) {
      const body = Buffer.from(deep);
      const [base] = fc.sample(deliveries, { numRuns: 1, seed: 2 });
      const delivery = {
        ...(base as Delivery),
        request: { method: 'POST', path: '/', headers: [['Content-Type', 'application/json']] as const, body },
      };
      await shown(delivery, '', false, 80, true);
      await shown(delivery, '', true, 80, false);
      await soon('identifying', async () => {
        for (const provider of builtinProviders) {
          await identify(
            {
              provider,
              providers: listed(builtinProviders),
              secretsFor: () => [],
              tolerance: null,
              publicUrl: () => null,
              challenges: true,
              newId: () => 'dlv_1',
            },
            { request: delivery.request, receivedAt: AT, remoteAddress: '127.0.0.1', protocol: 'http' },
          );
        }
      });
      await soon('editing', () => {
        for (const path of ['a', '/a/a/a', '[0][0]', `${'a.'.repeat(20_000)}a`]) {
          for (const edit of [
            { kind: 'set' as const, path, json: '1' },
            { kind: 'unset' as const, path },
          ])
            orWebhookError(() => applyEdits(body, [edit]));
        }
      });
    }
  });
});

/** What it gives; null where it threw what it may. */
function orWebhookError<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof WebhookError) return null;
    throw error;
  }
}

function isJson(document: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(document).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

describe('what is told to the program', () => {
  it('as an edit throws nothing but a WebhookError, gives JSON, and pollutes nothing', () => {
    const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'a', '0', '-', ''), hostile);
    const path = fc.oneof(
      fc.array(key, { maxLength: 4 }).map((keys) => keys.join('.')),
      fc.array(key, { maxLength: 4 }).map((keys) => keys.map((one) => `/${one}`).join('')),
      fc.array(key, { maxLength: 4 }).map((keys) => keys.map((one) => `[${JSON.stringify(one)}]`).join('')),
      hostile,
    );
    const body = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      bytes,
    );
    fc.assert(
      fc.property(body, path, fc.oneof(hostile, fc.json()), (document, place, value) => {
        const wasJson = isJson(document);
        const set = orWebhookError(() => parseAssignment(`${place}=${value}`));
        if (set !== null) {
          const edited = orWebhookError(() => applyEdits(document, [{ kind: 'set', ...set }]));
          if (edited !== null && wasJson) expect(isJson(edited)).toBe(true);
          orWebhookError(() => applyFormEdits(document, [{ kind: 'set', ...set }]));
        }
        const gone = orWebhookError(() => parsePath(place));
        if (gone !== null) {
          orWebhookError(() => applyEdits(document, [{ kind: 'unset', path: gone }]));
          orWebhookError(() => applyFormEdits(document, [{ kind: 'unset', path: gone }]));
        }
      }),
      { numRuns: 1_000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it('as a selector throws nothing but a WebhookError, in words or in the store', async () => {
    const { cwd } = await projectWith({}, { event: '__proto__' });
    const { openStore } = await import('../../src/io/store/store.js');
    const store = openStore(join(cwd, '.webhook', 'deliveries.db'));
    onTestFinished(() => store.close());
    const args = fc.array(fc.oneof(fc.constantFrom('last', 'last:2', 'last:0', 'last:1e9', 'dlv_', '%', '_'), hostile), {
      maxLength: 2,
    });
    const flag = fc.option(
      fc.oneof(fc.constantFrom('2h', '*', '!*', '0', '-1', "' OR 1=1 --", '9999999999999999h', 'valid'), hostile),
      { nil: undefined },
    );
    const names = ['event', 'provider', 'since', 'until', 'status', 'search', 'limit'] as const;
    await fc.assert(
      fc.property(args, fc.tuple(...names.map(() => flag)), (given, values) => {
        const flags = Object.fromEntries(
          names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]]])),
        );
        const selector = orWebhookError(() => selectorOf(given, flags, AT));
        if (selector !== null) {
          orWebhookError(() => [...store.summaries(selector)]);
          orWebhookError(() => store.count(selector));
        }
      }),
      { numRuns: 400 },
    );
    expect(store.count(EVERYTHING)).toBe(2);
  });
});

/** An archive that hides nothing, and bodies as they are. */
const WHOLE: HarOptions = {
  headers: (list) => list,
  url: (url) => url,
  body: null,
  decode: (_headers, bytes) => ({ bytes, names: '', problem: null }),
};

describe('files', () => {
  it('are called by names that stay in their folder, whatever the event is', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.constantFrom('..', '.', '/', 'CON', 'a/../../b')), maybe, (id, event) => {
        const name = fileNameOf({ id, event }, 'json');
        expect(name).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*\.json$/);
        expect(name.length).toBeLessThan(140);
      }),
    );
  });

  const rubbish: ReadonlyArray<readonly [name: string, content: string]> = [
    ['delivery.json', JSON.stringify(deliveryToJson(fc.sample(deliveries, { numRuns: 1, seed: 3 })[0] as Delivery))],
    [
      'archive.har',
      JSON.stringify({
        log: {
          entries: [harEntry(fc.sample(deliveries, { numRuns: 1, seed: 4 })[0] as Delivery, WHOLE)],
        },
      }),
    ],
    [
      'ngrok.json',
      JSON.stringify({
        requests: [
          {
            start: '2026-11-22T14:02:11Z',
            duration: 5,
            request: {
              raw: Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n').toString(
                'base64',
              ),
            },
            response: { raw: Buffer.from('HTTP/1.1 200 OK\r\n\r\n').toString('base64') },
          },
        ],
      }),
    ],
    [
      'message.http',
      'POST /hooks?x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Webhook-Signature: ab\r\n\r\n{"a":1}',
    ],
    [
      'gosmee.sh',
      '#!/usr/bin/env bash\ntargetURL="http://localhost:3000/x"\ncurl -sSi -H "Content-Type: application/json" -H \'X-A: b\' -X POST -d @./gosmee.json $targetURL\n',
    ],
    ['headers.txt', 'X-A: b\nContent-Type: text/plain\n'],
  ];

  it('of any kind, damaged in any way, are read, or refused with a WebhookError', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'webhook-fuzz-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'gosmee.json'), '{"a":1}');
    const damage = fc.tuple(
      fc.nat(),
      fc.nat({ max: 12 }),
      fc.oneof(
        hostile,
        fc.constantFrom('null', '"', '{', ']', '1e999', '-1', '"__proto__":', '\\u', ':', '\r\n\r\n', '@../../../etc/passwd'),
      ),
    );
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...rubbish), fc.array(damage, { maxLength: 3 }), async ([name, content], changes) => {
        let text = content;
        for (const [at, length, put] of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + length);
        }
        writeFileSync(join(folder, name), text);
        for await (const { delivery } of readDeliveries(name, { cwd: folder, stdin: Readable.from([]), now: () => AT })) {
          if (delivery === null) continue;
          read++;
          // What was read can be shown, written and read again.
          expect(deliveryFromJson(JSON.parse(JSON.stringify(deliveryToJson(delivery)))).id).toBe(delivery.id);
          writeRawRequest(delivery.request);
          harEntry(delivery, WHOLE);
          orWebhookError(() => curlCommand({ ...delivery.request, url: 'http://localhost/' }));
          expect(DRIVES.exec((await shown(delivery, '', false, 80, false)).stdout.replaceAll('\ufe0f', ''))).toBeNull();
        }
      }),
      { numRuns: 400 },
    );
    expect(read).toBeGreaterThan(50);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('a hostile recording names are not read, nor written outside of the folder', async () => {
    const cwd = temporaryFolder({
      'package.json': '{}',
      'secret.txt': 'canary',
      'in/gosmee.sh':
        '#!/usr/bin/env bash\ntargetURL="http://localhost:3000/x"\ncurl -H "A: b" -X POST -d @./../secret.txt $targetURL\n',
      'in/other.json': JSON.stringify({
        ...deliveryToJson(fc.sample(deliveries, { numRuns: 1, seed: 5 })[0] as Delivery),
        id: '../../escaped',
        event: '../../../escaped',
      }),
      'in/sound.json': JSON.stringify({
        ...deliveryToJson(fc.sample(deliveries, { numRuns: 1, seed: 6 })[0] as Delivery),
        event: '../../../escaped/\u202e',
      }),
    });
    await invoke(['import', 'in'], { cwd });
    const before = readdirSync(cwd).sort();
    const { stdout } = await invoke(['list', '--json'], { cwd });
    expect(stdout).not.toContain('canary');
    const { code } = await invoke(['export', '--format', 'json', '-o', 'out/here'], { cwd });
    expect(code).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual([...before, 'out'].sort());
    expect(readdirSync(join(cwd, 'out'))).toEqual(['here']);
  });
});
