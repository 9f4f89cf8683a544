import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEnding, type Ending } from '../../../../src/commands/shared/receive/ending.js';

const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An end, and whether it has come. */
function watched(ending: Ending): { readonly ending: Ending; readonly come: boolean } {
  let come = false;
  void ending.reached.then(() => {
    come = true;
  });
  return {
    ending,
    get come() {
      return come;
    },
  };
}

const open = (): ReturnType<typeof watched> => watched(createEnding(new AbortController().signal));

it('comes with the signal, or has come where it was aborted before', async () => {
  const abort = new AbortController();
  const one = watched(createEnding(abort.signal));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(one.come).toBe(false);
  abort.abort();
  await one.ending.reached;
  await createEnding(abort.signal).reached;
});

it('comes after a time', async () => {
  const one = open();
  one.ending.after(1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(one.come).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(one.come).toBe(true);
});

it.each([1_000, 30 * DAY_MS])('leaves no timer behind that keeps the program: %d ms', async (ms) => {
  const { ending } = open();
  ending.after(ms);
  const slept = ending.sleep(ms);
  ending.end();
  await slept;
  expect(vi.getTimerCount()).toBe(0);
});

it('does not come before a time that is longer than a timer can be set for', async () => {
  const one = open();
  one.ending.after(30 * DAY_MS);
  await vi.advanceTimersByTimeAsync(29 * DAY_MS);
  expect(one.come).toBe(false);
});

it('ends a wait, which else takes as long as it says', async () => {
  const { ending } = open();
  let slept = false;
  void ending.sleep(500).then(() => {
    slept = true;
  });
  await vi.advanceTimersByTimeAsync(499);
  expect(slept).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(slept).toBe(true);
});
