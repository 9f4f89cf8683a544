import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLimit } from '../../src/core/limit.js';

/** A task that ends when it is told to. */
function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

it('gives what the task gives, and throws what it throws', async () => {
  const limit = createLimit(1);
  await expect(limit(async () => 5)).resolves.toBe(5);
  await expect(limit(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(limit(async () => 6)).resolves.toBe(6);
});

it('starts them in order, and never more than so many at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat({ max: 5 }), { maxLength: 20 }),
      fc.scheduler(),
      async (most, asked, scheduler) => {
        const limit = createLimit(most);
        const wanted: number[] = [];
        const started: number[] = [];
        let running = 0;
        let highest = 0;
        const done = asked.map((_, index) =>
          scheduler.schedule(Promise.resolve(), `ask ${index}`).then(() => {
            wanted.push(index);
            return limit(async () => {
              started.push(index);
              running++;
              highest = Math.max(highest, running);
              await scheduler.schedule(Promise.resolve(), `run ${index}`);
              running--;
            });
          }),
        );
        await scheduler.waitFor(Promise.all(done));
        expect(started).toEqual(wanted);
        expect(highest).toBeLessThanOrEqual(most);
      },
    ),
  );
});

it('nobody who asks just as one ends overtakes who waits', async () => {
  const limit = createLimit(1);
  const first = gate();
  const order: string[] = [];
  const one = limit(() => first.promise);
  const two = limit(async () => void order.push('waiting'));
  const late = one.then(() => limit(async () => void order.push('late')));
  const later = first.promise.then(() => limit(async () => void order.push('later')));
  first.open();
  await Promise.all([one, two, late, later]);
  expect(order[0]).toBe('waiting');
});
