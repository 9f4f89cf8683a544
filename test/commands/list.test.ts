import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer, Delivery } from '../../src/core/delivery/delivery.js';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import type { Store } from '../../src/io/store/store.js';
import { bytesOf, deliverySource, refused, responded, START, temporaryStore } from '../io/store/samples.js';
import { temporaryFolder } from '../support/folder.js';
import { type InvokeOptions, invoke, startHere } from '../support/invoke.js';
import { type Project, projectWith } from '../support/keep.js';
import { ndjson } from '../support/running.js';

const request = (body: string): { method: string; path: string; headers: []; body: Uint8Array } => ({
  method: 'POST',
  path: '/hooks',
  headers: [],
  body: bytesOf(body),
});
const sample = (): Promise<Project> =>
  projectWith(
    { event: 'order.created', eventId: 'wh_1' },
    { event: 'order.updated', verdict: { status: 'invalid', reason: 'mismatch', message: 'It does not match.', diagnosis: [] } },
    { event: 'invoice.paid', provider: 'printone', attempts: [responded(200), refused()] },
    {
      event: null,
      provider: null,
      request: request('needle in a haystack'),
      verdict: { status: 'unchecked', reason: 'no_secret', message: 'No secret.', diagnosis: [] },
    },
    { event: 'stock.low', attempts: [responded(500)], request: request('{"NEEDLE":1}') },
  );
const NOW: InvokeOptions = { now: () => START + 6_000 };

/** Which of the kept deliveries a selection is: their places, oldest 0. */
async function selected({ cwd, kept }: Project, args: readonly string[]): Promise<number[]> {
  const { stdout } = await invoke(['list', '--json', ...args], { cwd, ...NOW });
  return ndjson(stdout).map(({ id }) => kept.findIndex((delivery) => delivery.id === id));
}

describe('list', () => {
  it.each([
    [[], [0, 1, 2, 3, 4]],
    [['last'], [4]],
    [['last:2'], [3, 4]],
    [['last:99'], [0, 1, 2, 3, 4]],
    [
      ['--limit', '2'],
      [3, 4],
    ],
    [
      ['--event', 'order.*'],
      [0, 1],
    ],
    [['--event', 'order.*,!order.updated'], [0]],
    [
      ['--event', '*.paid,stock.*'],
      [2, 4],
    ],
    [['--provider', 'printone'], [2]],
    [['--status', 'invalid'], [1]],
    [['--status', 'unchecked'], [3]],
    [['--failed'], [2, 4]],
    [
      ['--search', 'needle'],
      [3, 4],
    ],
    [['--search', 'haystack'], [3]],
    [['--where', 'NEEDLE=1'], [4]],
    [
      ['--where', 'total=499.00', '--limit', '2'],
      [1, 2],
    ],
    [['--where', 'total=499.00', '--where', '/total=499.00', '--failed'], [2]],
    [
      ['--where', 'total=499', '--limit', '2'],
      [1, 2],
    ],
    [['--where', 'total=4990'], []],
    [
      ['--since', '3500ms'],
      [2, 3, 4],
    ],
    [
      ['--since', new Date(START + 3_000).toISOString(), '--until', new Date(START + 5_000).toISOString()],
      [2, 3],
    ],
    [['--since', '1h', '--failed', '--limit', '1'], [4]],
    [
      ['last:2', '--failed'],
      [2, 4],
    ],
  ])('%j', async (args, places) => {
    expect(await selected(await sample(), args)).toEqual(places);
  });

  it('takes ids and unique prefixes of them, in any case', async () => {
    const project = await sample();
    const [first, , third] = project.kept.map(({ id }) => id);
    expect(await selected(project, [first ?? '', third?.toLowerCase() ?? ''])).toEqual([0, 2]);
  });

  it('gives whole deliveries as JSON, one a line, oldest first', async () => {
    const { cwd, kept } = await sample();
    const { stdout, stderr } = await invoke(['list', '--json'], { cwd, ...NOW });
    expect([ndjson(stdout), stderr]).toEqual([kept.map((delivery) => JSON.parse(JSON.stringify(deliveryToJson(delivery)))), '']);
  });

  it('is a table for a person, newest last, of the newest 50', async () => {
    const { cwd } = await projectWith(...Array.from({ length: 60 }, (_, index) => ({ event: `event.${index}` })));
    const paged = await invoke(['list'], { cwd, ...NOW });
    const rows = paged.stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(51);
    expect([rows[1], rows.at(-1)]).toEqual([expect.stringContaining('event.10 '), expect.stringContaining('event.59 ')]);
    expect(paged.stderr).toMatch(/newest 50 of 60 .*--limit <n> or --all/);
    const all = await invoke(['list', '--all'], { cwd, ...NOW });
    expect(all.stdout.trimEnd().split('\n')).toHaveLength(61);
    expect(all.stderr).toBe('');
    expect((await invoke(['list', '--quiet'], { cwd, ...NOW })).stderr).toBe('');
  });

  it('lists what is in files and folders as it does what is kept', async () => {
    const { cwd, kept } = await sample();
    await invoke(['export', '-o', 'recorded/'], { cwd, ...NOW });
    const table = await invoke(['list'], { cwd, ...NOW });
    const elsewhere = await invoke(['list', 'recorded', '--store', 'none.db'], { cwd, ...NOW });
    expect([elsewhere.code, elsewhere.stdout]).toEqual([0, table.stdout]);
    const { stdout } = await invoke(['list', 'recorded/', '--json'], { cwd, ...NOW });
    expect(ndjson(stdout).map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
    for (const args of [['recorded/', '--follow'], ['recorded/', '--failed'], ['recorded/', 'last'], ['gone.json']]) {
      expect(await invoke(['list', ...args], { cwd, ...NOW })).toMatchObject({ code: 2, stdout: '' });
    }
    writeFileSync(join(cwd, 'none.json'), '[]');
    expect((await invoke(['list', 'none.json'], { cwd })).stderr).toContain('There is no delivery in none.json.');
  });

  it.each([80, 120])('fits a terminal of %i columns', async (columns) => {
    const { cwd } = await sample();
    const { stdout } = await invoke(['list', '--no-color'], { cwd, columns, ...NOW });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(stdout).toContain('order.created');
  });

  it.each([
    [['--status', 'good'], 'usage', /valid, invalid or unchecked, not 'good'/],
    [['--limit', '0'], 'usage', /--limit/],
    [['last:0'], 'usage', /last:n/],
    [['last', 'dlv_1'], 'usage', /stands alone/],
    [['--since', 'whenever'], 'usage', /2h for two hours ago, yesterday, 2026-11-22 or 2026-11-22T14/],
    [['--event', ''], 'usage', /./],
    [['--where', 'total'], 'usage', /total=12|customer.id=456/],
    [['zzzz'], 'selection_empty', /zzzz/],
    [['d'], 'selection_ambiguous', /begin with/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, code, said) => {
    const { cwd } = await sample();
    const { code: exit, stdout, stderr } = await invoke(['list', '--json', ...args], { cwd, ...NOW });
    expect([exit, stdout]).toEqual([2, '']);
    const [error] = ndjson(stderr);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/\S/) });
    expect(`${error.message} ${error.hint}`).toMatch(said);
  });

  it('says that nothing matches, and that nothing is kept; for a program that asks for all, an empty list is a list', async () => {
    const { cwd } = await sample();
    const none = await invoke(['list', '--event', 'nothing.like.it'], { cwd });
    expect(none).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('None of the 5 kept deliveries matches.'),
    });
    expect(none.stderr).toMatch(/invoice\.paid, order\.created, order\.updated, stock\.low/);
    const hintOf = async (...args: string[]): Promise<string> => (await invoke(['list', ...args], { cwd })).stderr;
    expect(await hintOf('--provider', 'stripe')).toContain('Their providers: ');
    expect(await hintOf('--since', '2100-01-01')).toMatch(/The newest came in at 2026-11-22T14:02:\d\d\.\d{3}Z\./);
    expect(await hintOf('--until', '2001-01-01')).toMatch(/The oldest came in at 2026-11-22T14:02:\d\d\.\d{3}Z\./);
    const json = await invoke(['list', '--event', 'nothing.like.it', '--json'], { cwd });
    expect([json.code, json.stdout, ndjson(json.stderr)]).toEqual([
      2,
      '',
      [expect.objectContaining({ code: 'selection_empty' })],
    ]);
    const bare = await projectWith();
    expect(await invoke(['list', '--json'], { cwd: bare.cwd })).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const empty = await invoke(['list'], { cwd: temporaryFolder({ 'package.json': '{}' }) });
    expect(empty).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/Nothing has been kept yet.*\n +.*webhook listen/),
    });
  });

  describe('--follow', () => {
    const stored = ({ cwd }: Project): Store => temporaryStore(join(cwd, '.webhook', 'deliveries.db'));

    it('goes on with what others keep, once it is answered, and ends with 0 when it is interrupted', async () => {
      const project = await projectWith({ event: 'order.created' });
      const store = stored(project);
      const next = deliverySource();
      const later = (event: string, response: Answer | null): Delivery => next({ event, receivedAt: START + 60_000, response });
      const answer: Answer = { status: 200, headers: [], body: bytesOf('ok'), durationMs: 1 };
      const following = startHere(['list', '-F', '--json', '--event', 'order.*'], { cwd: project.cwd });
      await following.record(({ event }) => event === 'order.created');
      const slow = later('order.slow', null);
      await Promise.all([slow, later('stock.low', answer), later('order.quick', answer)].map((one) => store.keep(one)));
      await following.record(({ event }) => event === 'order.quick');
      await store.finish(slow.id, { response: answer });
      const record = await following.record(({ event }) => event === 'order.slow');
      expect(record.response.status).toBe(200);
      following.send('SIGINT');
      const { code, stdout } = await following.ended;
      expect([code, ndjson(stdout).map(({ event }) => event)]).toEqual([0, ['order.created', 'order.quick', 'order.slow']]);
    });

    it('waits where nothing is kept yet, and writes a table for a person', async () => {
      const cwd = temporaryFolder({ 'package.json': '{}' });
      const following = startHere(['list', '--follow'], { cwd });
      const store = temporaryStore(join(cwd, '.webhook', 'deliveries.db'));
      const next = deliverySource();
      const keeping = setInterval(() => void store.keep(next({ attempts: [responded(200)] })), 20);
      await following.line('stdout', (line) => line.includes('order.created'));
      clearInterval(keeping);
      following.send('SIGINT');
      expect(await following.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Time +Id[\s\S]*order\.created/) });
    });
  });
});
