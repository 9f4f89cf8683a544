import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { changed, titledVectors, type Vector, verifyCall } from '../core/signature/vectors.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { startListener } from '../support/listener.js';
import { ndjson, type Outcome } from '../support/running.js';
import { send } from '../support/send.js';

const SECRET = 'a secret that nobody guesses';
const ENV = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET };
const BODY = '{"id":"wh_1","event":"order.created","timestamp":"2026-11-22T14:02:11Z","data":{"order":{"total":499.00}}}\r\n';
const SIGNATURE = createHmac('sha256', SECRET).update(BODY).digest('hex');
const HTTP = `POST /hooks?x=1 HTTP/1.1\r\nHost: localhost\r\nx-webhook-SIGNATURE: ${SIGNATURE}\r\n\r\n${BODY}`;

// Published by Standard Webhooks, in each of its libraries' tests.
const STANDARD_ENV = { STANDARD_WEBHOOKS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
const STANDARD_HEADERS = [
  'webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp: 1614265330',
  'webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
];
const STANDARD = ['-', ...STANDARD_HEADERS.flatMap((line) => ['-H', line])];

describe('every form of input', () => {
  const files = {
    'body.json': BODY,
    headers: `Host: localhost\nX-Webhook-Signature: ${SIGNATURE}\n`,
    'headers.json': JSON.stringify({ headers: [['X-Webhook-Signature', SIGNATURE]] }),
    'headers-object.json': JSON.stringify({ 'x-webhook-signature': SIGNATURE }),
    'request.http': HTTP,
    'lf.http': HTTP.replace(/\r\n\r\n/, '\n\n').replace(/\r\n(?=Host|x-)/g, '\n'),
  };
  it.each([
    ['a body and its signature', ['body.json', '--signature', SIGNATURE]],
    ['a body and its header', ['body.json', '-H', `x-webhook-signature: ${SIGNATURE}`]],
    ['a body and a file of headers', ['body.json', '--headers', 'headers']],
    ['a body and headers as JSON, as sign --json prints them', ['body.json', '--headers', 'headers.json']],
    ['a body and headers as a JSON object', ['body.json', '--headers', 'headers-object.json']],
    ['an HTTP message', ['request.http']],
    ['an HTTP message with bare line feeds', ['lf.http']],
  ])('%s', async (_what, args) => {
    const cwd = temporaryFolder(files);
    const { code, stdout, stderr } = await invoke(['verify', '--json', '--provider', 'connect2print', ...args], {
      cwd,
      env: ENV,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(ndjson(stdout)).toEqual([
      { status: 'valid', reason: null, message: expect.stringMatching(/\.$/), diagnosis: [], provider: 'connect2print' },
    ]);
    const forged = args.map((arg) => arg.replace(SIGNATURE, '0'.repeat(64)));
    if (forged.join() !== args.join()) {
      expect((await invoke(['verify', '--provider', 'connect2print', ...forged], { cwd, env: ENV })).code).toBe(3);
    }
  });

  it('a body and an HTTP message from a pipe', async () => {
    const body = await invoke(['verify', '-', '--provider', 'connect2print', '--signature', SIGNATURE], {
      input: BODY,
      env: ENV,
    });
    const message = await invoke(['verify', '-', '--provider', 'connect2print'], { input: HTTP, env: ENV });
    expect([body.code, message.code]).toEqual([0, 0]);
  });

  it('a kept delivery by last, id and prefix, and an exported one', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const listener = await startListener(startHere, [], { cwd, env: ENV });
    await send(`${listener.url}/hooks`, {
      headers: [
        ['X-Webhook-Signature', SIGNATURE],
        ['User-Agent', 'x'],
      ],
      body: BODY,
    });
    const { id } = await listener.delivery();
    await listener.stop();
    const exported = await invoke(['show', '--json'], { cwd });
    for (const input of ['last', id, id.slice(4, 20).toLowerCase()]) {
      expect((await invoke(['verify', input, '--provider', 'connect2print'], { cwd, env: ENV })).code).toBe(0);
    }
    const file = await invoke(['verify', '-', '--provider', 'connect2print', '--at', 'received'], {
      input: exported.stdout,
      env: ENV,
    });
    expect(file.code).toBe(0);
    const other = await invoke(['verify', 'last', '--provider', 'connect2print'], { cwd, env: { WEBHOOK_SECRET: 'another' } });
    expect(other.code).toBe(3);
  });
});

describe('published signatures', () => {
  const verifyOne = (vector: Vector): Promise<Outcome> => {
    const { args, options } = verifyCall(vector);
    return invoke(args, options);
  };

  it.each(titledVectors)('%s', async (_, vector) => {
    const { code, stdout } = await verifyOne(vector);
    expect([code, ndjson(stdout)]).toEqual([0, [expect.objectContaining({ status: 'valid', provider: vector.provider })]]);
    const other = await verifyOne(changed(vector));
    expect([other.code, ndjson(other.stdout)[0].reason]).toEqual([3, 'mismatch']);
  });
});

describe('the verdict', () => {
  it('is told from the headers where they say whose it is', async () => {
    const { code, stdout } = await invoke(['verify', '--json', ...STANDARD, '--at', '1614265330'], {
      input: '{"test": 2432232314}',
      env: STANDARD_ENV,
    });
    expect([code, ndjson(stdout)[0].provider]).toEqual([0, 'standard-webhooks']);
  });

  it.each([
    [['--at', '1614265330'], 0, null],
    [['--at', '2021-02-25T15:05:00Z'], 0, null],
    [['--at', '1614265631'], 3, 'timestamp_too_old'],
    [['--at', '1614265029'], 3, 'timestamp_in_future'],
    [['--at', '1614265631', '--tolerance', '10m'], 0, null],
    [[], 3, 'timestamp_too_old'],
  ] as const)('%j sets the clock: exit %i', async (args, exit, reason) => {
    const { code, stdout } = await invoke(['verify', '--json', ...STANDARD, ...args], {
      input: '{"test": 2432232314}',
      env: STANDARD_ENV,
    });
    expect([code, ndjson(stdout)[0].reason]).toEqual([exit, reason]);
  });

  it.each(['abc', '', 'g'.repeat(64), '0'.repeat(63), '0'.repeat(66), 'é', '\u202e'])(
    'a signature of %j is one, never an exception',
    async (value) => {
      const { code, stdout } = await invoke(
        ['verify', '--json', '-', '--provider', 'connect2print', '-H', `X-Webhook-Signature: ${value}`],
        {
          input: BODY,
          env: ENV,
        },
      );
      expect([code, ndjson(stdout)[0].status]).toEqual([3, 'invalid']);
    },
  );

  it.each(['', '\0\xff\xfe', '[]', 'null', '{"id":"dlv_1"}'])('a body of %j is one', async (input) => {
    const { code } = await invoke(['verify', '-', '--provider', 'connect2print', '--signature', SIGNATURE], { input, env: ENV });
    expect(code).toBe(3);
  });

  it('says what to do where it could not be checked: exit 2', async () => {
    const noSecret = await invoke(['verify', '-', '--provider', 'connect2print', '--signature', SIGNATURE], { input: BODY });
    expect(noSecret.code).toBe(2);
    expect(noSecret.stdout).toContain('There is no secret');
    expect(noSecret.stdout).toContain('CONNECT2PRINT_WEBHOOK_SECRET');
    const unsigned = await invoke(['verify', '-', '--provider', 'mollie'], { input: 'id=tr_7UhSN1zuXS' });
    expect(unsigned.code).toBe(2);
    expect(unsigned.stdout).toContain('Mollie does not sign its classic webhooks');
    expect(unsigned.stdout).not.toContain('MOLLIE_WEBHOOK_SECRET');
    const gelato = await invoke(['verify', '-', '--provider', 'gelato'], { input: '{}' });
    expect(gelato.stdout).not.toContain('GELATO_WEBHOOK_SECRET');
    const noProvider = await invoke(['verify', '-'], { input: '{}', env: ENV });
    expect(noProvider.code).toBe(2);
    expect(noProvider.stdout).toContain('--provider');
    const json = await invoke(['verify', '--json', '-'], { input: '{}', env: ENV });
    expect(ndjson(json.stdout)[0]).toMatchObject({ status: 'unchecked', reason: 'unknown_provider', provider: null });
  });

  it.each([
    ['adyen-platform', 'not hex', /^The secret is not of the form Adyen \(platforms and management\) uses: hex\.$/],
    ['discord', 'MCowBQYDK2VwAyEA', /^The secret is not of the form Discord uses: an Ed25519 key in hex or PEM\.$/],
    [
      'liveblocks',
      'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      /^The secret is not of the form Liveblocks uses: whsec_ followed by base64\.$/,
    ],
    [
      'sns',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      /^The secret is not of the form Amazon SNS uses: an RSA key/,
    ],
  ])('%s: a key of the wrong form is named before anything is verified', async (provider, secret, message) => {
    const { code, stdout, stderr } = await invoke(['verify', '--json', '-', '--provider', provider], {
      input: '{"Signature":"AAAA"}',
      env: { WEBHOOK_SECRET: secret },
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'secret_malformed', message: expect.stringMatching(message) });
    expect(stderr).not.toContain(secret);
  });

  it('never holds the expected signature, nor the secret', async () => {
    const forged = '0'.repeat(64);
    const human = await invoke(['verify', '-', '--provider', 'connect2print', '--signature', forged, '--show-secrets'], {
      input: BODY,
      env: ENV,
    });
    const json = await invoke(['verify', '-', '--provider', 'connect2print', '--signature', forged, '--json'], {
      input: BODY,
      env: ENV,
    });
    for (const { code, stdout, stderr } of [human, json]) {
      expect(code).toBe(3);
      expect(stdout + stderr).not.toContain(SIGNATURE);
      expect(stdout + stderr).not.toContain(SECRET);
    }
  });
});

describe('what it is told wrong', () => {
  it.each([
    [['absent.json'], /There is no file 'absent.json'/],
    [['last'], /Nothing has been kept yet/],
    [['-', '--signature', 'abc'], /--provider <name>/],
    [['-', '--provider', 'conect2print'], /Did you mean connect2print/],
    [['-', '--provider', 'connect2print', '--at', 'soon'], /not a time/],
    [['-', '--provider', 'connect2print', '--at', 'received'], /--at 20/],
    [['-', '--provider', 'connect2print', '--headers', 'absent'], /There is no file 'absent'/],
    [['-', '--provider', 'connect2print', '-H', 'x'], /is not a header/],
    [['-', '--provider', 'connect2print', '--tolerance', 'x'], /x/],
    [[], /Missing required argument/],
    [['a', 'b'], /Too many arguments/],
  ])('%j: exit 2, a sentence and a next step', async (args, said) => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const { code, stdout, stderr } = await invoke(['verify', ...args], { cwd, input: BODY, env: ENV });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
    expect(stderr).toMatch(said);
  });

  it('a file of headers that is none says which line', async () => {
    const cwd = temporaryFolder({ headers: 'X-A: 1\nnonsense\n' });
    const { code, stderr } = await invoke(['verify', '-', '--provider', 'connect2print', '--headers', 'headers'], {
      cwd,
      input: BODY,
      env: ENV,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('line 2');
  });
});

describe('--fetch-certificate', () => {
  it('fetches nothing from a host that is not the provider’s own', async () => {
    const message = { Type: 'Notification', Signature: 'AAAA', SigningCertURL: 'https://evil.test/a.pem' };
    const cwd = temporaryFolder({ 'body.json': JSON.stringify(message) });
    const { code, stderr } = await invoke(['verify', 'body.json', '--provider', 'sns', '--fetch-certificate'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('nothing was fetched');
  });
});
