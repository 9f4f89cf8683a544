import { LONGEST_TIMER_MS, timerMs } from '../../../core/units.js';

/** When a command that receives ends: at a signal, after a time or a number of deliveries, or with the command it runs. */
export interface Ending {
  readonly reached: Promise<void>;
  end(): void;
  /** Ends after so many milliseconds. */
  after(ms: number): void;
  /** Resolves after so many milliseconds, or at once when the end is reached. */
  sleep(ms: number): Promise<void>;
}

export function createEnding(signal: AbortSignal): Ending {
  let end = (): void => {};
  const reached = new Promise<void>((resolve) => {
    end = resolve;
  });
  if (signal.aborted) end();
  signal.addEventListener('abort', () => end());
  return {
    reached,
    end,
    after(ms) {
      if (ms > LONGEST_TIMER_MS) return;
      const timer = setTimeout(end, ms);
      void reached.then(() => clearTimeout(timer));
    },
    sleep(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, timerMs(ms));
        void reached.then(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
