import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import { openStore } from '../../../src/io/store/store.js';
import { deliverySource, idsOf, temporaryDirectory, temporaryStore } from './samples.js';

const POSIX = process.platform !== 'win32';

function failing(code: string): unknown {
  return expect.objectContaining({ code });
}

/** A store of one delivery that was closed. */
async function writtenStore(): Promise<string> {
  const store = temporaryStore();
  await store.keep(deliverySource()());
  await store.close();
  return store.path;
}

describe('openStore', () => {
  it('makes the store and its directories, for the owner only, with a .gitignore in a new .webhook', async () => {
    const root = temporaryDirectory();
    const store = temporaryStore(join(root, 'deep', '.webhook', 'deliveries.db'));
    await store.keep(deliverySource()());
    const directory = join(root, 'deep', '.webhook');
    expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(['deliveries.db', 'deliveries.db-shm', 'deliveries.db-wal']));
    if (POSIX) {
      expect(statSync(directory).mode & 0o777).toBe(0o700);
      for (const name of ['deliveries.db', 'deliveries.db-shm', 'deliveries.db-wal']) {
        expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
      }
    }
  });

  it.skipIf(process.platform !== 'linux')('ends where a system answers as if a parent were missing', () => {
    expect(() => openStore('/proc/nowhere/x/d.db')).toThrow(failing('store_unwritable'));
  });

  it('leaves another directory as it is', () => {
    const root = temporaryDirectory();
    temporaryStore(join(root, 'deliveries.db'));
    expect(existsSync(join(root, '.gitignore'))).toBe(false);
    mkdirSync(join(root, '.webhook'));
    writeFileSync(join(root, '.webhook', '.gitignore'), 'mine\n');
    temporaryStore(join(root, '.webhook', 'deliveries.db'));
    expect(readFileSync(join(root, '.webhook', '.gitignore'), 'utf8')).toBe('mine\n');
  });

  it.each(['a b%20c?x=1#y.db', 'http:x.db', 'ünï.db'])('takes %j for a file like any other', async (name) => {
    if (!POSIX && /[?:]/.test(name)) return;
    const root = temporaryDirectory();
    const path = join(root, name);
    const delivery = deliverySource()();
    await temporaryStore(path).keep(delivery);
    expect(readdirSync(root)).toContain(name);
    expect(temporaryStore(path, { readOnly: true }).get(delivery.id)).toStrictEqual(delivery);
  });

  it.each([{ mustExist: true }, { readOnly: true }])('with %j says that nothing is kept yet, and makes nothing', (options) => {
    const root = temporaryDirectory();
    expect(() => openStore(join(root, '.webhook', 'deliveries.db'), options)).toThrow(
      expect.objectContaining({
        code: 'store_unreadable',
        message: expect.stringContaining('Nothing has been kept yet'),
        hint: expect.stringContaining('webhook listen'),
      }),
    );
    expect(readdirSync(root)).toEqual([]);
  });

  it('refuses what is not a store, and leaves it untouched', async () => {
    const root = temporaryDirectory();
    const text = join(root, 'notes.txt');
    writeFileSync(text, 'a note\n'.repeat(100));
    const foreign = join(root, 'other.db');
    const db = new Database(foreign);
    db.exec('CREATE TABLE theirs (a)');
    db.close();
    const before = readFileSync(foreign);
    for (const path of [text, foreign]) {
      expect(() => openStore(path)).toThrow(failing('store_broken'));
      expect(() => openStore(path, { readOnly: true })).toThrow(failing('store_broken'));
    }
    expect(readFileSync(text, 'utf8')).toBe('a note\n'.repeat(100));
    expect(readFileSync(foreign).equals(before)).toBe(true);
    expect(() => openStore(root)).toThrow(failing('store_unwritable'));
    expect(() => openStore(root, { readOnly: true })).toThrow(failing('store_unreadable'));
    expect(() => openStore(join(text, 'deliveries.db'))).toThrow(failing('store_unwritable'));
  });

  it('tells a damaged store', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    await Promise.all(Array.from({ length: 300 }, () => store.keep(next())));
    await store.close();
    const bytes = readFileSync(store.path);
    bytes.fill(0xee, 8_192, 60_000);
    writeFileSync(store.path, bytes);
    const damaged = temporaryStore(store.path);
    expect(damaged.checkIntegrity().length).toBeGreaterThan(0);
    expect(() => [...damaged.select(EVERYTHING)]).toThrow(failing('store_broken'));
    truncateSync(store.path, 50);
    expect(() => openStore(store.path)).toThrow(failing('store_broken'));
  });

  it('refuses a newer store, to write and to read', async () => {
    const path = await writtenStore();
    const db = new Database(path);
    db.exec('PRAGMA user_version = 999');
    db.close();
    for (const options of [{}, { readOnly: true }]) {
      expect(() => openStore(path, options)).toThrow(
        expect.objectContaining({ code: 'store_newer', hint: expect.stringContaining('npm install') }),
      );
    }
  });

  it.runIf(POSIX && process.getuid?.() !== 0)(
    'says what may not be written or read, and reads what may not be written',
    async () => {
      const path = await writtenStore();
      chmodSync(path, 0o400);
      expect(() => openStore(path)).toThrow(failing('store_unwritable'));
      expect(temporaryStore(path, { readOnly: true }).count(EVERYTHING)).toBe(1);
      chmodSync(join(path, '..'), 0o500);
      expect(temporaryStore(path, { readOnly: true }).count(EVERYTHING)).toBe(1);
      chmodSync(path, 0o000);
      expect(() => openStore(path, { readOnly: true })).toThrow(failing('store_unreadable'));
      chmodSync(join(path, '..'), 0o700);
    },
  );
});

describe('a store opened to read', () => {
  it('sees what another keeps meanwhile, and writes nothing itself', async () => {
    const store = temporaryStore();
    const next = deliverySource();
    const [first, second] = [next(), next()];
    await store.keep(first);
    const reader = temporaryStore(store.path, { readOnly: true });
    expect(idsOf(reader.select(EVERYTHING))).toEqual([first.id]);
    await store.keep(second);
    expect(reader.get(second.id)).toStrictEqual(second);
    await expect(reader.keep(next())).rejects.toMatchObject({ code: 'store_unwritable' });
    await expect(reader.finish(first.id, {})).rejects.toMatchObject({ code: 'store_unwritable' });
    expect(() => reader.remove(EVERYTHING)).toThrow(failing('store_unwritable'));
    expect(reader.info().deliveries).toBe(2);
  });

  it('finds an empty store where the file was made and nothing more', () => {
    const path = join(temporaryDirectory(), 'deliveries.db');
    writeFileSync(path, '');
    expect(temporaryStore(path, { readOnly: true }).count(EVERYTHING)).toBe(0);
  });
});
