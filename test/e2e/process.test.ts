/** What only a process can show: signals, pipes, exit codes, children, and death in the middle of its work. */
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../src/core/delivery/selector.js';
import { openStore } from '../../src/io/store/store.js';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { projectWith } from '../support/keep.js';
import { type Listener, startListener } from '../support/listener.js';
import { run, shell, start } from '../support/program.js';
import { DRIVES_A_TERMINAL, ndjson, type Running, type RunOptions } from '../support/running.js';
import { send } from '../support/send.js';

const project = (): string => temporaryFolder({ 'package.json': '{}' });
const listen = (args: readonly string[] = [], options?: RunOptions): Promise<Listener<Running & { pid: number }>> =>
  startListener(start, args, options);
const posix: boolean = process.platform !== 'win32';

describe('the program', () => {
  it('says its version, and exits 2 with a suggestion for what it does not know', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await run(['lisen'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean listen') });
    expect(await run(['list', '--limt'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--limit') });
  });

  it.skipIf(!posix)('ends quietly with 0 when who reads it has seen enough', async () => {
    const { cwd } = await projectWith(...Array.from({ length: 400 }, (_, index) => ({ event: `event.${index}` })));
    for (const line of [
      'webhook list --all',
      'webhook list --json',
      'webhook show last:400',
      'webhook events',
      'webhook providers --json',
      'webhook --help',
      'webhook forward --help',
      'webhook show last:400 --body',
    ]) {
      // sh itself keeps the code of the program, not only that of head.
      const { code, stdout, stderr } = await shell(`{ ${line}; echo $? > code; } | head -1; echo; cat code`, { cwd }).ended;
      expect({ line, code, stderr, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ line, code: 0, stderr: '', last: '0' });
    }
  });

  it.skipIf(!existsSync('/dev/full'))('exits 2 with a sentence when its output finds no room', async () => {
    const { cwd } = await projectWith({}, {});
    for (const line of [
      'webhook list --json',
      'webhook list',
      'webhook show last --body',
      'webhook export',
      'webhook --version',
      'webhook list --help',
    ]) {
      const { code, stderr } = await shell(`${line} > /dev/full`, { cwd }).ended;
      expect({ line, code, stderr }).toEqual({ line, code: 2, stderr: 'error: The output could not be written (ENOSPC).\n' });
    }
  });

  it('is plain in a pipe, and in colour where it is forced', async () => {
    const { cwd } = await projectWith({}, {});
    for (const args of [['list'], ['show'], ['providers'], ['--help']]) {
      const plain = await run(args, { cwd });
      expect(plain.stdout).not.toMatch(DRIVES_A_TERMINAL);
    }
    const esc = String.fromCharCode(27);
    const painted = await run(['list'], { cwd, env: { FORCE_COLOR: '1' } });
    expect(painted.stdout).toContain(`${esc}[`);
    for (const [args, env] of [
      [['list', '--no-color'], { FORCE_COLOR: '1' }],
      [['list', '--json'], { FORCE_COLOR: '1' }],
    ] as const) {
      expect((await run(args, { cwd, env })).stdout).not.toContain(esc);
    }
  });
});

describe('listen', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ended by %s finishes, sums up and exits 0', async (signal) => {
    const listener = await listen();
    await send(listener.url, { body: '{}' });
    const { summary, outcome } = await listener.stop(signal);
    expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(summary).toMatchObject({ type: 'summary', received: 1 });
    expect(ndjson(outcome.stdout).map(({ type }) => type)).toEqual(['ready', 'delivery', 'summary']);
  });

  it.skipIf(!posix)('ends with 0 once nobody reads any more what comes in, and so does `list --follow`', async () => {
    const cwd = temporaryFolder();
    const toHead = (line: string): Running => shell(`{ ${line}; echo $? > code; } | head -1`, { cwd });
    const codeOnceOver = async (running: Running, url: string): Promise<string> => {
      let isOver = false;
      void running.ended.then(() => {
        isOver = true;
      });
      // Until the reader has gone, what is written still goes into the pipe.
      while (!isOver) await send(url, { body: '{}' }).catch(() => null);
      expect((await running.ended).stderr).toBe('');
      return readFileSync(join(cwd, 'code'), 'utf8');
    };
    const listener = await startListener(start, ['--store', 'd.db'], { cwd });
    await send(listener.url, { body: '{}' });
    expect(await codeOnceOver(toHead('webhook list --follow --json --store d.db'), listener.url)).toBe('0\n');
    await listener.stop();
    const running = toHead('webhook listen --port 0 --json');
    const { url } = await running.record(({ type }) => type === 'ready');
    expect(await codeOnceOver(running, url)).toBe('0\n');
  });

  it('says what it waits for when it is ended, and ended once more waits no longer', async () => {
    const app = await startApp(() => {});
    const listener = start(['listen', '--port', '0', '--forward-to', app.url]);
    const banner = await listener.line('stderr', (line) => line.includes('listening on'));
    const sent = send(/http:\/\/[\d.:]+/.exec(banner)?.[0] ?? '', { body: '{}' }).catch(() => null);
    await app.received(1);
    listener.send('SIGINT');
    await listener.line('stderr', (line) => line === 'Finishing what is in flight. Interrupt once more to end at once.');
    listener.send('SIGINT');
    expect((await listener.ended).code).toBe(130);
    await sent;
  });

  it('a port that another one has says what to try, in two processes', async () => {
    const listener = await listen();
    const port = new URL(listener.url).port;
    const { code, stderr } = await run(['listen', '--port', port]);
    expect([code, stderr]).toEqual([
      2,
      `error: Port ${port} on 127.0.0.1 is in use.\n       Another 'webhook listen' may be running. Take another port with -p ${Number(port) + 1}, or any free one with -p 0.\n`,
    ]);
  });

  it('is read, listed and replayed from while it runs', async () => {
    const cwd = project();
    const listener = await listen([], { cwd });
    for (let i = 0; i < 3; i++) await send(listener.url, { body: `{"n":${i}}` });
    expect(ndjson((await run(['list', '--json'], { cwd })).stdout)).toHaveLength(3);
    const app = await startApp();
    expect((await run(['replay', 'last:2', '--to', app.url], { cwd })).code).toBe(0);
    await send(listener.url, { body: '{"n":3}' });
    const { summary } = await listener.stop();
    expect([summary.received, app.requests.map(({ body }) => body.toString())]).toEqual([4, ['{"n":1}', '{"n":2}']]);
  });

  it.skipIf(!posix)('lets nothing of a hostile delivery drive the terminal', async () => {
    const cwd = project();
    const esc = String.fromCharCode(27);
    const evil = `${esc}]0;owned${String.fromCharCode(7)}${esc}[2J\u009b31m\u202e`;
    const human = start(
      ['listen', '--port', '0', '--print', 'headers,body,response', '--path', '/hooks', '--provider', 'connect2print'],
      { cwd, env: { COLUMNS: '80' } },
    );
    const banner = await human.line('stderr', (line) => line.includes('listening on'));
    const url = /http:\/\/[\d.:]+/.exec(banner)?.[0] ?? '';
    const body = JSON.stringify({ id: evil, event: evil, data: evil });
    const raw = body.replaceAll('\\u001b', esc);
    for (const [content, type] of [
      [body, 'application/json'],
      [raw, 'application/json'],
      [raw, 'text/plain'],
      [`a=${encodeURIComponent(evil)}`, 'application/x-www-form-urlencoded'],
    ] as const) {
      await send(`${url}/hooks?x=${encodeURIComponent(evil)}`, {
        headers: [
          ['Content-Type', type],
          ['X-Evil', '\x9b31m\xc2\x9b'],
        ],
        body: content,
      });
      await send(`${url}/elsewhere/\x9b31m`, { headers: [['X-Evil', '\x9b']], body: content }).catch(() => null);
    }
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end(`${evil} / HTTP/1.1\r\n\r\n`));
    await new Promise((resolve) => socket.on('close', resolve).resume());
    human.send('SIGINT');
    const listened = await human.ended;
    expect(listened.stderr).toContain('4 received');
    const outputs = [
      listened,
      ...(await Promise.all(
        [
          ['list'],
          ['show', 'last:4'],
          ['list', '--json'],
          ['show', '--json', 'last:4'],
          ['show', `${esc}[31m`],
          ['list', '--event', evil],
        ].map((args) => run(args, { cwd })),
      )),
    ];
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(DRIVES_A_TERMINAL);
  });

  it('prints no secret, whatever it does with it', async () => {
    const canary = 'canary-5f2b1c';
    const cwd = temporaryFolder({
      'package.json': '{}',
      secret: canary,
      'webhook.config.json': JSON.stringify({
        provider: 'connect2print',
        secret: canary,
        providers: { acme: { signature: { kind: 'token', header: 'X-Token' } } },
      }),
    });
    const listener = await listen(['--secret', canary], { cwd });
    const outcomes = await Promise.all(
      [
        ['trigger', 'order.created', '--to', listener.url, '--secret', canary],
        ['trigger', 'order.created', '--to', listener.url, '--secret-file', 'secret', '--corrupt', 'signature'],
        ['trigger', 'order.created', '--to', listener.url, '--json', '--debug'],
        ['trigger', 'order.created', '--dry-run', '--show-secrets'],
        ['providers', 'connect2print'],
        ['providers', 'acme', '--json'],
        ['sign', 'secret'],
        ['verify', 'secret', '--signature', 'abc', '--debug'],
        ['sign', 'secret', '--provider', 'standard-webhooks', '--secret', `whsec_${canary}!`, '--debug'],
        ['trigger', 'nonsense', '--secret', canary, '--debug'],
        ['listen', '--port', 'x', '--secret', canary, '--debug'],
      ].map((args) => run(args, { cwd })),
    );
    await listener.deliveries(3);
    outcomes.push(
      (await listener.stop()).outcome,
      await run(['list', '--json'], { cwd }),
      await run(['show', '--show-secrets'], { cwd }),
    );
    for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toContain(canary);
  });

  it.skipIf(!posix)(
    'keeps every delivery it acknowledged when it is killed in the middle of them',
    { timeout: 60_000 },
    async () => {
      const cwd = project();
      const acknowledged = new Set<string>();
      let next = 0;
      for (const goal of [1_000, 3_000]) {
        const listener = await listen(['--quiet'], { cwd });
        await killUnderLoad(listener, goal, () => `n-${next++}`, acknowledged);
      }
      const store = openStore(join(cwd, '.webhook', 'deliveries.db'), { mustExist: true });
      const kept = new Set<string>();
      for (const { request } of store.select(EVERYTHING)) kept.add(Buffer.from(request.body).toString());
      await store.close();
      expect(acknowledged.size).toBeGreaterThanOrEqual(3_000);
      expect([...acknowledged].filter((body) => !kept.has(body))).toEqual([]);
    },
  );
});

/** Sends on many connections at once until so many are acknowledged in all, then kills the listener while more are on their way. */
async function killUnderLoad(
  listener: Listener<Running & { pid: number }>,
  goal: number,
  newBody: () => string,
  acknowledged: Set<string>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let killed = false;
  const one = (body: string): Promise<void> =>
    new Promise((resolve) => {
      const outgoing = request(listener.url, { method: 'POST', agent, headers: { 'Content-Length': body.length } }, (answer) => {
        // The status alone is the acknowledgement: it counts even if the rest never comes.
        if (answer.statusCode === 200) acknowledged.add(body);
        answer.on('error', () => resolve());
        answer.on('close', resolve);
        answer.resume();
      });
      outgoing.on('error', () => resolve());
      outgoing.end(body);
    });
  const work = async (): Promise<void> => {
    while (!killed) {
      await one(newBody());
      if (acknowledged.size >= goal && !killed) {
        killed = true;
        listener.running.send('SIGKILL');
      }
    }
  };
  await Promise.all(Array.from({ length: 64 }, work));
  agent.destroy();
  expect((await listener.running.ended).signal).toBe('SIGKILL');
}

describe('listen -- command', () => {
  const node = (code: string): string[] => ['--', process.execPath, '-e', code];

  it('gives it the URL and the secret, and exits with its code', async () => {
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: 'its secret' };
    const code = `
      fetch(process.env.WEBHOOK_URL, { method: 'POST', body: '{}' }).then((answer) => {
        console.log(JSON.stringify({ status: answer.status, secret: process.env.WEBHOOK_SECRET, url: process.env.WEBHOOK_URL }));
        process.exit(7);
      });`;
    const {
      code: exit,
      stdout,
      stderr,
    } = await run(
      ['listen', '--port', '0', '--path', '/hooks', '--provider', 'connect2print', '--print', 'none', ...node(code)],
      { env },
    );
    expect(exit).toBe(7);
    const told = stdout.split('\n').find((line) => line.startsWith('{'));
    expect(JSON.parse(told ?? '')).toEqual({
      status: 401,
      secret: 'its secret',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/hooks$/),
    });
    expect(stderr).toContain('1 received: 1 not valid');
  });

  it('keeps stdout to NDJSON with --json; what the command says goes to stderr', async () => {
    const { code, stdout, stderr } = await run(['listen', '--json', '--port', '0', ...node('console.log("from the command")')]);
    expect(code).toBe(0);
    expect(ndjson(stdout).map(({ type }) => type)).toEqual(['ready', 'summary']);
    expect(stderr).toBe('from the command\n');
  });

  it('passes on what it is given after --, as it is', async () => {
    const args = ['a b', '--json', '$HOME', '', '--'];
    const { stdout } = await run([
      'listen',
      '--port',
      '0',
      '--quiet',
      ...node('console.log(JSON.stringify(process.argv.slice(1)))'),
      ...args,
    ]);
    expect(JSON.parse(stdout)).toEqual(args);
  });

  it('one that is not there: exit 2 and what to do; one that a signal ended: 128 and its number', async () => {
    const missing = await run(['listen', '--port', '0', '--', 'no-such-command-here']);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/'no-such-command-here' could not be run[\s\S]*PATH/);
    if (!posix) return;
    const killed = await run(['listen', '--port', '0', ...node('process.kill(process.pid, "SIGKILL")')]);
    expect(killed.code).toBe(137);
  });

  it('ends it when it is ended itself, and waits for it', async () => {
    const listener = await listen(
      node('process.on("SIGTERM", () => process.exit(5)); setInterval(() => {}, 1000); console.log("up")'),
    );
    await listener.running.line('stderr', (line) => line === 'up');
    const { outcome } = await listener.stop();
    expect(outcome.code).toBe(5);
  });

  it('with --exit-after goes on until the command has ended', async () => {
    const code =
      'const go = () => fetch(process.env.WEBHOOK_URL, { method: "POST", body: "{}" }); go().then(go).then(() => console.log("done"))';
    const {
      code: exit,
      stdout,
      stderr,
    } = await run(['listen', '--port', '0', '--exit-after', '2', '--print', 'none', ...node(code)]);
    expect([exit, stdout.includes('done'), stderr.includes('2 received')]).toEqual([0, true, true]);
  });
});

describe('trigger and replay', () => {
  it.skipIf(!posix)('interrupted finish what is in flight, sum up and exit 130', async () => {
    const { cwd } = await projectWith({}, {});
    for (const args of [
      ['trigger', 'connect2print/order.created', '--count', '100000', '--rate', '100'],
      ['replay', 'last:2', '--times', '100000'],
    ]) {
      const app = await startApp();
      const running = start([...args, '--json', '--to', app.url], { cwd });
      await app.received(2);
      running.send('SIGINT');
      const { code, stdout } = await running.ended;
      const records = ndjson(stdout);
      expect([code, records.at(-1)?.type, records.at(-1)?.sent]).toEqual([130, 'summary', app.requests.length]);
    }
  });

  it('exit 4 when the target cannot be reached, 2 when it is not said, 3 for a signature', async () => {
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: 'a secret' };
    const gone = await startApp();
    await gone.close();
    const exits = await Promise.all([
      run(['trigger', 'connect2print/order.created', '--to', gone.url], { env }),
      run(['trigger', 'connect2print/order.created'], { env }),
      run(['verify', '-', '--provider', 'connect2print', '--signature', '0'.repeat(64)], { env, input: '{}' }),
    ]);
    expect(exits.map(({ code }) => code)).toEqual([4, 2, 3]);
  });
});
