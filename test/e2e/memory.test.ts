/**
 * Commands go through deliveries one by one, or a page at a time: what a heap holds that is too small for all of them. What a
 * process has in memory at most is measured by `npm run bench -- store`.
 */
import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deliverySource, temporaryDirectory, temporaryStore } from '../io/store/samples.js';
import { run } from '../support/program.js';

const COUNT = 10_000;
/** Of V8's heap for what lives on, in megabytes. That many deliveries are 20 MB as objects, and the program itself takes 5. */
const HEAP = 16;

it(`no command holds ${COUNT.toLocaleString('en')} deliveries at once`, { timeout: 180_000 }, async () => {
  const cwd = temporaryDirectory();
  const path = join(cwd, 'deliveries.db');
  const store = temporaryStore(path);
  const next = deliverySource();
  const body = new Uint8Array(Buffer.from(JSON.stringify({ text: 'a'.repeat(200), customer: { id: 7 } })));
  const headers = Array.from({ length: 12 }, (_, index) => [`X-Header-${index}`, 'some value or other'] as const);
  for (let kept = 0; kept < COUNT; kept += 1_000) {
    const some = Array.from({ length: 1_000 }, () => next({ request: { method: 'POST', path: '/hooks', headers, body } }));
    await Promise.all(some.map((delivery) => store.keep(delivery, { duplicates: false })));
  }
  await store.close();
  const webhook = async (...args: string[]): Promise<void> => {
    const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP}` };
    const { code, stderr } = await run([...args], { cwd, env, timeout: 60_000 });
    expect({ args, code, stderr: code === 0 ? '' : stderr.slice(-500) }).toEqual({ args, code: 0, stderr: '' });
  };
  const at = ['--store', path];
  await webhook('export', '-o', 'all.json', ...at);
  expect(statSync(join(cwd, 'all.json')).size).toBeGreaterThan(COUNT * 1_000);
  await webhook('import', 'all.json', '--store', join(cwd, 'imported.db'));
  await webhook('list', '--all', '--where', 'customer.id=7', ...at);
  await webhook('store', 'check', ...at);
  await webhook('prune', '--keep', '10', '--yes', ...at);
});

it('prune makes the file of a large store smaller without holding what is in it', { timeout: 120_000 }, async () => {
  const cwd = temporaryDirectory();
  const path = join(cwd, 'deliveries.db');
  const store = temporaryStore();
  const next = deliverySource();
  const body = new Uint8Array(1_000_000).fill(0x61);
  for (let kept = 0; kept < 240; kept++)
    await store.keep(next({ request: { method: 'POST', path: '/hooks', headers: [], body } }));
  await store.close();
  // One that nobody else has open, whatever the driver has not let go of here.
  cpSync(store.path, path);
  writeFileSync(
    join(cwd, 'most.cjs'),
    "process.on('exit', () => require('node:fs').writeFileSync('most', String(process.resourceUsage().maxRSS)));",
  );
  const { code } = await run(['prune', '--keep', '200', '--yes', '--store', path], {
    cwd,
    env: { NODE_OPTIONS: `--require=${join(cwd, 'most.cjs')}` },
    timeout: 90_000,
  });
  expect(code).toBe(0);
  expect(statSync(path).size).toBeLessThan(210_000_000);
  // In kilobytes: the program alone takes some 60,000.
  expect(Number(readFileSync(join(cwd, 'most'), 'utf8'))).toBeLessThan(180_000);
});
