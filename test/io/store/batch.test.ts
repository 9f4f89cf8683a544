import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import { GroupCommit, type Transaction } from '../../../src/io/store/batch.js';

/** A transaction that writes down what is asked of it, and fails as it is told. */
function recorder(fail: Partial<Record<'begin' | 'commit', () => Error | null>> = {}): {
  log: string[];
  transaction: Transaction;
} {
  const log: string[] = [];
  const step = (name: 'begin' | 'commit') => (): void => {
    log.push(name);
    const error = fail[name]?.() ?? null;
    if (error !== null) throw error;
  };
  return {
    log,
    transaction: {
      begin: step('begin'),
      commit: step('commit'),
      rollback: () => void log.push('rollback'),
      isBusy: (error) => error instanceof Error && error.message === 'busy',
      explain: (error) => new WebhookError('store_unwritable', String(error)),
    },
  };
}

describe('GroupCommit', () => {
  it('commits together what arrives in the same turn, in order, and settles only then', async () => {
    const { log, transaction } = recorder();
    const group = new GroupCommit(transaction, 0);
    const add = (name: string): Promise<void> =>
      group.add(1, () => void log.push(name)).then(() => void log.push(`${name} kept`));
    await Promise.all([add('a'), Promise.resolve().then(() => add('b')), add('c')]);
    await add('d');
    expect(log).toEqual(['begin', 'a', 'c', 'b', 'commit', 'a kept', 'c kept', 'b kept', 'begin', 'd', 'commit', 'd kept']);
  });

  it('bounds a batch by count and by bytes, and takes one job however large', async () => {
    const { log, transaction } = recorder();
    const group = new GroupCommit(transaction, 0);
    await Promise.all(Array.from({ length: 600 }, () => group.add(1, () => {})));
    expect(log.filter((step) => step === 'commit')).toHaveLength(3);
    log.length = 0;
    await Promise.all([1e9, 3e6, 3e6, 3e6].map((bytes) => group.add(bytes, () => void log.push('job'))));
    expect(log.join(' ')).toBe('begin job commit begin job job commit begin job commit');
  });

  it('gives each job its own result or refusal', async () => {
    const { log, transaction } = recorder();
    const group = new GroupCommit(transaction, 0);
    const refusal = new WebhookError('input_malformed', 'No.');
    const settled = await Promise.allSettled([
      group.add(1, () => 1),
      group.add(1, () => {
        throw refusal;
      }),
      group.add(1, () => 3),
    ]);
    expect(settled).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: refusal },
      { status: 'fulfilled', value: 3 },
    ]);
    expect(log).toEqual(['begin', 'commit']);
  });

  it('fails the whole batch where the transaction fails, and tries the next afresh', async () => {
    const errors = [new Error('full')];
    const { log, transaction } = recorder({ commit: () => errors.shift() ?? null });
    const group = new GroupCommit(transaction, 0);
    const settled = await Promise.allSettled([group.add(1, () => 1), group.add(1, () => 2)]);
    expect(settled).toMatchObject(
      [1, 2].map(() => ({ status: 'rejected', reason: { code: 'store_unwritable', message: 'Error: full' } })),
    );
    const broken = group.add(1, () => {
      throw new Error('disk');
    });
    await expect(broken).rejects.toMatchObject({ code: 'store_unwritable' });
    await expect(group.add(1, () => 3)).resolves.toBe(3);
    expect(log).toEqual(['begin', 'commit', 'rollback', 'begin', 'rollback', 'begin', 'commit']);
  });

  it('tries again while the database is locked', async () => {
    let left = 3;
    const { log, transaction } = recorder({ begin: () => (left-- > 0 ? new Error('busy') : null) });
    await expect(new GroupCommit(transaction, 60_000).add(1, () => 'kept')).resolves.toBe('kept');
    expect(log).toEqual(['begin', 'begin', 'begin', 'begin', 'commit']);
  });

  it('drains what is waiting', async () => {
    const { log, transaction } = recorder();
    const group = new GroupCommit(transaction, 0);
    await group.drain();
    for (let job = 0; job < 300; job++) void group.add(1, () => void log.push('job'));
    await group.drain();
    expect(log.filter((step) => step === 'job')).toHaveLength(300);
    expect(log.at(-1)).toBe('commit');
  });
});
