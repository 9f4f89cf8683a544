import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../../src/core/http/headers.js';
import connect2print from '../../../../src/core/providers/catalogue/connect2print.js';
import printone from '../../../../src/core/providers/catalogue/printone.js';
import standardWebhooks from '../../../../src/core/providers/catalogue/standard-webhooks.js';
import { defineProvider } from '../../../../src/core/providers/define.js';
import type { Provider } from '../../../../src/core/providers/model.js';
import { type DiagnoseOptions, type Diagnosis, diagnose } from '../../../../src/core/signature/diagnosis/diagnose.js';
import { type VerifyInput, verifySignature } from '../../../../src/core/signature/verify.js';
import { cpuTime } from '../../../support/cpu.js';

const SECRET = 'a signing secret of some length';
const NOW = Date.parse('2026-11-22T14:00:00Z');
const SENT =
  '{"id":"wh_1a2b3c4d5e6f","event":"order.created","data":{"order":{"total":499.00,"items":3,"rate":21.5,"url":"https:\\/\\/x.example\\/1","name":"Zo\u00eb","note":"a \\u003c b"}}}';

const hmac = (body: string | Uint8Array, secret: string | Uint8Array = SECRET, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(body);

interface Case {
  readonly provider?: Provider;
  readonly headers: HeaderList;
  readonly body: string | Uint8Array;
  readonly secrets?: readonly string[];
  readonly url?: string;
  readonly options?: Partial<DiagnoseOptions>;
}

function diagnosisOf({ provider = connect2print, headers, body, secrets = [SECRET], url, options }: Case): Diagnosis {
  const input: VerifyInput = { headers, body: Buffer.from(body), secrets, now: NOW, url: url ?? null };
  const verdict = verifySignature(provider, input);
  expect(verdict.status).toBe('invalid');
  return diagnose(provider, verdict, input, { providers: [], otherSecrets: [], elapsed: () => 0, ...options });
}

/** The signature was made of `signed`; what arrives is `body`. */
const arrived = (signed: string | Uint8Array, body: string | Uint8Array): Case => ({
  headers: [['X-Webhook-Signature', hmac(signed).digest('hex')]],
  body,
});
const signature = (value: string, body: string = SENT): Case => ({ headers: [['X-Webhook-Signature', value]], body });

const reserialized = JSON.stringify({ id: 'wh_1', event: 'x', data: { a: [1, 2, { b: true }], c: {} } });
const python = '{"id": "wh_1", "event": "x", "data": {"a": [1, 2, {"b": true}], "c": {}}}';
const plain = '{"total":5,"list":[1,2]}';

const signsUrl = defineProvider({
  name: 'signs-url',
  signature: { header: 'X-Sig', encoding: 'base64', content: '{url}{body}' },
});

const CASES: ReadonlyArray<readonly [code: string, what: string, words: RegExp, given: Case]> = [
  ['trailing_newline', 'an LF was added', /newline \(LF\) at the end that was not signed/, arrived(SENT, `${SENT}\n`)],
  ['trailing_newline', 'a CRLF was added', /CRLF/, arrived(SENT, `${SENT}\r\n`)],
  [
    'trailing_newline',
    'the LF that was signed is gone',
    /newline \(LF\) at the end of the signed body is missing/,
    arrived(`${SENT}\n`, SENT),
  ],
  ['trailing_newline', 'the CRLF that was signed is gone', /CRLF/, arrived(`${SENT}\r\n`, SENT)],
  ['line_endings', 'CRLF became LF', /signed with CRLF/, arrived('{\r\n"a": 1\r\n}', '{\n"a": 1\n}')],
  ['line_endings', 'LF became CRLF', /signed with LF/, arrived('{\n"a": 1\n}', '{\r\n"a": 1\r\n}')],
  ['byte_order_mark', 'a byte order mark was added', /stands before the body/, arrived(SENT, `\ufeff${SENT}`)],
  ['byte_order_mark', 'a byte order mark was lost', /is missing here/, arrived(`\ufeff${SENT}`, SENT)],
  [
    'json_reserialized',
    'it was indented',
    /without white space/,
    arrived(reserialized, JSON.stringify(JSON.parse(reserialized), null, 2)),
  ],
  [
    'json_reserialized',
    'the indent of 2 was lost',
    /indented by 2/,
    arrived(JSON.stringify(JSON.parse(reserialized), null, 2), reserialized),
  ],
  [
    'json_reserialized',
    'the indent of 4 was lost',
    /indented by 4/,
    arrived(JSON.stringify(JSON.parse(reserialized), null, 4), reserialized),
  ],
  ['json_reserialized', 'Python’s spaces were signed', /Python/, arrived(python, reserialized)],
  [
    'json_reserialized',
    'sorted keys were signed',
    /keys sorted/,
    arrived('{"a":1,"b":{"c":1,"d":2}}', '{"b":{"d":2,"c":1},"a":1}'),
  ],
  [
    'json_reserialized',
    'the sender signed what JSON.stringify made',
    /JSON\.stringify/,
    arrived('{"a":1,"b":[2]}', '{"a": 1.0,"b":[2]}'),
  ],
  [
    'unicode_escapes',
    'escapes were decoded',
    /writes characters outside ASCII as \\uXXXX/,
    arrived('{"name":"Zo\\u00eb"}', '{"name":"Zo\u00eb"}'),
  ],
  [
    'unicode_escapes',
    'escapes were made',
    /writes characters as they are/,
    arrived('{"name":"Zo\u00eb"}', '{"name":"Zo\\u00eb"}'),
  ],
  ['unicode_escapes', '< was unescaped', /escapes <, > and &/, arrived('{"note":"a \\u003c b \\u0026"}', '{"note":"a < b &"}')],
  [
    'slash_escapes',
    'PHP’s slashes were lost',
    /writes \/ as \\\//,
    arrived('{"url":"https:\\/\\/x.example\\/1"}', '{"url":"https://x.example/1"}'),
  ],
  [
    'slash_escapes',
    'slashes were escaped',
    /as it is/,
    arrived('{"url":"https://x.example/1"}', '{"url":"https:\\/\\/x.example\\/1"}'),
  ],
  [
    'slash_escapes',
    'PHP’s json_encode was undone',
    /json_encode/,
    arrived('{"u":"a\\/b","n":"Zo\\u00eb"}', '{"u":"a/b","n":"Zo\u00eb"}'),
  ],
  [
    'number_rewritten',
    'a .00 was lost',
    /data\.order\.total is 499 here and was signed as 499\.00/,
    arrived(SENT, SENT.replace('499.00', '499')),
  ],
  ['number_rewritten', 'a .0 was lost', /total is 5 here and was signed as 5\.0/, arrived('{"total":5.0,"list":[1,2]}', plain)],
  [
    'number_rewritten',
    'in an array',
    /list\.?\[1\] is 2 here and was signed as 2\.00/,
    arrived('{"total":5,"list":[1,2.00]}', plain),
  ],
  [
    'number_rewritten',
    'a last 0 was lost',
    /rate is 21\.5 here and was signed as 21\.50/,
    arrived(SENT.replace('21.5', '21.50'), SENT),
  ],
  [
    'number_rewritten',
    'all amounts were rewritten',
    /two decimals/,
    arrived('{"total":499.00,"tax":86.60,"id":7}', '{"total":499,"tax":86.6,"id":7}'),
  ],
  [
    'text_encoding',
    'UTF-8 was read as Latin-1',
    /read as Latin-1 and encoded again as UTF-8/,
    arrived(SENT, Buffer.from(Buffer.from(SENT, 'utf8').toString('latin1'), 'utf8')),
  ],
  ['text_encoding', 'the sender hashed ASCII', /signed the text as ASCII/, arrived(SENT.replace('\u00eb', '?'), SENT)],
  ['empty_body', 'nothing was signed', /empty body/, arrived('', SENT)],
  [
    'form_wrapped',
    'the JSON was taken out of the form',
    /payload=/,
    arrived(`payload=${encodeURIComponent(reserialized)}`, reserialized),
  ],
  [
    'form_wrapped',
    'the JSON in the form was signed',
    /inside payload=/,
    arrived(reserialized, `payload=${encodeURIComponent(reserialized)}`),
  ],
  [
    'base64_wrapped',
    'a gateway made base64 of it',
    /is base64 of what was signed/,
    arrived(SENT, Buffer.from(SENT).toString('base64')),
  ],
  ['base64_wrapped', 'base64 was signed', /signed base64/, arrived(Buffer.from(SENT).toString('base64'), SENT)],
  [
    'length_mismatch',
    'bytes are missing',
    /4 bytes are missing/,
    {
      ...signature(hmac('x').digest('hex')),
      headers: [
        ['X-Webhook-Signature', hmac('x').digest('hex')],
        ['Content-Length', String(Buffer.byteLength(SENT) + 4)],
      ],
    },
  ],
  ['secret_whitespace', 'spaces around it', /white space around/, { ...arrived(SENT, SENT), secrets: [`  ${SECRET} `] }],
  [
    'secret_whitespace',
    'the secret file’s newline was part of the key',
    /ends with a newline/,
    { headers: [['X-Webhook-Signature', hmac(SENT, `${SECRET}\n`).digest('hex')]], body: SENT },
  ],
  ['secret_whitespace', 'quotes around it', /quotes/, { ...arrived(SENT, SENT), secrets: [`"${SECRET}"`] }],
  [
    'secret_prefix',
    'the prefix was left off',
    /with 'whsec_' before it/,
    { headers: [['X-Webhook-Signature', hmac(SENT, `whsec_${SECRET}`).digest('hex')]], body: SENT },
  ],
  [
    'secret_prefix',
    'the prefix was copied along',
    /without 'v1,whsec_'/,
    { ...arrived(SENT, SENT), secrets: [`v1,whsec_${SECRET}`] },
  ],
  [
    'secret_decoding',
    'the key is hex-decoded',
    /decodes the secret as hex/,
    {
      headers: [['X-Webhook-Signature', hmac(SENT, Buffer.from('00ff10ab', 'hex')).digest('hex')]],
      body: SENT,
      secrets: ['00ff10ab'],
    },
  ],
  [
    'secret_decoding',
    'the key is base64-decoded',
    /decodes the secret as base64/,
    {
      headers: [['X-Webhook-Signature', hmac(SENT, Buffer.from('c2VjcmV0IGtleQ==', 'base64')).digest('hex')]],
      body: SENT,
      secrets: ['c2VjcmV0IGtleQ=='],
    },
  ],
  [
    'other_secret',
    'another configured secret',
    /signed with the secret of Stripe/,
    { ...arrived(SENT, SENT), secrets: ['not this one'], options: { otherSecrets: [{ name: 'Stripe', secret: SECRET }] } },
  ],
  ['not_a_signing_secret', 'an endpoint’s id', /the id of a webhook endpoint/, { ...arrived(SENT, SENT), secrets: ['we_1Nabc'] }],
  ['not_a_signing_secret', 'an API key', /Connect2Print API key/, { ...arrived(SENT, SENT), secrets: ['c2p_test_abc'] }],
  ['signature_encoding', 'base64 where hex is written', /written in base64/, signature(hmac(SENT).digest('base64'))],
  [
    'signature_encoding',
    'base64 of the hex text',
    /base64 of the hex text/,
    signature(Buffer.from(hmac(SENT).digest('hex')).toString('base64')),
  ],
  [
    'signature_encoding',
    'hex where base64 is written',
    /written in hex/,
    { provider: printone, headers: [['x-webhook-hmac-sha256', hmac(SENT).digest('hex')]], body: SENT },
  ],
  ['signature_algorithm', 'SHA-1', /HMAC-SHA1/, signature(hmac(SENT, SECRET, 'sha1').digest('hex'))],
  ['signature_algorithm', 'SHA-512', /HMAC-SHA512/, signature(hmac(SENT, SECRET, 'sha512').digest('hex'))],
  [
    'signature_algorithm',
    'a plain digest',
    /plain digest/,
    signature(
      createHash('sha256')
        .update(SECRET + SENT)
        .digest('hex'),
    ),
  ],
  ['signature_prefix', 'one that is not the provider’s', /'sha256=<signature>'/, signature(`sha256=${hmac(SENT).digest('hex')}`)],
  [
    'signature_prefix',
    'a space after it',
    /written 'sha256= <signature>'/,
    {
      provider: defineProvider({ name: 'hub', signature: { header: 'X-Hub', prefix: 'sha256=' } }),
      headers: [['X-Hub', `sha256= ${hmac(SENT).digest('hex')}`]],
      body: SENT,
    },
  ],
  [
    'signed_content',
    'the timestamp is missing from it',
    /the body alone/,
    {
      provider: standardWebhooks,
      secrets: [`whsec_${Buffer.from(SECRET).toString('base64')}`],
      headers: [
        ['webhook-id', 'msg_1'],
        ['webhook-timestamp', String(NOW / 1000)],
        ['webhook-signature', `v1,${hmac(SENT).digest('base64')}`],
      ],
      body: SENT,
    },
  ],
  [
    'signed_content',
    'a timestamp header is in it',
    /timestamp, a dot and the body/,
    {
      headers: [
        ['X-Acme-Timestamp', '1795356000'],
        ['X-Webhook-Signature', hmac(`1795356000.${SENT}`).digest('hex')],
      ],
      body: SENT,
    },
  ],
  [
    'url_mismatch',
    'https outside, http inside',
    /signed the URL https:\/\/shop\.example\/hooks\?x=1/,
    {
      provider: signsUrl,
      headers: [['X-Sig', hmac(`https://shop.example/hooks?x=1${SENT}`).digest('base64')]],
      body: SENT,
      url: 'http://shop.example/hooks?x=1',
    },
  ],
  [
    'url_mismatch',
    'the public host',
    /https:\/\/abc\.tunnel\.example\/hooks/,
    {
      provider: signsUrl,
      headers: [
        ['X-Forwarded-Host', 'abc.tunnel.example'],
        ['X-Sig', hmac(`https://abc.tunnel.example/hooks${SENT}`).digest('base64')],
      ],
      body: SENT,
      url: 'http://127.0.0.1:4400/hooks',
    },
  ],
  [
    'url_mismatch',
    'a trailing slash',
    /\/hooks\//,
    {
      provider: signsUrl,
      headers: [['X-Sig', hmac(`https://shop.example/hooks/${SENT}`).digest('base64')]],
      body: SENT,
      url: 'https://shop.example/hooks',
    },
  ],
  [
    'url_mismatch',
    'without its query',
    /https:\/\/shop\.example\/hooks,/,
    {
      provider: signsUrl,
      headers: [['X-Sig', hmac(`https://shop.example/hooks${SENT}`).digest('base64')]],
      body: SENT,
      url: 'https://shop.example/hooks?utm=1',
    },
  ],
  [
    'other_provider',
    'another provider’s scheme',
    /signed as Print\.one signs/,
    {
      headers: [['x-webhook-hmac-sha256', hmac(SENT).digest('base64')]],
      body: SENT,
      options: { providers: [connect2print, printone, standardWebhooks] },
    },
  ],
];

describe('diagnose', () => {
  it.each(CASES)('%s: %s', (code, _what, words, given) => {
    const { findings, tried } = diagnosisOf(given);
    expect(findings.map((finding) => finding.code)).toContain(code);
    expect(findings.find((finding) => finding.code === code)?.message).toMatch(words);
    expect(findings[0]?.hint).toBeTruthy();
    expect(tried).toBeNull();
  });

  it('stale: age, direction and what to do', () => {
    const timestamp = String(NOW / 1000 - 3600);
    const secret = `whsec_${Buffer.from(SECRET).toString('base64')}`;
    const value = hmac(`msg_1.${timestamp}.${SENT}`).digest('base64');
    const headers: HeaderList = [
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', `v1,${value}`],
    ];
    const { findings } = diagnosisOf({ provider: standardWebhooks, headers, body: SENT, secrets: [secret] });
    expect(findings).toMatchObject([
      { code: 'stale', message: expect.stringContaining('1 h ago'), hint: expect.stringContaining('--at received') },
    ]);
  });

  it('stale: milliseconds where seconds are meant', () => {
    const timestamp = String(NOW);
    const secret = `whsec_${Buffer.from(SECRET).toString('base64')}`;
    const value = hmac(`msg_1.${timestamp}.${SENT}`).digest('base64');
    const headers: HeaderList = [
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', `v1,${value}`],
    ];
    const { findings } = diagnosisOf({ provider: standardWebhooks, headers, body: SENT, secrets: [secret] });
    expect(findings).toMatchObject([{ code: 'stale', message: expect.stringContaining('milliseconds') }]);
  });

  it('says what was tried where nothing explains it', () => {
    const { findings, tried } = diagnosisOf(arrived('something else altogether', SENT));
    expect(findings).toEqual([]);
    expect(tried).toMatch(/^No single fault explains it \(\d+ were tried/);
  });

  it('stops when its time is up', () => {
    let clock = 0;
    const { tried } = diagnosisOf({ ...arrived('something else', SENT), options: { elapsed: () => clock++, budgetMs: 10 } });
    expect(tried).toContain('before time was up');
  });

  it('takes at most 400 ms for a body of 100 kB with two thousand numbers that nothing explains', () => {
    const items = Array.from({ length: 2_500 }, (_, i) => ({ id: i, price: i / 4, name: `item ${i}` }));
    const body = JSON.stringify({ id: 'wh_1', items }, null, 1);
    expect(body.length).toBeGreaterThan(100_000);
    const began = cpuTime();
    const { findings } = diagnosisOf({
      ...arrived('other', body),
      options: { elapsed: cpuTime, providers: [printone, standardWebhooks] },
    });
    // The bound is the diagnosis's own clock; what is measured here has one last trial more.
    expect(cpuTime() - began).toBeLessThan(600);
    expect(findings).toEqual([]);
  });

  it('never throws, and never says the secret or the expected signature', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.constant(Buffer.from(SENT)),
    );
    fc.assert(
      fc.property(body, fc.oneof(fc.string({ maxLength: 100 }), fc.stringMatching(/^[0-9a-f]{64}$/)), (bytes, value) => {
        const input: VerifyInput = { headers: [['X-Webhook-Signature', value]], body: bytes, secrets: [SECRET], now: NOW };
        const verdict = verifySignature(connect2print, input);
        const expected = hmac(bytes).digest('hex');
        if (value === expected) return;
        const said = JSON.stringify(
          diagnose(connect2print, verdict, input, {
            providers: [printone, standardWebhooks, signsUrl],
            otherSecrets: [],
            elapsed: () => 0,
          }),
        );
        expect(said).not.toContain(SECRET);
        expect(said).not.toContain(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('covers every fault that can be told by computing again', () => {
    const source = readFileSync(new URL('../../../../src/core/signature/diagnosis/trial.ts', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/\| '([a-z0-9_]+)'/g)].map((match) => match[1]);
    expect(codes).toHaveLength(24);
    const tested = new Set([...CASES.map(([code]) => code), 'stale']);
    expect(codes.filter((code) => !tested.has(code as string))).toEqual([]);
  });
});
