import { openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { responded } from '../io/store/samples.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { ndjson } from '../support/running.js';

describe('store', () => {
  it('says where deliveries are kept, how many, of whom and since when', async () => {
    const { cwd, kept } = await projectWith({ attempts: [responded(200)] }, { provider: null });
    const { code, stdout, stderr } = await invoke(['store'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Path +\S+deliveries\.db\n +Size +\S+ kB\n +Deliveries +2\n/);
    expect(stdout).toMatch(/2 valid, 0 not valid, 0 not checked\n +Attempts +1\n/);
    const [record] = ndjson((await invoke(['store', '--json'], { cwd })).stdout);
    const iso = (place: number): string => new Date(kept[place]?.receivedAt ?? 0).toISOString();
    expect(record).toMatchObject({ type: 'store', deliveries: 2, attempts: 1, queued: 0, oldest: iso(0), newest: iso(1) });
    expect(record.bytes).toBe(statSync(join(cwd, '.webhook', 'deliveries.db')).size);
  });

  it('check: reads all of it', async () => {
    const { cwd } = await projectWith({}, {}, {});
    const { code, stdout } = await invoke(['store', 'check'], { cwd });
    expect([code, stdout]).toEqual([0, '  Store       sound: 3 deliveries, all read\n']);
    expect(ndjson((await invoke(['store', 'check', '--json'], { cwd })).stdout)).toEqual([
      { type: 'check', path: expect.any(String), ok: true, deliveries: 3, problems: [] },
    ]);
  });

  it.each([
    ['DELETE FROM contents WHERE seq = 2', 'Deliveries without a body: 1.'],
    ['DELETE FROM deliveries WHERE content = 2', 'Attempts without a delivery: 1.'],
    ['DELETE FROM attempts', 'Deliveries whose attempts are not all there: 1.'],
    ["UPDATE contents SET body = x'00' WHERE seq = 1", 'Deliveries whose body is not the one they had: 1.'],
    ["UPDATE contents SET headers = 'x' WHERE seq = 3", /A delivery cannot be read, .* one soon after/],
    ["UPDATE deliveries SET status = 'x' WHERE content = 3", /A delivery cannot be read/],
  ])('check: exit 2 and what is wrong after %s', async (sql, problem) => {
    const { cwd } = await projectWith({}, { attempts: [responded(200)] }, {});
    const db = new Database(join(cwd, '.webhook', 'deliveries.db'));
    db.exec(sql);
    db.close();
    const { code, stdout, stderr } = await invoke(['store', 'check', '--json'], { cwd });
    const [record] = ndjson(stdout);
    expect([code, record.ok, ndjson(stderr)[0].code]).toEqual([2, false, 'store_broken']);
    expect(record.problems).toContainEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });

  it('check: exit 2 where bytes of the file were overwritten', async () => {
    const { cwd } = await projectWith(...Array.from({ length: 50 }, () => ({})));
    const file = join(cwd, '.webhook', 'deliveries.db');
    const descriptor = openSync(file, 'r+');
    for (let at = 8_192; at < statSync(file).size; at += 4_096) writeSync(descriptor, Buffer.alloc(64, 0xaa), 0, 64, at);
    const { code, stderr } = await invoke(['store', 'check'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/damaged/)]);
  });

  it('says what to do where there is none, a broken one, or a newer one', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    expect(await invoke(['store'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Nothing has been kept yet/),
    });
    writeFileSync(join(cwd, 'no.db'), 'not a database, but some text that is long enough to be one'.repeat(20));
    expect(await invoke(['store', '--store', 'no.db'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/not a store, or it is damaged[\s\S]*Move the file away/),
    });
    const project = await projectWith({});
    const db = new Database(join(project.cwd, '.webhook', 'deliveries.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    for (const command of [
      ['store', 'check'],
      ['list'],
      ['show', 'last'],
      ['prune', '--keep', '1', '--yes'],
      ['export'],
      ['replay', 'last', '--to', 'http://localhost:1'],
    ]) {
      expect(await invoke(command, { cwd: project.cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/newer version of webhook-cli[\s\S]*npm install/),
      });
    }
    expect(await invoke(['store', 'chekc'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/webhook store check/),
    });
  });
});
