/** `listen` where the machine gives out: it answers 503 or goes on, says so once, and recovers by itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { type Listener, startListener } from '../support/listener.js';
import { packedProgram, run, start, startProgram } from '../support/program.js';
import { type Json, ndjson, type Running } from '../support/running.js';
import { send } from '../support/send.js';
import { dial, rest } from '../support/wire.js';

type Process = Running & { readonly pid: number };

const project = (): string => temporaryFolder({ 'package.json': '{}' });
const warnings = ({ running }: Listener<Process>, code: string): Json[] =>
  running.records.filter((record) => record.type === 'warning' && record.code === code);
/** The same once there is one: lines go out a few milliseconds after what they tell of. */
const told = (listener: Listener<Process>, code: string): Promise<Json[]> =>
  vi.waitFor(() => {
    const found = warnings(listener, code);
    expect(found).not.toEqual([]);
    return found;
  });
const status = async ({ url }: Listener<Process>, path: string, body = '{}'): Promise<number> =>
  (await send(url + path, { body })).status;

/** The paths of what is kept, in order. */
async function kept(cwd: string): Promise<string[]> {
  return ndjson((await run(['list', '--all', '--json'], { cwd })).stdout).map(({ request }) => request.path);
}

/** `webhook listen` in a shell that bounds what it may use. */
function bounded(limit: string, cwd: string): Promise<Listener<Process>> {
  const shell = (args: readonly string[], options: Parameters<typeof start>[1] = {}): Process =>
    startProgram('sh', ['-c', `ulimit ${limit} && exec "$@"`, 'sh', process.execPath, packedProgram(), ...args], options);
  return startListener(shell, [], { cwd });
}

/** Changes the limits of a process that runs; Linux has it. */
const LIFTER = 'prlimit';
const posix = process.platform !== 'win32';

describe('the store', () => {
  it.skipIf(!posix)('deleted while it listens is begun anew', async () => {
    const cwd = project();
    const listener = await startListener(start, [], { cwd });
    expect(await status(listener, '/before')).toBe(200);
    rmSync(join(cwd, '.webhook'), { recursive: true });
    expect(await status(listener, '/after')).toBe(200);
    await listener.stop();
    expect(await kept(cwd)).toEqual(['/after']);
  });

  it.skipIf(!posix)('that cannot be opened any more is 503, told once; it goes on once it can', async () => {
    const cwd = project();
    const folder = join(cwd, '.webhook');
    const listener = await startListener(start, [], { cwd });
    expect(await status(listener, '/before')).toBe(200);
    // Root may write what is read-only; nobody may make a folder where a file stands.
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, '');
    for (let i = 0; i < 5; i++) expect(await status(listener, '/refused')).toBe(503);
    expect(await told(listener, 'store_unwritable')).toHaveLength(1);
    rmSync(folder);
    renameSync(`${folder}-away`, folder);
    for (let i = 0; i < 2; i++) expect(await status(listener, '/after')).toBe(200);
    expect(warnings(listener, 'store_unwritable')).toHaveLength(1);
    const { outcome } = await listener.stop();
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(await kept(cwd)).toEqual(['/before', '/after', '/after']);
  });

  it.skipIf(!posix)(
    'that cannot be opened any more, noticed while the app has a delivery: 503, said, and no more go out',
    async () => {
      const cwd = project();
      const folder = join(cwd, '.webhook');
      const app = await startApp();
      const listener = await startListener(start, ['--forward-to', app.url], { cwd });
      expect(await status(listener, '/before')).toBe(200);
      renameSync(folder, `${folder}-away`);
      writeFileSync(folder, '');
      for (let i = 0; i < 3; i++) expect(await status(listener, '/refused')).toBe(503);
      const [said] = await told(listener, 'forwarded_not_kept');
      expect(said?.message).toContain(`reached ${app.url}/refused, but could not be kept; its sender got 503.`);
      rmSync(folder);
      renameSync(`${folder}-away`, folder);
      for (let i = 0; i < 2; i++) expect(await status(listener, '/after')).toBe(200);
      expect(app.requests.map(({ path }) => path)).toEqual(['/before', '/refused', '/after', '/after']);
      const { outcome } = await listener.stop();
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(warnings(listener, 'forwarded_not_kept')).toHaveLength(1);
      expect(await kept(cwd)).toEqual(['/before', '/after', '/after']);
    },
  );

  const canLift = posix && spawnSync(LIFTER, ['--version']).status === 0;
  it.skipIf(!canLift)('on a full disk is 503, told once; it goes on once there is room', async () => {
    const cwd = project();
    // Files of at most 1 MB.
    const listener = await bounded('-S -f 2048', cwd);
    const body = 'x'.repeat(200_000);
    const answers: number[] = [];
    while (answers.at(-1) !== 503 && answers.length < 20) answers.push(await status(listener, `/${answers.length}`, body));
    const taken = answers.length - 1;
    expect(taken).toBeGreaterThan(0);
    expect(answers.at(-1)).toBe(503);
    expect(await status(listener, '/refused', body)).toBe(503);
    expect(await told(listener, 'store_unwritable')).toHaveLength(1);
    execFileSync(LIFTER, ['--pid', String(listener.running.pid), '--fsize=unlimited:']);
    expect(await status(listener, '/room', body)).toBe(200);
    const { outcome } = await listener.stop();
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(await kept(cwd)).toEqual([...Array.from({ length: taken }, (_, number) => `/${number}`), '/room']);
    expect((await run(['store', 'check'], { cwd })).code).toBe(0);
  });
});

describe('connections', () => {
  it.skipIf(process.platform !== 'linux')(
    'more than there are files for are refused, told once; what is kept is kept',
    async () => {
      const cwd = project();
      const listener = await bounded('-n 64', cwd);
      const port = Number(new URL(listener.url).port);
      expect(await status(listener, '/before')).toBe(200);
      const held = await Promise.all(Array.from({ length: 100 }, () => dial(port)));
      const closed = held.map(rest);
      await listener.running.record(({ code }) => code === 'overloaded');
      // One that was let in is served as ever, and its delivery kept: there are files left for that.
      const inside = held.find(({ readyState }) => readyState === 'open');
      inside?.write('POST /inside HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}');
      expect(
        await Promise.race(
          closed.map(async (text) => ((await text).startsWith('HTTP/1.1 200') ? 'served' : new Promise(() => {}))),
        ),
      ).toBe('served');
      for (const socket of held) socket.destroy();
      await Promise.all(closed);
      // The end of a connection is noticed there a moment later than here.
      let answer = 0;
      while (answer !== 200) answer = await status(listener, '/after').catch(() => 0);
      expect(await told(listener, 'overloaded')).toHaveLength(1);
      const { outcome } = await listener.stop();
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(await kept(cwd)).toEqual(['/before', '/inside', '/after']);
    },
  );
});
