import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verify } from '../../src/index.js';
import { responded, START } from '../io/store/samples.js';
import { type App, startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { ndjson, type Outcome } from '../support/running.js';

const SECRET = 'a secret that nobody guesses';
const STANDARD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ENV = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET, STANDARD_WEBHOOKS_WEBHOOK_SECRET: STANDARD_SECRET };
const BODY = Buffer.from('{"id":"wh_1","event":"order.created","data":{"order":{"total":499.00}}}\r\n');
const hmac = (body: Uint8Array): string => createHmac('sha256', SECRET).update(body).digest('hex');

const connect2print = (
  body: Uint8Array = BODY,
): { method: string; path: string; headers: [string, string][]; body: Uint8Array } => ({
  method: 'POST',
  path: '/hooks?x=1',
  headers: [
    ['Host', 'localhost:4400'],
    ['x-ODD-Case', '1'],
    ['X-Twice', 'a'],
    ['X-Twice', 'b'],
    ['Connection', 'keep-alive'],
    ['X-Webhook-Signature', hmac(body)],
    ['Content-Length', String(body.length)],
  ],
  body,
});

// The published vector of Standard Webhooks: signed on 2021-02-25, long past its tolerance.
const standard = {
  provider: 'standard-webhooks',
  event: 'test',
  eventId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  request: {
    method: 'POST',
    path: '/',
    headers: [
      ['webhook-id', 'msg_p5jXN8AQM9LWM0D4loKWxJek'],
      ['webhook-timestamp', '1614265330'],
      ['webhook-signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    ] as [string, string][],
    body: Buffer.from('{"test": 2432232314}'),
  },
};

async function replayed(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = ENV,
  app?: App,
): Promise<{ app: App; outcome: Outcome }> {
  const to = app ?? (await startApp());
  return { app: to, outcome: await invoke(['replay', ...args, '--to', to.url], { cwd, env }) };
}

describe('what is sent', () => {
  it('is the kept bytes and headers, addressed anew; the attempt is kept, the delivery unchanged', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x00, 0x0d, 0x0a, 0xff]);
    const { cwd, kept } = await projectWith({ request: connect2print(bytes) });
    const { app, outcome } = await replayed(cwd, ['last']);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain('with the signature it came with');
    const [got] = app.requests;
    expect([got?.method, got?.path, got?.body]).toEqual(['POST', '/hooks?x=1', bytes]);
    expect(got?.headers.filter(([name]) => /odd|twice|signature/i.test(name))).toEqual([
      ['x-ODD-Case', '1'],
      ['X-Twice', 'a'],
      ['X-Twice', 'b'],
      ['X-Webhook-Signature', hmac(bytes)],
    ]);
    expect(got?.header('host')).toEqual([new URL(app.url).host]);
    expect(got?.header('content-length')).toEqual(['8']);
    const [told] = ndjson((await invoke(['show', '--json'], { cwd })).stdout);
    expect(told.attempts).toMatchObject([{ replay: true, status: 200, target: `${app.url}/hooks?x=1` }]);
    expect(Buffer.from(told.request.body, 'base64')).toEqual(bytes);
    expect(told.receivedAt).toBe(new Date(kept[0]?.receivedAt ?? 0).toISOString());
  });

  it('goes to the path of a target that has one', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const app = await startApp();
    await invoke(['replay', 'last', '--to', `${app.url}/orders`], { cwd });
    expect(app.requests[0]?.path).toBe('/orders?x=1');
  });

  it('is the selection, oldest first', async () => {
    const { cwd } = await projectWith(
      ...['a', 'b', 'c', 'd'].map((event) => ({
        event,
        request: connect2print(Buffer.from(event)),
        attempts: event === 'b' || event === 'd' ? [responded(500)] : [],
      })),
    );
    const sent = async (args: readonly string[]): Promise<string> =>
      (await replayed(cwd, [...args, '--as-is'])).app.requests.map(({ body }) => body.toString()).join('');
    expect(await sent(['--since', '2020-01-01'])).toBe('abcd');
    expect(await sent(['--failed'])).toBe('bd');
    expect(await sent(['--event', 'a,c'])).toBe('ac');
    expect(await sent(['last:2'])).toBe('cd');
    expect(await sent(['last:2', '--times', '2'])).toBe('cdcd');
    expect(await sent(['--limit', '1', '--event', '*'])).toBe('d');
  });

  it('comes from exported deliveries and .http files too', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const exported = await invoke(['show', '--json'], { cwd });
    const raw = await invoke(['show', '--raw'], { cwd });
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'delivery.json'), exported.bytes);
    writeFileSync(join(elsewhere, 'request.http'), raw.bytes);
    const { app, outcome } = await replayed(elsewhere, ['delivery.json', 'request.http']);
    expect(outcome.code).toBe(0);
    expect(app.requests.map(({ body, path }) => [body, path])).toEqual([
      [BODY, '/hooks?x=1'],
      [BODY, '/hooks?x=1'],
    ]);
  });
});

describe('the signature', () => {
  it('is made anew where the scheme signs the time: long past its tolerance it verifies', async () => {
    const { cwd } = await projectWith(standard);
    const { app, outcome } = await replayed(cwd, ['last']);
    expect(outcome.stderr).toContain('Signed anew');
    const { headers, body } = app.requests[0] ?? { headers: [], body: '' };
    expect(body).toEqual(standard.request.body);
    expect(verify({ provider: 'standard-webhooks', headers, body, secret: STANDARD_SECRET }).status).toBe('valid');
    // The id is what a handler deduplicates by: it stays.
    expect(app.requests[0]?.header('webhook-id')).toEqual(['msg_p5jXN8AQM9LWM0D4loKWxJek']);
    expect(app.requests[0]?.header('webhook-signature')).toHaveLength(1);
  });

  it('is kept with --as-is, and without a secret', async () => {
    const { cwd } = await projectWith(standard);
    const asIs = await replayed(cwd, ['last', '--as-is']);
    const noSecret = await replayed(cwd, ['last'], {});
    for (const { app, outcome } of [asIs, noSecret]) {
      expect(outcome.code).toBe(0);
      expect(app.requests[0]?.header('webhook-timestamp')).toEqual(['1614265330']);
      expect(app.requests[0]?.header('webhook-signature')).toEqual(['v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=']);
    }
  });

  it('is kept where only the body is signed, and made with --resign', async () => {
    const wrong = connect2print();
    wrong.headers[5] = ['X-Webhook-Signature', 'c0ffee'];
    const { cwd } = await projectWith({ request: wrong });
    expect((await replayed(cwd, ['last'])).app.requests[0]?.header('x-webhook-signature')).toEqual(['c0ffee']);
    const resigned = await replayed(cwd, ['last', '--resign']);
    expect(resigned.app.requests[0]?.header('x-webhook-signature')).toEqual([hmac(BODY)]);
    const withoutSecret = await replayed(cwd, ['last', '--resign'], {});
    expect([withoutSecret.outcome.code, withoutSecret.app.requests]).toEqual([2, []]);
    expect(withoutSecret.outcome.stderr).toContain('CONNECT2PRINT_WEBHOOK_SECRET');
  });

  it('is made anew where the body was edited; every other byte stays', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const { app } = await replayed(cwd, ['last', '--set', 'data.order.total=0.00', '--set', 'data.order.note=x']);
    const edited = Buffer.from(BODY.toString().replace('499.00}', '0.00,"note":"x"}'));
    expect(app.requests[0]?.body).toEqual(edited);
    expect(app.requests[0]?.header('x-webhook-signature')).toEqual([hmac(edited)]);
    expect(app.requests[0]?.header('content-length')).toEqual([String(edited.length)]);
    const kept = await replayed(cwd, ['last', '--set', 'data.order.total=0.00', '--as-is']);
    expect(kept.app.requests[0]?.header('x-webhook-signature')).toEqual([hmac(BODY)]);
  });

  it('is made anew where the body was changed in $EDITOR, and kept where it was not', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    writeFileSync(
      join(cwd, 'editor.mjs'),
      "import fs from 'node:fs'; const [, , to, file] = process.argv; fs.writeFileSync(file, fs.readFileSync(file, 'latin1').replace('499.00', to), 'latin1');",
    );
    const edited = async (to: string): Promise<readonly [body: string | undefined, signature: string | undefined]> => {
      const env = { ...ENV, EDITOR: `"${process.execPath}" editor.mjs ${to}` };
      const [got] = (await replayed(cwd, ['last', '--edit'], env)).app.requests;
      return [got?.body.toString(), got?.header('x-webhook-signature')[0]];
    };
    const changed = BODY.toString().replace('499.00', '12.50');
    expect(await edited('12.50')).toEqual([changed, hmac(Buffer.from(changed))]);
    expect(await edited('499.00')).toEqual([BODY.toString(), hmac(BODY)]);
    const failing = await replayed(cwd, ['last', '--edit'], { ...ENV, EDITOR: 'exit 3 #' });
    expect([failing.outcome.code, failing.app.requests]).toEqual([130, []]);
  });

  it('is kept where the editor changed nothing of a body that is signed with it', async () => {
    const { cwd } = await projectWith({ request: { ...connect2print(), headers: [['X-Webhook-Signature', 'c0ffee']] } });
    const { app, outcome } = await replayed(cwd, ['last', '--edit'], { ...ENV, EDITOR: 'true' });
    expect(app.requests[0]?.header('x-webhook-signature')).toEqual(['c0ffee']);
    expect(outcome.stderr).toMatch(/^Nothing was changed in the editor\.$/m);
    expect(outcome.stderr).toContain('Sent with the signature it came with.');
  });

  it('is no JSON any more after the editor: nothing is sent, and it says where it broke', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    for (const EDITOR of ['printf \'{"id": \' >', ': >']) {
      const { app, outcome } = await replayed(cwd, ['last', '--edit'], { ...ENV, EDITOR });
      expect([outcome.code, app.requests]).toEqual([2, []]);
      expect(outcome.stderr).toMatch(/^error: This is not JSON: .*Nothing was sent\.\n {7}\S/);
    }
  });

  it('cannot be made anew without a secret: of an edited body it warns, once', async () => {
    const { cwd } = await projectWith({ request: connect2print() }, { request: connect2print() });
    const { app, outcome } = await replayed(cwd, ['last:2', '--set', 'data.order.total=0'], {});
    expect(app.requests.map(({ header }) => header('x-webhook-signature'))).toEqual([[hmac(BODY)], [hmac(BODY)]]);
    expect(outcome.stderr.match(/^warning: The body is changed and its signature is not.*\n.*CONNECT2PRINT/gm)).toHaveLength(1);
    const meant = await replayed(cwd, ['last:2', '--set', 'data.order.total=0', '--as-is'], {});
    expect(meant.outcome.stderr).not.toContain('warning');
  });

  it('is told of with --dry-run, too', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const said = async (...args: string[]): Promise<string> =>
      (await replayed(cwd, ['last', '--dry-run', ...args])).outcome.stderr;
    expect(await said()).toContain('It goes out with the signature it came with. (--resign makes a new one.)');
    expect(await said('--set', 'id=x')).toContain('Signed anew.');
  });

  it('is not spoken of where there is none', async () => {
    const plain = {
      provider: null,
      event: null,
      request: { ...connect2print(), headers: [['Content-Type', 'text/plain']] },
    } as const;
    const { cwd } = await projectWith(plain, { request: connect2print() });
    expect((await replayed(cwd, ['--since', '2020-01-01'])).outcome.stderr).toContain(
      '1 with the signature they came with, 1 that came without one.',
    );
    const alone = await projectWith(plain);
    expect((await replayed(alone.cwd, ['last'])).outcome.stderr).not.toContain('signature');
    const forced = await replayed(alone.cwd, ['last', '--resign']);
    expect(forced.outcome.stderr).toContain('in the config');
  });

  it('opens the editor once, however often it is sent', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    writeFileSync(join(cwd, 'editor.sh'), 'echo opened >> opened; printf " " >> "$1"');
    const { app } = await replayed(cwd, ['last', '--edit', '--times', '3'], { ...ENV, EDITOR: 'sh editor.sh' });
    expect(app.requests.map(({ body }) => body.toString())).toEqual(Array.from({ length: 3 }, () => `${BODY} `));
    expect(readFileSync(join(cwd, 'opened'), 'utf8')).toBe('opened\n');
  });

  it('--set changes a field of a form', async () => {
    const request = {
      ...connect2print(Buffer.from('a=1&b=%7e&c')),
      headers: [['Content-Type', 'application/x-www-form-urlencoded']] as const,
    };
    const { cwd } = await projectWith({ request });
    const { app } = await replayed(cwd, ['last', '--set', 'a=x y']);
    expect(app.requests[0]?.body.toString()).toBe('a=x+y&b=%7e&c');
  });

  it('says which were signed anew and which were not', async () => {
    const { cwd } = await projectWith({ request: connect2print() }, standard, standard);
    const { outcome } = await replayed(cwd, ['--since', '2020-01-01']);
    expect(outcome.stderr).toContain('2 signed anew, 1 with the signature they came with.');
  });

  it('-H has the last word', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const { app } = await replayed(cwd, ['last', '--resign', '-H', 'X-Webhook-Signature: mine', '-H', 'X-Twice:']);
    expect([app.requests[0]?.header('x-webhook-signature'), app.requests[0]?.header('x-twice')]).toEqual([['mine'], []]);
  });

  it('goes to the target’s own Host, unless -H names another', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const { app } = await replayed(cwd, ['last']);
    await replayed(cwd, ['last', '-H', 'Host: shop.test'], ENV, app);
    expect(app.requests.map((one) => one.header('host'))).toEqual([[new URL(app.url).host], ['shop.test']]);
  });
});

describe('how it is sent', () => {
  it('keeps the gaps there were with --speed, scaled', async () => {
    const { cwd } = await projectWith(...[0, 2_000, 3_000].map((gap) => ({ receivedAt: START + gap, request: connect2print() })));
    const began = performance.now();
    const arrivals: number[] = [];
    const app = await startApp((_request, response) => {
      arrivals.push(performance.now() - began);
      response.end();
    });
    await replayed(cwd, ['--event', '*', '--speed', '20x'], ENV, app);
    expect(arrivals[1]).toBeGreaterThanOrEqual(100);
    expect(arrivals[2]).toBeGreaterThanOrEqual(150);
  });

  it('sends so many at once with --concurrency, else one at a time', async () => {
    const { cwd } = await projectWith(...Array.from({ length: 6 }, () => ({ request: connect2print() })));
    const waiting: Array<() => void> = [];
    const app = await startApp((_request, response) => {
      waiting.push(() => response.end());
      if (waiting.length === 3) for (const answer of waiting.splice(0)) answer();
    });
    expect((await replayed(cwd, ['last:6', '--concurrency', '3'], ENV, app)).outcome.code).toBe(0);
    let open = 0;
    const single = await startApp((_request, response) => {
      open++;
      setImmediate(() => {
        expect(open).toBe(1);
        open--;
        response.end();
      });
    });
    expect((await replayed(cwd, ['last:6'], ENV, single)).outcome.code).toBe(0);
  });

  it('exits 4 where a target did not do what was expected, and 130 when interrupted', async () => {
    const { cwd } = await projectWith(...Array.from({ length: 5 }, () => ({ request: connect2print() })));
    const broken = await startApp((_request, response) => response.writeHead(500).end());
    expect((await replayed(cwd, ['last'], ENV, broken)).outcome.code).toBe(4);
    expect((await replayed(cwd, ['last', '--expect', '5xx'], ENV, broken)).outcome.code).toBe(0);
    const gone = await startApp();
    await gone.close();
    const { outcome } = await replayed(cwd, ['last', '--json'], ENV, gone);
    expect(outcome.code).toBe(4);
    expect(ndjson(outcome.stdout)[0].delivery.attempts.at(-1)).toMatchObject({
      outcome: 'failed',
      reason: 'refused',
      replay: true,
    });
    const app = await startApp();
    const running = startHere(['replay', '--event', '*', '--times', '100000', '--to', app.url, '--json'], { cwd, env: ENV });
    await app.received(3);
    running.send('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(running.records.at(-1)).toMatchObject({ type: 'summary', failed: 0 });
  });

  it('is signed for the time it is sent at, not for the time it was read', async () => {
    const later = { ...standard, receivedAt: START + 3_000 };
    const { cwd } = await projectWith({ ...standard, receivedAt: START }, later);
    const app = await startApp();
    // Ten minutes go by each time it is looked how much time has passed: as it begins, and before it waits for one that was read.
    let looks = 0;
    const elapsed = (): number => {
      looks++;
      return performance.now();
    };
    const now = (): number => START + looks * 600_000;
    const args = ['replay', '--event', '*', '--speed', '20x', '--concurrency', '2', '--to', app.url];
    expect((await invoke(args, { cwd, env: ENV, now, elapsed })).code).toBe(0);
    const times = app.requests.map(({ header }) => (Number(header('webhook-timestamp')[0]) - START / 1_000) / 600);
    expect(times[0]).toBeGreaterThanOrEqual(2);
    expect(times[1]).toBeGreaterThanOrEqual(3);
  });

  it('tells which deliveries failed', async () => {
    const { cwd, kept } = await projectWith(
      ...['a', 'b', 'c'].map((event) => ({ event, request: connect2print(Buffer.from(event)) })),
    );
    const app = await startApp(({ body }, response) => response.writeHead(body.toString() === 'b' ? 500 : 200).end());
    const { outcome } = await replayed(cwd, ['last:3', '--json'], ENV, app);
    expect(ndjson(outcome.stdout).at(-1)).toMatchObject({
      type: 'summary',
      sent: 3,
      ok: 2,
      failed: 1,
      statuses: { '200': 2, '500': 1 },
      failures: [{ id: kept[1]?.id, event: 'b', why: 'expected 2xx, got 500' }],
    });
    const told = await replayed(cwd, ['last:3'], ENV, app);
    expect(told.outcome.stderr).toMatch(
      new RegExp(`3 sent: 2 ok, 1 failed .*\n  ${kept[1]?.id.slice(0, 16)}  b  expected 2xx, got 500\n`),
    );
  });

  it('stops at the first failure with --stop-on-failure, and the command it prints does the rest', async () => {
    const { cwd, kept } = await projectWith(
      ...['a', 'b', 'c', 'd'].map((event) => ({ event, request: connect2print(Buffer.from(event)) })),
    );
    let broken = true;
    const app = await startApp(({ body }, response) => response.writeHead(broken && body.toString() === 'b' ? 500 : 200).end());
    const { outcome } = await replayed(cwd, ['last:4', '--stop-on-failure', '--json'], ENV, app);
    expect(outcome.code).toBe(4);
    expect(app.requests.map(({ body }) => body.toString())).toEqual(['a', 'b']);
    const { resume } = ndjson(outcome.stdout).at(-1);
    expect(resume).toContain(`--after ${kept[1]?.id}`);
    broken = false;
    const rest = await invoke(resume.split(' ').slice(1), { cwd, env: ENV });
    expect(rest.code).toBe(0);
    expect(app.requests.map(({ body }) => body.toString())).toEqual(['a', 'b', 'c', 'd']);
  });

  it('names the one that cannot be edited, and does the rest without it', async () => {
    const { cwd, kept } = await projectWith(
      ...['{"n":1}', 'no JSON', '{"n":3}'].map((body) => ({ request: connect2print(Buffer.from(body)) })),
    );
    const { app, outcome } = await replayed(cwd, ['last:3', '--set', 'n=0']);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(`error: ${kept[1]?.id} was not sent. This is not JSON: line 1, column 1`);
    const [, command = ''] = /1 before it was sent\. To go on without it: webhook (.*)/.exec(outcome.stderr) ?? [];
    expect((await invoke(command.split(' '), { cwd, env: ENV })).code).toBe(0);
    expect(app.requests.map(({ body }) => body.toString())).toEqual(['{"n":0}', '{"n":0}']);
  });

  it('says nothing of going on where nothing is left', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const broken = await startApp((_request, response) => response.writeHead(500).end());
    const { outcome } = await replayed(cwd, ['last', '--stop-on-failure', '--json'], ENV, broken);
    expect(ndjson(outcome.stdout).at(-1)).not.toHaveProperty('resume');
  });

  it('goes on after an interruption where it ended, in the rounds that are left', async () => {
    const { cwd } = await projectWith(...['a', 'b', 'c'].map((event) => ({ event, request: connect2print(Buffer.from(event)) })));
    const app = await startApp((_request, response) => {
      if (app.requests.length === 5) running.send('SIGINT');
      response.end();
    });
    const args = ['replay', 'last:3', '--times', '3', '--as-is', '--to', app.url, '--json'];
    const running = startHere(args, { cwd, env: ENV });
    expect((await running.ended).code).toBe(130);
    const { resume, sent } = running.records.at(-1);
    expect(sent).toBe(5);
    expect((await invoke(resume.split(' ').slice(1), { cwd, env: ENV })).code).toBe(0);
    expect(app.requests.map(({ body }) => body.toString()).join('')).toBe('abcabcabc');
  });

  it('shows on a terminal how far it is, how fast, and how long it takes', async () => {
    const { cwd } = await projectWith(...Array.from({ length: 30 }, () => ({ request: connect2print() })));
    const app = await startApp();
    const { stderr, stdout } = await invoke(['replay', '--event', '*', '--to', app.url, '--no-color'], {
      cwd,
      env: ENV,
      columns: 100,
    });
    expect(stderr).toMatch(/\[=*>? *\] \d+ of 30 · \d+\/s · 0 failed · \S+ \w+ left/);
    expect(stdout).not.toContain(' of 30');
  });

  it('--dry-run and --curl send nothing', async () => {
    const { cwd } = await projectWith({ request: connect2print() });
    const dry = await replayed(cwd, ['last', '--dry-run', '--json']);
    expect(dry.app.requests).toEqual([]);
    expect(ndjson(dry.outcome.stdout)).toMatchObject([
      { type: 'request', body: BODY.toString(), url: `${dry.app.url}/hooks?x=1` },
    ]);
    const curl = await replayed(cwd, ['last', '--curl']);
    expect([curl.app.requests, curl.outcome.stdout.includes(`${curl.app.url}/hooks?x=1`)]).toEqual([[], true]);
    const [told] = ndjson((await invoke(['show', '--json'], { cwd })).stdout);
    expect(told.attempts).toEqual([]);
  });
});

describe('what it is told wrong', () => {
  it.each([
    [[], /Name an id, last, last:5/],
    [['nope'], /nope/],
    [['last', '--as-is', '--resign'], /--as-is/],
    [['last', '--ordered', '--concurrency', '2'], /--ordered/],
    [['last', '--speed', 'fast'], /original, 2x, 0\.5x or max/],
    [['last', '--times', '0'], /--times/],
    [['last', '--set', 'x'], /./],
    [['last', '--unset', 'data.nothing'], /not there/],
    [['absent.json'], /There is no file/],
    [['last', 'request.http'], /stands alone|cannot be mixed/],
    [['last', '--edit'], /EDITOR/],
    [['--event', 'no.such'], /webhook list/],
    [['last', '--after', 'nope'], /nope/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, said) => {
    const { cwd } = await projectWith({ request: connect2print() });
    writeFileSync(join(cwd, 'request.http'), 'POST / HTTP/1.1\r\n\r\n');
    const { app, outcome } = await replayed(cwd, args);
    expect([outcome.code, outcome.stdout, app.requests]).toEqual([2, '', []]);
    expect(outcome.stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
    expect(outcome.stderr).toMatch(said);
  });

  it('without a target it says how to name one', async () => {
    const { cwd } = await projectWith({});
    const { code, stderr } = await invoke(['replay', 'last'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      "error: It is not said where to send.\n       Add --to <url>, or set 'to' in the config.\n",
    ]);
  });

  it('a file that holds neither form says what it should', async () => {
    const cwd = temporaryFolder({ 'other.json': '{"a":1}' });
    const { outcome } = await replayed(cwd, ['other.json']);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(
      'other.json, number 1: It is neither a delivery nor a request that another program recorded.',
    );
  });
});
