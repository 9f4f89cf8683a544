/** A small disk of its own that is full: a sentence each, and a store that opens and is sound. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import { bytesOf, deliverySource } from '../io/store/samples.js';
import { temporaryFolder } from '../support/folder.js';
import { startListener } from '../support/listener.js';
import { run, start } from '../support/program.js';
import { ndjson } from '../support/running.js';
import { send } from '../support/send.js';

/** Linux has them; only root may. */
const MOUNT = 'mount';
const UNMOUNT = 'umount';
const mounted = (folder: string, megabytes: number): boolean =>
  spawnSync(MOUNT, ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status === 0;

const canMount = ((): boolean => {
  const folder = join(tmpdir(), `webhook-mount-${process.pid}`);
  mkdirSync(folder);
  const can = mounted(folder, 1);
  if (can) execFileSync(UNMOUNT, [folder]);
  rmSync(folder, { recursive: true });
  return can;
})();
if (!canMount) console.warn('SKIPPED: no disk may be mounted here, so that no program was tried on a full one.');

/** A disk that is gone after the test. */
function smallDisk(megabytes: number): string {
  const folder = temporaryFolder();
  expect(mounted(folder, megabytes)).toBe(true);
  onTestFinished(() => void execFileSync(UNMOUNT, ['-l', folder]));
  return folder;
}

/** Fills a disk but for so many kilobytes. */
function fill(disk: string, left: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - left * 1_024));
}

/** Many deliveries of 2 kB, as `webhook export` writes them. */
function exported(count: number): string {
  const next = deliverySource();
  const request = { method: 'POST', path: '/', headers: [], body: bytesOf(`{"text":"${'x'.repeat(2_000)}"}`) } as const;
  return Array.from({ length: count }, () => JSON.stringify(deliveryToJson(next({ request })))).join('\n');
}

const FULL = /^error: The disk is full: nothing more can be kept in .*\n {7}\S/;

/** How many deliveries are kept, once `store check` has found nothing wrong. */
async function soundStore(path: string): Promise<number> {
  const { code, stdout, stderr } = await run(['store', 'check', '--json', '--store', path]);
  expect([code, stderr, ndjson(stdout)[0]?.problems]).toEqual([0, '', []]);
  return ndjson(stdout)[0]?.deliveries;
}

describe.skipIf(!canMount)('on a full disk', () => {
  it('listen answers 503, says so once, and goes on by itself once there is room', async () => {
    const disk = smallDisk(6);
    const path = join(disk, 'd.db');
    const listener = await startListener(start, ['--store', path]);
    const post = async (): Promise<number> => (await send(listener.url, { body: 'x'.repeat(50_000) })).status;
    expect(await post()).toBe(200);
    fill(disk, 500);
    const answers: number[] = [];
    while (answers.filter((status) => status === 503).length < 3 && answers.length < 40) answers.push(await post());
    expect(answers.slice(-3)).toEqual([503, 503, 503]);
    const said = () => listener.running.records.filter(({ type }) => type === 'warning');
    await vi.waitFor(() =>
      expect(said()).toMatchObject([{ code: 'store_unwritable', message: expect.stringMatching(/disk is full/) }]),
    );
    rmSync(join(disk, 'filler'));
    expect([await post(), await post()]).toEqual([200, 200]);
    expect((await listener.stop()).outcome.code).toBe(0);
    expect(await soundStore(path)).toBe(3 + answers.filter((status) => status === 200).length);
  });

  it('export leaves no half a file', async () => {
    const folder = temporaryFolder({ 'many.json': exported(1_000) });
    const store = join(folder, 'd.db');
    await run(['import', 'many.json', '--store', store], { cwd: folder });
    const disk = smallDisk(1);
    for (const output of ['all.json', 'all.har', 'all/']) {
      const { code, stderr } = await run(['export', '--store', store, '-o', join(disk, output)]);
      expect([output, code, stderr]).toEqual([
        output,
        2,
        expect.stringMatching(/^error: '.*' could not be written: .*(full|space)/i),
      ]);
      expect(readdirSync(disk).filter((name) => name.startsWith('.') || name === output)).toEqual([]);
      rmSync(join(disk, 'all'), { recursive: true, force: true });
    }
  });

  it('prune leaves a sound store, and makes room where there is a little', async () => {
    const folder = temporaryFolder({ 'many.json': exported(1_000) });
    const disk = smallDisk(12);
    const path = join(disk, 'd.db');
    await run(['import', 'many.json', '--store', path], { cwd: folder });
    const prune = ['prune', '--keep', '1', '--yes', '--store', path];
    fill(disk, 64);
    expect(await run(prune)).toMatchObject({ code: 2, stderr: expect.stringMatching(FULL) });
    rmSync(join(disk, 'filler'));
    expect(await soundStore(path)).toBe(1_000);
    // Less than the log of all of it would take.
    fill(disk, 1_000);
    expect(await run(prune)).toMatchObject({ code: 0 });
    expect(await soundStore(path)).toBe(1);
  });

  it('import leaves a sound store', async () => {
    const folder = temporaryFolder({ 'many.json': exported(1_000) });
    const small = smallDisk(2);
    const imported = await run(['import', 'many.json', '--store', join(small, 'd.db')], { cwd: folder });
    expect(imported).toMatchObject({ code: 2, stderr: expect.stringMatching(FULL) });
    expect(await soundStore(join(small, 'd.db'))).toBeLessThan(1_000);
  });
});
