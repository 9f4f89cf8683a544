import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../src/core/delivery/selector.js';
import { openStore } from '../../src/io/store/store.js';
import { bytesOf, START } from '../io/store/samples.js';
import { type InvokeOptions, invoke, startHere } from '../support/invoke.js';
import { type Project, projectWith } from '../support/keep.js';
import { ndjson } from '../support/running.js';

const NOW: InvokeOptions = { now: () => START + 10_000 };
const sample = (): Promise<Project> =>
  projectWith(
    { event: 'order.created' },
    { event: 'order.updated' },
    { event: 'invoice.paid', provider: 'printone' },
    { event: 'order.created', request: { method: 'POST', path: '/', headers: [], body: bytesOf('{"customer":{"id":456}}') } },
    { event: 'stock.low' },
  );

/** The places of what is left, oldest 0. */
function left({ cwd, kept }: Project): number[] {
  const store = openStore(join(cwd, '.webhook', 'deliveries.db'), { readOnly: true });
  const ids = [...store.summaries(EVERYTHING)].map(({ id }) => id);
  void store.close();
  return ids.map((id) => kept.findIndex((delivery) => delivery.id === id));
}

/** Has these wait for a target, as `forward --queue` does. */
async function queue({ cwd, kept }: Project, ...places: number[]): Promise<void> {
  const store = openStore(join(cwd, '.webhook', 'deliveries.db'));
  const waiting = store.queue('a run');
  for (const place of places) {
    await waiting.add({
      id: kept[place]?.id ?? '',
      target: 'http://localhost:3000',
      remoteAddress: '127.0.0.1',
      protocol: 'http',
      tries: 0,
      begun: false,
    });
  }
  await store.close();
}

describe('prune', () => {
  it.each([
    [
      ['--older-than', '7s'],
      [2, 3, 4],
    ],
    [
      ['--keep', '2'],
      [3, 4],
    ],
    [['--keep', '0'], []],
    [
      ['--event', 'order.*'],
      [2, 4],
    ],
    [
      ['--event', 'order.*', '--keep', '1'],
      [2, 3, 4],
    ],
    [
      ['--provider', 'printone'],
      [0, 1, 3, 4],
    ],
    [
      ['--where', 'customer.id=456'],
      [0, 1, 2, 4],
    ],
    [
      ['--where', 'customer.id=456', '--keep', '1'],
      [0, 1, 2, 3, 4],
    ],
    [
      ['--search', 'CUSTOMER'],
      [0, 1, 2, 4],
    ],
    [['last:2'], [0, 1, 2]],
    [
      ['--limit', '1', '--event', 'order.*'],
      [0, 1, 2, 4],
    ],
    [
      ['--older-than', '1d'],
      [0, 1, 2, 3, 4],
    ],
    [
      ['--keep', '9'],
      [0, 1, 2, 3, 4],
    ],
  ])('%j leaves %j', async (args, places) => {
    const project = await sample();
    const { code, stdout } = await invoke(['prune', '--yes', '--json', ...args], { cwd: project.cwd, ...NOW });
    expect([code, left(project)]).toEqual([0, places]);
    expect(ndjson(stdout)).toEqual([
      expect.objectContaining({
        type: 'pruned',
        deleted: 5 - places.length,
        matching: 5 - places.length,
        spared: 0,
        dryRun: false,
      }),
    ]);
  });

  it('deletes by id, and nothing with --dry-run', async () => {
    const project = await sample();
    const id = project.kept[1]?.id ?? '';
    const dry = await invoke(['prune', id, '--dry-run'], { cwd: project.cwd });
    expect([dry.code, dry.stderr, left(project)]).toEqual([0, '1 delivery would be deleted.\n', [0, 1, 2, 3, 4]]);
    const done = await invoke(['prune', id, '--yes'], { cwd: project.cwd });
    expect([done.code, done.stdout, left(project)]).toEqual([0, '', [0, 2, 3, 4]]);
    expect(done.stderr).toMatch(/^Deleted 1 delivery\. The store has .*B, before it had .*B\.\n$/);
  });

  it('ends when it is interrupted, and says how far it got', async () => {
    const project = await sample();
    const running = startHere(['prune', '--keep', '1', '--yes'], { cwd: project.cwd });
    running.send('SIGINT');
    expect(await running.ended).toMatchObject({
      code: 130,
      stderr: 'error: Interrupted: 0 of 4 deliveries are deleted.\n       Run it again to delete the rest.\n',
    });
    expect(left(project)).toEqual([0, 1, 2, 3, 4]);
  });

  it('says how many, and asks for --yes where there is no terminal', async () => {
    const project = await sample();
    const { code, stderr } = await invoke(['prune', '--keep', '1'], { cwd: project.cwd });
    expect([code, left(project)]).toEqual([2, [0, 1, 2, 3, 4]]);
    expect(stderr).toMatch(/4 deliveries would be deleted[\s\S]*--yes/);
  });

  it.each([
    [[], 'usage', /--older-than/],
    [['--yes'], 'usage', /not said what to delete/],
    [['--keep', '-1', '--yes'], 'usage', /--keep/],
    [['last', '--keep', '1', '--yes'], 'usage', /--keep/],
    [['--older-than', 'long', '--yes'], 'usage', /'long'/],
    [['--event', 'no.such', '--yes'], 'selection_empty', /None of the 5/],
    [['zzz', '--yes'], 'selection_empty', /zzz/],
    [['recorded.json', '--yes'], 'usage', /'recorded.json' is a file/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, code, said) => {
    const project = await sample();
    const { code: exit, stderr } = await invoke(['prune', '--json', ...args], { cwd: project.cwd, ...NOW });
    const [error] = ndjson(stderr);
    expect([exit, error.code, left(project)]).toEqual([2, code, [0, 1, 2, 3, 4]]);
    expect(`${error.message} ${error.hint}`).toMatch(said);
  });

  it('spares what waits for its target, unless it is named', async () => {
    const project = await sample();
    await queue(project, 0, 1);
    const all = await invoke(['prune', '--keep', '1', '--yes'], { cwd: project.cwd });
    expect([all.code, left(project)]).toEqual([0, [0, 1, 4]]);
    expect(all.stderr).toMatch(/Deleted 2 deliveries\..*Spared: 2 that wait for a target/s);
    const named = await invoke(['prune', project.kept[0]?.id ?? '', '--yes'], { cwd: project.cwd });
    expect([named.code, left(project)]).toEqual([0, [1, 4]]);
    expect(named.stderr).toMatch(/1 of them still waits for a target/);
  });

  it('makes the file smaller', async () => {
    const body = bytesOf(`{"text":"${'x'.repeat(20_000)}"}`);
    const project = await projectWith(
      ...Array.from({ length: 300 }, () => ({ request: { method: 'POST', path: '/', headers: [], body } })),
    );
    const file = join(project.cwd, '.webhook', 'deliveries.db');
    const before = statSync(file).size;
    expect((await invoke(['prune', '--keep', '10', '--yes'], { cwd: project.cwd })).code).toBe(0);
    expect(statSync(file).size).toBeLessThan(before / 10);
    const store = openStore(file, { readOnly: true });
    expect([store.count(EVERYTHING), store.checkIntegrity()]).toEqual([10, []]);
    await store.close();
  });
});
