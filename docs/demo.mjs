/**
 * The main job, as a user would see it: a listener with a secret, one signed delivery of each Connect2Print event and one
 * with a broken signature, a saved body verified, what is wrong with one that was parsed and written again, and a kept
 * delivery replayed byte for byte to an app. Exits 0 if all of it went as it should. Run it with `npm run demo`.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/webhook.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'webhook-demo-'));
const env = {
  ...process.env,
  CONNECT2PRINT_WEBHOOK_SECRET: randomBytes(24).toString('hex'),
  WEBHOOK_STORE: join(folder, 'deliveries.db'),
  WEBHOOK_PROVIDER: 'connect2print',
  ...(process.stdout.isTTY ? { FORCE_COLOR: '1', COLUMNS: String(process.stdout.columns) } : {}),
};

/** Runs the program; what it prints is shown, and given back. */
function webhook(args, { expect = 0, shown = true } = {}) {
  if (shown) console.log(`\n$ webhook ${args.map((arg) => arg.replaceAll(folder, '…')).join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env, cwd: folder });
    const stdout = [];
    child.stdout.on('data', (chunk) => {
      stdout.push(chunk);
      if (shown) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => shown && process.stdout.write(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === expect) resolve(Buffer.concat(stdout));
      else reject(new Error(`webhook ${args[0]} ended with ${code}, not ${expect}`));
    });
  });
}

/** Starts `webhook listen` on a free port and waits until it says where. */
function listen(args) {
  console.log(`$ webhook listen ${args.join(' ')}`);
  const child = spawn(process.execPath, [program, 'listen', ...args], { env, cwd: folder });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const url = new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => process.stdout.write(chunk));
    child.stderr.on('data', (chunk) => {
      process.stdout.write(chunk);
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    child.on('close', (code) => reject(new Error(`webhook listen ended with ${code}: ${said}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      if (code !== 0) throw new Error(`webhook listen ended with ${code}`);
    },
  };
}

function check(condition, what) {
  if (!condition) throw new Error(`It did not go as it should: ${what}`);
}

try {
  const listener = listen(['--port', '0', '--print', 'none']);
  const url = await listener.url;

  await webhook(['trigger', '--all', '--to', `${url}/webhooks`, '--quiet'], { shown: false });
  console.log('\n  (16 events were triggered; now one whose signature is wrong)\n');
  await webhook(['trigger', 'order.updated', '--to', `${url}/webhooks`, '--corrupt', 'signature', '--expect', '401', '--quiet'], {
    shown: false,
  });
  await listener.stop();

  await webhook(['list', '--limit', '4']);
  const rows = (await webhook(['list', '--all', '--json'], { shown: false }))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  check(rows.length === 17, `17 deliveries should be kept, and ${rows.length} are`);
  check(rows.filter((row) => row.verdict.status === 'valid').length === 16, '16 should be valid');

  const created = rows.find((row) => row.event === 'order.created');
  const body = await webhook(['show', created.id, '--body'], { shown: false });
  await writeFile(join(folder, 'body.json'), body);
  const signature = created.request.headers.find(([name]) => name === 'X-Webhook-Signature')[1];
  await webhook(['verify', 'body.json', '--signature', signature]);
  // What an app sees that parses the body and writes it again before it verifies.
  await writeFile(join(folder, 'parsed.json'), JSON.stringify(JSON.parse(body)));
  const said = await webhook(['verify', 'parsed.json', '--signature', signature], { expect: 3 });
  check(/Numbers were rewritten/.test(said.toString()), 'verify should say what is wrong with the body');

  const received = [];
  const app = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      received.push(Buffer.concat(chunks));
      response.writeHead(200).end('thank you');
    });
  });
  await new Promise((resolve) => app.listen(0, '127.0.0.1', resolve));
  await webhook(['replay', created.id, '--to', `http://127.0.0.1:${app.address().port}/orders`]);
  app.close();
  check(
    received.length === 1 && received[0].equals(await readFile(join(folder, 'body.json'))),
    'the app should get the same bytes',
  );
  console.log(`\nThe app got the same ${body.length} bytes. Everything went as it should.`);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
