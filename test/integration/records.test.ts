/** What `listen` and `forward` print for programs, against the tables that tell of it. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { startHere } from '../support/invoke.js';
import { type Json, ndjson, type Running } from '../support/running.js';
import { send } from '../support/send.js';
import { freePort, startTunnelServer } from '../support/tunnel-server.js';

const SECRET = 'a secret that nobody guesses';
const BODY = '{"id":"wh_1","event":"order.created","timestamp":"2026-11-22T14:02:11Z","data":{}}';

/** The rows of a table on the page: of each cell, what stands in backticks. */
function tableAfter(text: string): string[][][] {
  const page = readFileSync(new URL('../../docs/RECORDS.md', import.meta.url), 'utf8');
  const lines = page.slice(page.indexOf(text)).split('\n');
  const from = lines.findIndex((line) => line.startsWith('| --- '));
  const rows = lines.slice(from + 1, lines.indexOf('', from));
  return rows.map((row) => row.split(' | ').map((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name)));
}

/** `a`, `b.c`, `d[].e`: the places at which something stands. Of a delivery within a record, that it is there. */
function placesOf(value: Json, prefix = ''): string[] {
  return Object.entries<Json>(value).flatMap(([name, one]) => {
    const place = prefix + name;
    if (place === 'delivery') return [place];
    // An empty list, and what is not known, does not show what it holds.
    if (Array.isArray(one) && one.length === 0) return [];
    if (Array.isArray(one) && !Array.isArray(one[0])) return one.flatMap((item) => placesOf(item, `${place}[].`));
    return typeof one === 'object' && one !== null && !Array.isArray(one) ? placesOf(one, `${place}.`) : [place];
  });
}

function start(args: readonly string[], cwd: string): Running {
  const running = startHere([...args, '--json', '--store', `${cwd}/deliveries.db`], {
    cwd,
    env: { CONNECT2PRINT_WEBHOOK_SECRET: SECRET },
  });
  onTestFinished(async () => {
    running.send('SIGTERM');
    await running.ended.catch(() => {});
  });
  return running;
}

const signed = (body: string): ReadonlyArray<readonly [string, string]> => [
  ['X-Webhook-Signature', createHmac('sha256', SECRET).update(body).digest('hex')],
];

/** A forward whose app comes late, and whose tunnel server goes. */
async function forwardLate(cwd: string): Promise<Json[]> {
  const server = await startTunnelServer();
  const port = await freePort();
  const target = `http://127.0.0.1:${port}`;
  const running = start(['forward', target, '--port', '0', '--queue', '--tunnel-host', server.host], cwd);
  const { url } = await running.record(({ type }) => type === 'ready');
  await running.record(({ type, state }) => type === 'tunnel' && state === 'up');
  await server.kill();
  await running.record(({ type, state }) => type === 'tunnel' && state === 'down');
  // The newline was signed, and is lost.
  expect((await send(url, { headers: signed(`${BODY}\n`), body: BODY })).status).toBe(401);
  expect((await send(url, { headers: signed(BODY), body: BODY })).status).toBe(202);
  await running.record(({ delivery }) => delivery?.response.status === 202);
  await startApp(undefined, port);
  await running.record(({ type, state }) => type === 'queue' && state === 'empty');
  running.send('SIGTERM');
  return ndjson((await running.ended).stdout);
}

/** A listener that is asked for what it does not serve, gets a challenge, and misses what it expects. */
async function listenInVain(cwd: string): Promise<Json[]> {
  const expecting = ['--path', '/hooks', '--expect', 'order.shipped', '--exit-after', '1'];
  const running = start(['listen', '--port', '0', ...expecting], cwd);
  const { url } = await running.record(({ type }) => type === 'ready');
  expect((await send(`${url}/elsewhere`)).status).toBe(404);
  const challenge = JSON.stringify({ token: 't', challenge: 'c', type: 'url_verification' });
  await send(`${url}/hooks`, { headers: [['X-Slack-Request-Timestamp', '1']], body: challenge });
  const other = BODY.replace('created', 'updated');
  await send(`${url}/hooks`, { headers: signed(other), body: other });
  const { stdout, stderr } = await running.ended;
  return ndjson(stdout + stderr);
}

it('listen and forward print what the tables in docs/RECORDS.md name, and nothing else', { timeout: 60_000 }, async () => {
  const printed = [...(await forwardLate(temporaryFolder())), ...(await listenInVain(temporaryFolder()))];
  const byType = new Map<string, Set<string>>();
  for (const { type, ...record } of printed) {
    byType.set(type, new Set([...(byType.get(type) ?? []), ...placesOf(record)]));
  }
  const named = tableAfter('# What `listen`').map(([[type = ''] = [], fields = []]) => [type, fields.toSorted()]);
  expect(Object.fromEntries([...byType].map(([type, fields]) => [type, [...fields].sort()]))).toEqual(Object.fromEntries(named));

  const deliveries = new Set(printed.flatMap(({ delivery }) => (delivery === undefined ? [] : placesOf(delivery))));
  expect([...deliveries].sort()).toEqual(
    tableAfter('## The `delivery`')
      .flatMap(([fields = []]) => fields)
      .sort(),
  );
});
