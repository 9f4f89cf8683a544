import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import { Connection } from '../../../src/io/store/connection.js';
import { deliverySource, idsOf, temporaryDirectory, temporaryStore } from './samples.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Below node_modules, so that the program finds libsql. */
const PROGRAM = join(ROOT, 'node_modules', '.cache', 'webhook-cli', `keeper-${process.pid}.mjs`);

/** Keeps as many deliveries as it is told, 32 at a time, and prints the id of each once it is kept. */
const SOURCE = `
  import { randomBytes } from 'node:crypto';
  import { createIdSource } from './src/core/delivery/id.js';
  import { openStore } from './src/io/store/store.js';
  const [path, count] = [process.argv[2] ?? '', Number(process.argv[3])];
  const store = openStore(path);
  const nextId = createIdSource(Date.now, randomBytes);
  let begun = 0;
  const keep = async () => {
    while (begun++ < count) {
      const id = nextId();
      await store.keep({
        id, origin: 'received', receivedAt: Date.now(), provider: 'connect2print', event: 'order.created', eventId: 'wh_' + id,
        duplicateOf: null, request: { method: 'POST', path: '/', headers: [['X-Id', id]], body: Buffer.from(id.repeat(14)) },
        verdict: { status: 'valid', reason: null, message: '', diagnosis: [] }, response: null, attempts: [],
      });
      process.stdout.write(id + '\\n');
    }
  };
  await Promise.all(Array.from({ length: 32 }, keep));
  await store.close();
`;

interface Keeper {
  readonly process: ChildProcess;
  /** The ids it has printed. */
  readonly ids: string[];
  /** Settles when it has printed so many. */
  printed(count: number): Promise<void>;
  /** Settles when it has ended and all it printed is read. */
  readonly ended: Promise<number | null>;
}

function startKeeper(path: string, count: number): Keeper {
  const child = spawn(process.execPath, [PROGRAM, path, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ids: string[] = [];
  let wanted = { count: Number.POSITIVE_INFINITY, resolve: (): void => {} };
  createInterface({ input: child.stdout }).on('line', (line) => {
    ids.push(line);
    if (ids.length >= wanted.count) wanted.resolve();
  });
  return {
    process: child,
    ids,
    printed: (target) =>
      new Promise((resolve) => {
        wanted = { count: target, resolve };
        if (ids.length >= target) resolve();
      }),
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}

beforeAll(() => {
  buildSync({
    stdin: { contents: SOURCE, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['libsql'],
    outfile: PROGRAM,
    logLevel: 'error',
  });
});
afterAll(() => rmSync(PROGRAM, { force: true }));

describe('several processes', () => {
  it('lose nothing acknowledged when one is killed under load', async () => {
    const path = join(temporaryDirectory(), 'deliveries.db');
    const keeper = startKeeper(path, Number.POSITIVE_INFINITY);
    await keeper.printed(3_000);
    keeper.process.kill('SIGKILL');
    await keeper.ended;
    const acknowledged = keeper.ids.filter((id) => id.length === 30);
    expect(acknowledged.length).toBeGreaterThanOrEqual(3_000);
    const store = temporaryStore(path);
    const bodies = new Map<string, string>();
    for (const { id, request } of store.select(EVERYTHING)) bodies.set(id, Buffer.from(request.body).toString());
    expect(acknowledged.filter((id) => bodies.get(id) !== id.repeat(14))).toEqual([]);
    expect(store.checkIntegrity()).toEqual([]);
    const delivery = deliverySource()();
    await store.keep(delivery);
    expect(store.get(delivery.id)).toStrictEqual(delivery);
  });

  it('begin a store, write and read it at once', async () => {
    const path = join(temporaryDirectory(), '.webhook', 'deliveries.db');
    const keepers = [startKeeper(path, 1_000), startKeeper(path, 1_000)];
    await Promise.all(keepers.map((keeper) => keeper.printed(1)));
    const reader = temporaryStore(path, { readOnly: true });
    const store = temporaryStore(path);
    const next = deliverySource();
    const own: string[] = [];
    let counted = 0;
    while (keepers.some(({ ids }) => ids.length < 1_000)) {
      const acknowledged = keepers.flatMap(({ ids }) => ids);
      const delivery = next();
      await store.keep(delivery);
      own.push(delivery.id);
      const seen = new Set(idsOf(reader.summaries(EVERYTHING)));
      expect([...acknowledged, ...own].filter((id) => !seen.has(id))).toEqual([]);
      expect(seen.size).toBeGreaterThanOrEqual(counted);
      counted = seen.size;
    }
    expect(await Promise.all(keepers.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(idsOf(reader.summaries(EVERYTHING))).toEqual([...keepers.flatMap(({ ids }) => ids), ...own].sort());
    expect(store.checkIntegrity()).toEqual([]);
  });
});

describe('another program that holds the store locked', () => {
  it('is waited for without holding up the event loop', async () => {
    const store = temporaryStore();
    const other = new Database(store.path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    let kept = false;
    const delivery = deliverySource()();
    const keeping = store.keep(delivery).then(() => {
      kept = true;
    });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(kept).toBe(false);
    other.exec('ROLLBACK');
    await keeping;
    expect(store.get(delivery.id)).toStrictEqual(delivery);
  });

  it('leaves nothing half begun that would hold up what is written next', () => {
    const store = temporaryStore();
    const connection = new Connection(store.path, { readOnly: false, mustExist: true, busyTimeout: 0, hurried: true });
    onTestFinished(() => connection.close());
    connection.run('CREATE TABLE noted (a)');
    const other = new Database(store.path);
    onTestFinished(() => void other.close());
    let written = 0;
    for (const given of [() => connection.begin(), () => connection.transact(() => {}), () => connection.vacuum()]) {
      other.exec('BEGIN IMMEDIATE');
      expect(given).toThrow('locked');
      other.exec('ROLLBACK');
      connection.run('INSERT INTO noted VALUES (1)');
      written++;
      expect(other.prepare('SELECT count(*) FROM noted').raw().get()).toEqual([written]);
      other.exec('BEGIN IMMEDIATE; ROLLBACK');
      expect(connection.snapshot(() => connection.first('SELECT count(*) FROM noted'))).toEqual([written]);
    }
  });

  it('is given up on after a while; what comes later is kept', async () => {
    const store = temporaryStore(undefined, { busyTimeout: 20 });
    const other = new Database(store.path);
    onTestFinished(() => void other.close());
    const next = deliverySource();
    other.exec('BEGIN IMMEDIATE');
    const [first, second] = [next(), next()];
    const settled = await Promise.allSettled([store.keep(first), store.keep(second)]);
    expect(settled).toMatchObject(
      [first, second].map(() => ({
        status: 'rejected',
        reason: { code: 'store_unwritable', message: expect.stringContaining('locked') },
      })),
    );
    other.exec('ROLLBACK');
    expect(store.info().deliveries).toBe(0);
    await store.keep(second);
    expect(idsOf(store.select(EVERYTHING))).toEqual([second.id]);
    other.exec('BEGIN IMMEDIATE');
    expect(() => store.remove(EVERYTHING)).toThrow(expect.objectContaining({ code: 'store_unwritable' }));
    other.exec('ROLLBACK');
    expect(store.remove(EVERYTHING)).toBe(1);
  });
});

describe.skipIf(process.platform === 'win32')('a store that is deleted while it is in use', () => {
  it('is begun anew by the next delivery', async () => {
    const store = temporaryStore(join(temporaryDirectory(), '.webhook', 'deliveries.db'));
    const next = deliverySource();
    const [lost, kept, last] = [next(), next(), next()];
    await store.keep(lost);
    rmSync(dirname(store.path), { recursive: true });
    await store.keep(kept);
    expect(idsOf(store.select(EVERYTHING))).toEqual([kept.id]);
    expect(existsSync(join(dirname(store.path), '.gitignore'))).toBe(true);
    rmSync(dirname(store.path), { recursive: true });
    expect(store.remove(EVERYTHING)).toBe(0);
    await store.keep(kept);
    // Only the database: the log of the old one must not be taken for the new one's.
    rmSync(store.path);
    await store.keep(last);
    expect(idsOf(temporaryStore(store.path, { readOnly: true }).select(EVERYTHING))).toEqual([last.id]);
    expect(store.checkIntegrity()).toEqual([]);
  });

  it('fails while it cannot be made, and recovers by itself', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const delivery = next();
    rmSync(store.path);
    mkdirSync(store.path);
    const settled = await Promise.allSettled([store.keep(next()), store.keep(next())]);
    expect(settled).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { code: 'store_unwritable' } })));
    await expect(store.finish('dlv_x', {})).rejects.toMatchObject({ code: 'store_unwritable' });
    rmdirSync(store.path);
    await store.keep(delivery);
    expect(idsOf(store.select(EVERYTHING))).toEqual([delivery.id]);
  });
});
