/** A clock that stands still until a test lets it run: nothing waits for time to pass. */
export interface TestClock {
  /** Milliseconds since the beginning. */
  elapsed(): number;
  /** As a program's own: resolves after so many milliseconds, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets so many milliseconds pass; whoever wakes up in them goes on before the next one does. */
  pass(ms: number): Promise<void>;
}

export function testClock(): TestClock {
  let now = 0;
  let sleepers: Array<{ at: number; wake: () => void }> = [];
  /** Whatever is about to happen at this moment has happened after some turns. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    elapsed: () => now,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const giveUp = (): void => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          resolve();
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        };
        const sleeper = { at: now + ms, wake };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', giveUp, { once: true });
      });
    },
    async pass(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = next.at;
        sleepers = sleepers.filter((one) => one !== next);
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}
