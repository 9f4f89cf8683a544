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

/** A store that writes when it is let. */
function store() {
  const written: string[][] = [];
  let release: Array<(error: unknown) => void> = [];
  return {
    written,
    record(attempts: ReadonlyArray<readonly [string, Attempt]>): Promise<void> {
      written.push(attempts.map(([id]) => id));
      return new Promise((resolve, reject) => {
        release.push((error) => (error === null ? resolve() : reject(error)));
      });
    },
    settle(error: unknown = null): void {
      const some = release;
      release = [];
      for (const one of some) one(error);
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a recorder', () => {
  it('records many at once, in their order, and what came meanwhile after them', async () => {
    const kept = store();
    const recorder = createRecorder(kept);
    let full: Promise<void> | null = null;
    let count = 0;
    while (full === null) full = recorder.add(`dlv_${count++}`, attempt);
    expect([kept.written.length, kept.written[0]?.length]).toEqual([1, count]);
    expect(recorder.add('dlv_meanwhile', attempt)).toBeNull();
    const end = recorder.end();
    kept.settle();
    await turn();
    kept.settle();
    await Promise.all([full, end]);
    expect(kept.written.slice(1)).toEqual([['dlv_meanwhile']]);
    expect(kept.written[0]).toEqual(Array.from({ length: count }, (_, index) => `dlv_${index}`));
  });

  it('has nothing to record where nothing was added', async () => {
    const kept = store();
    await createRecorder(kept).end();
    expect(kept.written).toEqual([]);
  });

  it('counts bytes too, so that large answers do not pile up', async () => {
    const kept = store();
    const recorder = createRecorder(kept);
    const large = { ...attempt, body: Buffer.alloc(3_000_000) };
    expect(recorder.add('dlv_1', large)).toBeNull();
    const full = recorder.add('dlv_2', large);
    expect(full).not.toBeNull();
    kept.settle();
    await full;
  });

  it('tells whoever waits that it failed', async () => {
    const kept = store();
    const recorder = createRecorder(kept);
    recorder.add('dlv_1', attempt);
    const end = recorder.end();
    kept.settle(new Error('the disk is full'));
    await expect(end).rejects.toThrow('the disk is full');
  });
});
