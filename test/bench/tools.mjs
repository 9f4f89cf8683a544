/** Starting programs, pairing runs, and saying what came out. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SECRET = 'bench-secret-bench-secret';
export const here = (file) => fileURLToPath(new URL(file, import.meta.url));
export const program = here('../../bin/webhook.js');

/** A folder that is gone when the work is done. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs node to its end. Gives the wall time in milliseconds, stdout (unless it is discarded) and stderr. What is written `into` a file
 * costs nobody the reading of it while it runs.
 */
export function run(args, { env = {}, cwd, expect = 0, input = '', discard = false, into = null } = {}) {
  const began = performance.now();
  const file = into === null ? null : openSync(into, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: environment(env),
      stdio: ['pipe', file ?? (discard ? 'ignore' : 'pipe'), 'pipe'],
    });
    child.stdin.end(input);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (file !== null) {
        closeSync(file);
        stdout = readFileSync(into, 'utf8');
      }
      if (code === expect) resolve({ ms: performance.now() - began, stdout, stderr });
      else reject(new Error(`node ${args.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

/** Starts a server that says its port (or URL) in a line of stdout or stderr; `stop` ends it and waits. */
export function start(args, { env = {}, cwd, pattern = /(\d+)\s*$/m } = {}) {
  const child = spawn(process.execPath, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  /** What a pattern finds in what it says. */
  const said = (wanted) =>
    new Promise((resolve, reject) => {
      let text = '';
      const look = (chunk) => {
        if (text === null) return;
        text += chunk;
        const found = wanted.exec(text);
        if (found === null) return;
        text = null;
        resolve(found);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.on('close', (code) => reject(new Error(`node ${args.join(' ')} ended with ${code}: ${text}`)));
    });
  return {
    child,
    port: said(pattern).then((found) => Number(found[1])),
    said,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function environment(env) {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/WEBHOOK/.test(name)));
  return { ...own, NO_COLOR: '1', BENCH_SECRET: SECRET, ...env };
}

/** `webhook listen`, verifying and keeping in `folder`, with nobody who reads its lines slowly. */
export function listen(folder, args = []) {
  return start(
    [program, 'listen', '--port=0', '--provider=connect2print', '--print=none', `--store=${join(folder, 'd.db')}`, ...args],
    {
      cwd: folder,
      env: { CONNECT2PRINT_WEBHOOK_SECRET: SECRET },
      pattern: /127\.0\.0\.1:(\d+)/,
    },
  );
}

export async function load(port, { connections, seconds, size, path = '/' }) {
  const { stdout } = await run([here('load.mjs'), port, connections, seconds, size, path].map(String));
  const result = JSON.parse(stdout);
  const bad = Object.keys(result.statuses).filter((status) => status !== '200');
  if (bad.length > 0) throw new Error(`The server answered ${JSON.stringify(result.statuses)}`);
  return result;
}

/** Median, least and most of the ratios of paired runs: A B A B …, so that a drifting machine is in both. */
export async function paired(times, ours, theirs) {
  const ratios = [];
  const runs = [];
  for (let i = 0; i < times; i++) {
    const [b, a] = i % 2 === 0 ? [await theirs(), await ours()] : await swap(ours, theirs);
    runs.push({ a, b });
    ratios.push(a / b);
  }
  return { ...spread(ratios), runs };
}

async function swap(ours, theirs) {
  const a = await ours();
  return [await theirs(), a];
}

export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}
