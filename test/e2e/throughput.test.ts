/** What a delivery costs a listener and a sender, in counts: times are too noisy to notice when work is done twice. */
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { packedProgram, startProgram } from '../support/program.js';

const SECRET = 'a secret';
const DELIVERIES = 3_000;
const CONNECTIONS = 32;

interface Counts {
  readonly macs: number;
  readonly parses: number;
  readonly messages: number;
  readonly collections: number;
}

/** Counts in the thread that receives, once it answers. */
const SPY = `
const { isMainThread, Worker } = require('node:worker_threads');
const { PerformanceObserver } = require('node:perf_hooks');
const { writeFileSync } = require('node:fs');
const crypto = require('node:crypto');
if (isMainThread) {
  const counts = { macs: 0, parses: 0, messages: 0, collections: 0 };
  const count = (object, name, what, by = 1) => {
    const original = object[name];
    object[name] = function (...args) { counts[what] += by; return original.apply(this, args); };
  };
  count(crypto, 'hash', 'macs', 0.5);
  count(crypto, 'createHmac', 'macs');
  count(JSON, 'parse', 'parses');
  count(Worker.prototype, 'postMessage', 'messages');
  new PerformanceObserver((list) => { counts.collections += list.getEntries().length; }).observe({ entryTypes: ['gc'] });
  process.on('exit', () => writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts)));
}
`;

function send(agent: Agent, port: number, number: number): Promise<number> {
  const body = `{"id":"wh_${number}","event":"order.created","timestamp":"2026-11-22T14:00:00Z","note":"${'x'.repeat(300)}"}`;
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = { 'X-Webhook-Signature': signature, 'Content-Type': 'application/json', 'Content-Length': body.length };
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, port, host: '127.0.0.1', method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends signed deliveries to a listener of its own, so many at once, and gives what the listener did for them. */
async function countsOf(): Promise<Counts> {
  const cwd = temporaryFolder();
  const [spy, counts] = [join(cwd, 'spy.cjs'), join(cwd, 'counts.json')];
  writeFileSync(spy, SPY);
  const args = ['--port=0', '--provider=connect2print', '--print=none', '--json', `--store=${join(cwd, 'd.db')}`];
  const listener = startProgram(process.execPath, [`--require=${spy}`, packedProgram(), 'listen', ...args], {
    cwd,
    env: { CONNECT2PRINT_WEBHOOK_SECRET: SECRET, COUNTS_FILE: counts },
    timeout: 60_000,
  });
  const { url } = await listener.record(({ type }) => type === 'ready');
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  onTestFinished(() => agent.destroy());
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < DELIVERIES) expect(await send(agent, Number(new URL(url).port), next++)).toBe(200);
    }),
  );
  agent.destroy();
  listener.send('SIGTERM');
  expect((await listener.ended).code).toBe(0);
  return JSON.parse(readFileSync(counts, 'utf8')) as Counts;
}

it('a delivery is hashed and parsed once, and shares messages and collections with many', {
  timeout: 90_000,
}, async () => {
  const { macs, parses, messages, collections } = await countsOf();
  expect(macs).toBe(DELIVERIES);
  // What begins before the first delivery parses a handful of things.
  expect(parses - DELIVERIES).toBeLessThan(20);
  expect(messages).toBeLessThan(DELIVERIES / 2);
  expect(collections).toBeLessThan(DELIVERIES / 200);
});

/** Counts what sending does, of the run of a command. */
const SENDING_SPY = `
const { writeFileSync } = require('node:fs');
const fs = require('node:fs');
const crypto = require('node:crypto');
const net = require('node:net');
const counts = { macs: 0, parses: 0, urls: 0, connections: 0, writes: 0 };
const count = (object, name, what, by = 1, when = () => true) => {
  const original = object[name];
  object[name] = function (...args) { if (when(this, args)) counts[what] += by; return original.apply(this, args); };
};
count(crypto, 'hash', 'macs', 0.5);
count(crypto, 'createHmac', 'macs');
count(JSON, 'parse', 'parses');
count(URL, 'canParse', 'urls');
count(net.Socket.prototype, 'connect', 'connections');
count(fs, 'writeSync', 'writes', 1, (_, [fd]) => fd === 1);
count(net.Socket.prototype, 'write', 'writes', 1, (socket) => socket.fd === 1 || socket._handle?.fd === 1);
process.on('exit', () => writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts)));
`;

it('trigger reads its payload and its target once, signs each delivery once, and writes lines many at a time', async () => {
  const cwd = temporaryFolder();
  const [spy, file] = [join(cwd, 'spy.cjs'), join(cwd, 'counts.json')];
  writeFileSync(spy, SENDING_SPY);
  const app = await startApp((_request, response) => response.end('ok'));
  const count = 500;
  const args = ['trigger', 'order.created', '--provider', 'connect2print', '--to', app.url, '--count', String(count)];
  const { code, stdout } = await startProgram(
    process.execPath,
    [`--require=${spy}`, packedProgram(), ...args, '--concurrency', '8', '--json'],
    { cwd, env: { CONNECT2PRINT_WEBHOOK_SECRET: SECRET, COUNTS_FILE: file } },
  ).ended;
  expect([code, stdout.trim().split('\n').length]).toEqual([0, count + 1]);
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  // The first one is verified, which tells for the others.
  expect(counts.macs).toBe(count + 1);
  expect(counts.connections).toBe(8);
  // What stands in the payload, and what is read at the start; nothing of it a delivery.
  expect(counts.parses).toBeLessThan(40);
  expect(counts.urls).toBeLessThan(5);
  expect(counts.writes).toBeGreaterThan(0);
  expect(counts.writes).toBeLessThan(count / 4);
}, 60_000);
