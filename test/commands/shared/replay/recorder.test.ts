import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../../src/commands/shared/replay/recorder.js';
import type { Attempt } from '../../../../src/core/delivery/delivery.js';

const attempt: Attempt = {
  target: 'http://localhost:3000/',
  startedAt: 0,
  durationMs: 1,
  replay: true,
  outcome: 'responded',
  status: 200,
  headers: [],
  body: Buffer.from('ok'),
};

/** A store, and its thread, that write when they are let. */
function store() {
  const [written, inThread]: [string[][], string[]] = [[], []];
  const pending: Array<(error: unknown) => void> = [];
  let [opened, closed] = [0, 0];
  const later = (): Promise<void> =>
    new Promise((resolve, reject) => {
      pending.push((error) => (error === null ? resolve() : reject(error)));
    });
  return {
    written,
    inThread,
    record(attempts: ReadonlyArray<readonly [string, Attempt]>): Promise<void> {
      written.push(attempts.map(([id]) => id));
      return later();
    },
    open: async () => {
      opened++;
      return {
        finish(id: string): Promise<void> {
          inThread.push(id);
          return later();
        },
        async close(): Promise<void> {
          closed++;
        },
      };
    },
    get threads() {
      return [opened, closed];
    },
    settle(error: unknown = null): void {
      for (const one of pending.splice(0)) one(error);
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a recorder', () => {
  it('records a few at once at the end, without a thread', async () => {
    const kept = store();
    const recorder = createRecorder(kept, kept.open);
    for (const id of ['dlv_1', 'dlv_2', 'dlv_3']) expect(recorder.add(id, attempt)).toBeNull();
    const end = recorder.end();
    kept.settle();
    await end;
    expect([kept.written, kept.inThread, kept.threads]).toEqual([[['dlv_1', 'dlv_2', 'dlv_3']], [], [0, 0]]);
  });

  it('has a thread record many, in their order, and has those wait who bring ever more', async () => {
    const kept = store();
    const recorder = createRecorder(kept, kept.open);
    const ids: string[] = [];
    let full: Promise<void> | null = null;
    while (full === null) {
      ids.push(`dlv_${ids.length}`);
      full = recorder.add(`dlv_${ids.length - 1}`, attempt);
    }
    const end = recorder.end();
    let ended = false;
    void end.then(() => {
      ended = true;
    });
    while (!ended) {
      await turn();
      kept.settle();
    }
    await full;
    expect([kept.written, kept.inThread, kept.threads]).toEqual([[], ids, [1, 1]]);
  });

  it('has nothing to record where nothing was added', async () => {
    const kept = store();
    await createRecorder(kept, kept.open).end();
    expect(kept.written).toEqual([]);
  });

  it('counts bytes too, so that large answers do not pile up', () => {
    const kept = store();
    const recorder = createRecorder(kept, kept.open);
    const large = { ...attempt, body: Buffer.alloc(5_000_000) };
    expect(recorder.add('dlv_1', large)).toBeNull();
    expect(kept.written).toEqual([['dlv_1']]);
  });

  it('tells whoever waits, and whoever comes, that it failed', async () => {
    const kept = store();
    const recorder = createRecorder(kept, kept.open);
    recorder.add('dlv_1', { ...attempt, body: Buffer.alloc(5_000_000) });
    kept.settle(new Error('the disk is full'));
    await turn();
    expect(() => recorder.add('dlv_2', attempt)).toThrow('the disk is full');
    await expect(recorder.end()).rejects.toThrow('the disk is full');
  });
});
