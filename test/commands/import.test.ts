import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/delivery/delivery.js';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import { openStore } from '../../src/io/store/store.js';
import { deliveries } from '../core/delivery/arbitrary.js';
import { deliverySource, temporaryDirectory } from '../io/store/samples.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { ndjson } from '../support/running.js';

const textOf = (delivery: Delivery): string => JSON.stringify(deliveryToJson(delivery));
const next = deliverySource();
const signed = {
  startedDateTime: '2026-11-22T14:02:11.123Z',
  time: 1,
  request: {
    method: 'POST',
    url: 'https://example.com/hooks',
    headers: [{ name: 'X-Webhook-Signature', value: 'a'.repeat(64) }],
    postData: { mimeType: 'application/json', text: '{"id":"wh_1","event":"order.created","timestamp":"2026-11-22T14:02:11Z"}' },
  },
  response: { status: 204, headers: [], content: { size: 0, mimeType: '' } },
};

describe('import', () => {
  it('brings back what was exported: exporting it again gives the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(deliveries, { minLength: 1, maxLength: 5, selector: ({ id }) => id }), async (all) => {
        const cwd = temporaryDirectory();
        const store = openStore(join(cwd, 'a.db'));
        await Promise.all(all.map((delivery) => store.keep(delivery, { duplicates: false })));
        await store.close();
        for (const [from, to, output] of [
          ['a.db', 'b.db', 'list.json'],
          ['a.db', 'c.db', 'folder/'],
        ] as const) {
          expect((await invoke(['export', '--store', from, '-o', output], { cwd })).code).toBe(0);
          expect((await invoke(['import', output, '--store', to], { cwd })).code).toBe(0);
          const again = await invoke(['export', '--store', to], { cwd });
          const first = await invoke(['export', '--store', from], { cwd });
          expect(again.stdout).toBe(first.stdout);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('passes over what is kept already, and what stands twice', async () => {
    const { cwd, kept } = await projectWith({}, {});
    const [one, two] = kept.map(textOf);
    writeFileSync(join(cwd, 'a.json'), `[${one},${textOf(next({ receivedAt: 5 }))},${two}]`);
    const told = await invoke(['import', 'a.json', 'a.json', '--json'], { cwd });
    expect(told.code).toBe(0);
    expect(ndjson(told.stdout)).toEqual([{ type: 'imported', imported: 1, skipped: 5, failed: 0 }]);
    expect(ndjson((await invoke(['list', '--json'], { cwd })).stdout)).toHaveLength(3);
  });

  it('finds out whose the requests of an archive are, and which repeat others', async () => {
    const archive = { log: { entries: [signed, { ...signed, startedDateTime: '2026-11-22T14:02:12Z' }] } };
    const cwd = temporaryFolder({ 'a.har': JSON.stringify(archive) });
    expect((await invoke(['import', 'a.har', '--store', 'x.db'], { cwd })).stderr).toContain('Imported 2 deliveries from a.har.');
    const [first, second] = ndjson((await invoke(['list', '--json', '--store', 'x.db'], { cwd })).stdout);
    expect(first).toMatchObject({ origin: 'imported', provider: 'connect2print', event: 'order.created', eventId: 'wh_1' });
    expect([first.duplicateOf, second.duplicateOf]).toEqual([null, first.id]);
    expect(first.id.slice(0, 10)).toBe('dlv_01M81S');
    const again = await invoke(['import', 'a.har', '--store', 'x.db'], { cwd });
    expect(again.stderr).toContain('Imported 0 deliveries from a.har; 2 were kept already.');
  });

  it('takes --provider where headers do not tell', async () => {
    const bare = { ...signed, request: { ...signed.request, headers: [] } };
    const cwd = temporaryFolder({ 'a.har': JSON.stringify({ log: { entries: [bare] } }) });
    await invoke(['import', 'a.har', '--provider', 'connect2print', '--store', 'x.db'], { cwd });
    expect(ndjson((await invoke(['list', '--json', '--store', 'x.db'], { cwd })).stdout)).toMatchObject([{ eventId: 'wh_1' }]);
  });

  it('keeps what is whole of a damaged file, says what is not, and exits 2', async () => {
    const [one, two] = [textOf(next()), textOf(next())];
    const cwd = temporaryFolder({ 'a.json': `[${one},{"x":1},${two},{"id`, 'b.json': 'nonsense' });
    const { code, stdout } = await invoke(['import', 'a.json', 'b.json', '--store', 'x.db', '--json'], { cwd });
    const records = ndjson(stdout);
    expect([code, records.at(-1)]).toEqual([2, { type: 'imported', imported: 2, skipped: 0, failed: 3 }]);
    expect(records.slice(0, -1).map(({ type, message }) => [type, message])).toEqual([
      ['warning', 'a.json, number 2: It is neither a delivery nor a request that another program recorded.'],
      ['warning', 'a.json: The file ends in the middle: it was cut off, and 3 whole deliveries stand before that.'],
      ['warning', 'b.json, number 1: It is not JSON.'],
    ]);
    expect(readFileSync(join(cwd, 'b.json'), 'utf8')).toBe('nonsense');
  });

  it('reads what is piped in', async () => {
    const cwd = temporaryFolder();
    const { code } = await invoke(['import', '-', '--store', 'x.db'], { cwd, input: `${textOf(next())}\n${textOf(next())}\n` });
    expect(code).toBe(0);
    expect(ndjson((await invoke(['list', '--json', '--store', 'x.db'], { cwd })).stdout)).toHaveLength(2);
  });

  it('says how far it got where it cannot go on, and goes on when it is run again', async () => {
    const cwd = temporaryFolder({ 'a.json': `[${textOf(next())},${textOf(next())}]` });
    const ended = await invoke(['import', 'a.json', 'b.json', '--store', 'x.db'], { cwd });
    expect([ended.code, ended.stderr]).toEqual([
      2,
      expect.stringMatching(/^error: There is no file 'b\.json'\.\n.* 2 were imported before, and stay\./),
    ]);
    writeFileSync(join(cwd, 'b.json'), `[${textOf(next())}]`);
    const again = await invoke(['import', 'a.json', 'b.json', '--store', 'x.db'], { cwd });
    expect([again.code, again.stderr]).toEqual([0, 'Imported 1 delivery from a.json, b.json; 2 were kept already.\n']);
  });

  it('ends when it is interrupted, and says so', async () => {
    const cwd = temporaryFolder({ 'a.json': `[${textOf(next())}]` });
    for (const from of ['a.json', '-']) {
      const running = startHere(['import', from, '--store', 'x.db'], { cwd, ...(from === '-' ? { input: textOf(next()) } : {}) });
      running.send('SIGINT');
      expect(await running.ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/^error: Interrupted/) });
    }
    expect((await invoke(['store', 'check', '--store', 'x.db'], { cwd })).code).toBe(0);
    expect((await invoke(['import', 'a.json', '--store', 'x.db'], { cwd })).code).toBe(0);
  });

  it('says that there is no such file', async () => {
    const { code, stderr } = await invoke(['import', 'none.json', '--store', 'x.db']);
    expect([code, stderr]).toEqual([2, expect.stringContaining("There is no file 'none.json'.")]);
  });
});
